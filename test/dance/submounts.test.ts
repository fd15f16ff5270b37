import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { markedPaths } from "../host/dances.ts";
import { differing, pathsOf } from "./support.ts";
import { assertNothingLeft, stateOf } from "../host/unchanged.ts";

/** What a mount point, or a file in it, may be called. */
const ODD_NAMES = [
  "with space",
  "co:lon",
  "com,ma",
  "back\\slash",
  'quo"te',
  "a=b",
  "tab\there",
  "ü",
  "#x",
  "\\040",
];

/** Bash: change, add, delete, rename and replace things in a folder. */
const ALL_SORTS = (folder: string) =>
  `cd '${folder}'
echo more >>changed; rm gone; mv old new; echo made >made; mkdir dir; echo x >dir/x; chmod 0600 mode
`;

/** Bash: what that begins with. */
const BEGINNING = (folder: string) =>
  `mkdir -p '${folder}/old/sub'; cd '${folder}'; for f in changed gone mode old/sub/f; do echo $f >$f; done\n`;

const CHANGED = [
  "changed",
  "dir",
  "dir/x",
  "gone",
  "made",
  "mode",
  "new",
  "new/sub",
  "new/sub/f",
  "old",
];

describeOnHost("a file system below the root", () => {
  for (const kind of ["ext4", "tmpfs", "bind"] as const) {
    it(`gets its changes on itself: ${kind}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      if (kind === "ext4") await host.mountImage("/srv", "ext4");
      else await scene.sh(`mount ${kind === "tmpfs" ? "-t tmpfs none" : "--bind /opt"} /srv`);
      await scene.sh(BEGINNING("/srv/d"));
      const before = stateOf(host);
      const script = `${ALL_SORTS("/srv/d")}echo root >/etc/root`;
      const dry = await scene.ball("a", script).dryRun().untouched().ok();
      const live = await scene.dance().changes(...markedPaths(dry.result.changes)).ok()
        .leaves({ "/srv/d/changed": "changed\nmore\n", "/srv/d/new/sub/f": "old/sub/f\n" });
      const expected = ["/etc/root", ...CHANGED.map((name) => `/srv/d/${name}`)];
      assertEquals(
        pathsOf(live.result).filter((path) => path !== "/srv/d/old/sub").sort(),
        expected,
      );
      // On an overlay without xino a file's device is not that of its directory.
      await host.run(["touch", "/srv/beside"]);
      assertEquals(host.lstat("/srv/d/made")!.dev, host.lstat("/srv/beside")!.dev);
      await host.run(["rm", "/srv/beside"]);
      // Nothing of it went below the mount.
      const below =
        "mkdir /run/below && mount --bind / /run/below && ls -A /run/below/srv && umount /run/below && rmdir /run/below";
      assertEquals(await host.run(["sh", "-ec", below]), "");
      await assertNothingLeft(host, before);

      await scene.rollback().ok();
      // What is kept of a generation lies on the file system that it changed.
      const kept = ["/srv/.disco", "/opt/.disco"];
      const left = differing(before.tree, host.tree(["/var/disco", ...kept]));
      assertEquals(left, []);
      assertEquals([host.exists("/srv/d/old/sub/f"), host.exists("/srv/d/made")], [true, false]);
    });
  }

  it("is merged together with the others, or not at all", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/srv", "ext4");
    await host.mountImage("/opt", "ext4", { options: "rw,nosuid" });
    const script =
      "for d in /etc /srv /opt; do echo x >$d/x; done; findmnt -no OPTIONS /opt >/srv/options";
    await scene.ball("a", `${script}; exit 1`).dance().fails().untouched();
    await scene.ball("a", script).dance().ok()
      .leaves({ "/etc/x": "x\n", "/srv/x": "x\n", "/opt/x": "x\n" }).leavesNothing();
    assertStringIncludes(host.read("/srv/options"), "nosuid");
  });

  it("that is read-only stays so, and a ball that writes there fails as anybody would", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/srv", "ext4");
    await scene.sh("echo old >/srv/file && mount -o remount,ro /srv");
    await scene.sh("mount -t tmpfs none /opt && mount -o remount,bind,ro /opt");
    // The control: so it is outside.
    await scene.program("touch", "/srv/file").warns("Read-only file system");
    for (const path of ["/srv/file", "/opt/file"]) {
      await scene.ball("a", `echo a >/etc/a; echo new >${path} || exit 9`).dance()
        .fails("exit code 9").untouched();
      await scene.ball("a", { [`files${path}`]: "new\n" }).dance()
        .fails(`Cannot deliver "${path}" of ball "a"`, "Read-only file system")
        .untouched();
    }
    await scene.ball("a", "cat /srv/file >/etc/a").dance().ok().leaves({ "/etc/a": "old\n" });
  });

  it("that is one file is refused and reported", async () => {
    await using scene = await newScene();
    await scene.sh("echo one >/run/one; touch /etc/one; mount --bind /run/one /etc/one");
    const { result } = await scene.ball("a", "cat /etc/one >/etc/two; ! echo two >/etc/one")
      .dance().leavesNothing().ok().leaves({ "/etc/two": "one\n" });
    assertStringIncludes(JSON.stringify(result.notSimulated), "writes to /etc/one are refused");
  });

  it("may have any name", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const name of ODD_NAMES) {
      host.mkdir(`/srv/${name}`);
      await host.run(["mount", "-t", "tmpfs", "none", `/srv/${name}`]);
      scene.live({ [`/srv/${name}/changed`]: "old\n" });
    }
    const script = 'for d in /srv/*; do echo new >>"$d/changed"; echo a >"$d/a"; done';
    await scene.ball("a", script).dryRun().untouched().ok();
    const live = await scene.dance().leavesNothing().ok();
    assertEquals(live.result.changes.length, 2 * ODD_NAMES.length);
    for (const name of ODD_NAMES) {
      assertEquals(host.read(`/srv/${name}/changed`), "old\nnew\n", name);
      assertEquals(await below(host, `/srv/${name}`), ["a", "changed"], name);
    }
    await scene.ball("a", "cat /srv/*/a >/dev/null").dance().changes().ok();
  });

  it("may lie on another one, and be mounted over", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const path of ["/srv", "/srv/a", "/srv/a/b", "/srv/a"]) {
      host.mkdir(path);
      await host.run(["mount", "-t", "tmpfs", "none", path]);
    }
    const before = stateOf(host);
    await scene.ball("a", "echo 1 >/srv/1; echo 2 >/srv/a/2").dance().leavesNothing().ok()
      .leaves({ "/srv/1": "1\n", "/srv/a/2": "2\n" });
    await host.run(["umount", "/srv/a"]);
    assertEquals(await below(host, "/srv/a"), ["b"]);
    assertEquals(compareTrees(before.tree, host.tree()), []);
  });
});

/** The names in a folder but that of DISCO's staging area. */
async function below(host: ThrowawayHost, folder: string): Promise<string[]> {
  const listing = await host.run(["ls", folder]);
  return listing.trimEnd().split("\n");
}
