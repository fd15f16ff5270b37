import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { differing, pathsOf } from "./support.ts";
import { assertNothingLeft, assertUnchanged, stateOf } from "../host/unchanged.ts";

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
      else {await host.run([
          "mount",
          ...(kind === "tmpfs" ? ["-t", "tmpfs", "none"] : ["--bind", "/opt"]),
          "/srv",
        ]);}
      await host.run(["bash", "-ec", BEGINNING("/srv/d")]);
      const before = stateOf(host);
      const script = { "scripts/10-do": `${ALL_SORTS("/srv/d")}echo root >/etc/root` };
      const dry = await scene.ball("a", script).dryRun().ok();
      await assertUnchanged(host, before);
      const live = await scene.ball("a", script).dance().ok();
      const expected = ["/etc/root", ...CHANGED.map((name) => `/srv/d/${name}`)];
      assertEquals(
        pathsOf(live.result).filter((path) => path !== "/srv/d/old/sub").sort(),
        expected,
      );
      assertEquals(pathsOf(live.result), pathsOf(dry.result));
      assertEquals(host.read("/srv/d/changed"), "changed\nmore\n");
      assertEquals(host.read("/srv/d/new/sub/f"), "old/sub/f\n");
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
    const before = stateOf(host);
    const script =
      "for d in /etc /srv /opt; do echo x >$d/x; done; findmnt -no OPTIONS /opt >/srv/options";
    await scene.ball("a", { "scripts/10-do": `${script}; exit 1` }).dance().exits(1);
    await assertUnchanged(host, before);
    await scene.ball("a", { "scripts/10-do": script }).dance().ok();
    for (const folder of ["/etc", "/srv", "/opt"]) assertEquals(host.read(`${folder}/x`), "x\n");
    assertStringIncludes(host.read("/srv/options"), "nosuid");
    await assertNothingLeft(host, before);
  });

  it("that is read-only stays so, and a ball that writes there fails as anybody would", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/srv", "ext4");
    await host.run(["sh", "-c", "echo old >/srv/file && mount -o remount,ro /srv"]);
    await host.run(["sh", "-c", "mount -t tmpfs none /opt && mount -o remount,bind,ro /opt"]);
    const before = stateOf(host);
    // The control: so it is outside.
    const outside = await host.exec(["touch", "/srv/file"]);
    assertStringIncludes(outside.stderr, "Read-only file system");
    for (const path of ["/srv/file", "/opt/file"]) {
      const script = { "scripts/10-do": `echo a >/etc/a; echo new >${path} || exit 9` };
      await scene.ball("a", script).dance().exits(1).warns("exit code 9");
      await scene.ball("a", { [`files${path}`]: "new\n" }).dance().exits(1).warns(
        `Cannot deliver "${path}" of ball "a"`,
      ).warns("Read-only file system");
    }
    await assertUnchanged(host, before);
    const reads = await scene.ball("a", { "scripts/10-do": "cat /srv/file >/etc/a" }).dance();
    assertEquals([reads.code, host.read("/etc/a")], [0, "old\n"], reads.stderr);
  });

  it("that is one file is refused and reported", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run([
      "sh",
      "-c",
      "echo one >/run/one; touch /etc/one; mount --bind /run/one /etc/one",
    ]);
    const before = stateOf(host);
    const { code, stderr, result } = await scene.ball("a", {
      "scripts/10-do": "cat /etc/one >/etc/two; ! echo two >/etc/one",
    }).dance();
    assertEquals([code, host.read("/etc/two")], [0, "one\n"], stderr);
    assertStringIncludes(JSON.stringify(result.notSimulated), "writes to /etc/one are refused");
    await assertNothingLeft(host, before);
  });

  it("may have any name", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const name of ODD_NAMES) {
      host.mkdir(`/srv/${name}`);
      await host.run(["mount", "-t", "tmpfs", "none", `/srv/${name}`]);
      host.write(`/srv/${name}/changed`, "old\n");
    }
    const before = stateOf(host);
    const script = {
      "scripts/10-do": 'for d in /srv/*; do echo new >>"$d/changed"; echo a >"$d/a"; done',
    };
    await scene.ball("a", script).dryRun().ok();
    await assertUnchanged(host, before);
    const live = await scene.dance().ok();
    assertEquals(pathsOf(live.result).length, 2 * ODD_NAMES.length);
    for (const name of ODD_NAMES) {
      assertEquals(host.read(`/srv/${name}/changed`), "old\nnew\n", name);
      assertEquals(await below(host, `/srv/${name}`), ["a", "changed"], name);
    }
    await assertNothingLeft(host, before);
    const again = await scene.ball("a", { "scripts/10-do": "cat /srv/*/a >/dev/null" }).dance();
    assertEquals([again.code, again.result.changes], [0, []]);
  });

  it("may lie on another one, and be mounted over", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const path of ["/srv", "/srv/a", "/srv/a/b", "/srv/a"]) {
      host.mkdir(path);
      await host.run(["mount", "-t", "tmpfs", "none", path]);
    }
    const before = stateOf(host);
    const { code, stderr } = await scene.ball("a", {
      "scripts/10-do": "echo 1 >/srv/1; echo 2 >/srv/a/2",
    }).dance();
    assertEquals([code, host.read("/srv/1"), host.read("/srv/a/2")], [0, "1\n", "2\n"], stderr);
    await assertNothingLeft(host, before);
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
