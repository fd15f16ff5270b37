import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { pathsOf } from "./support.ts";
import { FROM_GIVEN } from "../host/scene.ts";
import { names } from "../host/unchanged.ts";

/** What a script does to what came with the image. */
const SCRIPTS: readonly [what: string, script: string][] = [
  ["deletes a directory of the image", "rm -r /etc/alternatives"],
  ["renames a directory of the image", "mv /etc/alternatives /etc/other"],
  ["deletes a directory that it has changed", "echo x >/etc/apt/x; rm -r /etc/apt"],
  ["replaces a directory by a file", "rm -r /etc/apt; echo x >/etc/apt"],
  ["replaces a directory by a link", "mv /etc/apt /srv/apt; ln -s /srv/apt /etc/apt"],
  ["replaces a directory by another", "rm -r /etc/apt; mkdir /etc/apt; echo x >/etc/apt/x"],
  [
    "edits, moves and links files",
    "echo x >>/etc/hosts; chmod 600 /etc/fstab; chown 5 /etc/issue; mv /etc/issue.net /etc/x; " +
    "ln /etc/debian_version /etc/y; rm /etc/motd; sed -i s/a/b/ /etc/profile",
  ],
  [
    "changes the mode of files that have several names",
    "chmod 711 $(find /usr/bin -type f -links +1 | sort | head -6)",
  ],
  [
    "adds an account, and renames something in /etc",
    "useradd --create-home someone; mv /etc/profile /etc/profile.old",
  ],
];

/** The host's files, without times of directories, which a copy-up does not keep. */
function look(host: ThrowawayHost) {
  return host.tree(["/var/disco", "/run"]);
}

function differing(one: ReturnType<typeof look>, other: ReturnType<typeof look>): string[] {
  return compareTrees(one, other).filter((line) => !/: (mtime|nlink|ino) /.test(line));
}

describeOnHost("a root that is an overlay, as a container's", () => {
  it("has directories of the image that cannot be renamed", async () => {
    await using scene = await newScene({ root: "overlay" });
    const { host } = scene;
    const { code, stderr } = await host.exec([
      "perl",
      "-e",
      'rename("/etc/apt", "/etc/apt2") or die "$!\\n"',
    ]);
    assertEquals([code === 0, stderr], [false, "Invalid cross-device link\n"]);
  });

  for (const [what, script] of SCRIPTS) {
    it(`is changed as predicted, and back, by a ball that ${what}`, async () => {
      await using scene = await newScene({ root: "overlay" });
      const { host } = scene;
      const before = look(host);
      scene.balls({ a: { "scripts/1": `set -e\n${script}\n` } });
      const allowed = [...FROM_GIVEN, "--allow-deletions", "1000"];
      const dry = await scene.danceFrom("--noop", ...allowed);
      assertEquals([dry.code, differing(before, look(host))], [0, []], dry.stderr);
      const live = await scene.disco("dance", ...allowed);
      assertEquals([live.code, live.stderr], [0, ""], live.stdout);
      assert(!live.stdout.includes("dancing again"), live.stdout);
      const shown = await scene.disco("report", "--json");
      assertEquals(pathsOf(JSON.parse(shown.stdout)), pathsOf(dry.result));
      const undo = await scene.rollback();
      assertEquals([undo.code, differing(before, look(host))], [0, []], undo.stderr);
    });
  }

  it("may have a local store that came with the image", async () => {
    await using scene = await newScene({ root: "overlay" });
    const { host } = scene;
    scene.balls({ a: { "files/etc/x": "one\n" }, old: { "files/etc/old": "old\n" } });
    await scene.dance().ok();
    // The state as an image would have it: the lower layer of another overlay.
    await host.run([
      "sh",
      "-ec",
      `cp -a /var/disco /run/image; mkdir /run/upper /run/work
      rm -rf /var/disco/*; mount -t overlay -o redirect_dir=off,index=off,metacopy=off,${"lowerdir=/run/image,upperdir=/run/upper,workdir=/run/work"} state /var/disco`,
    ]);
    scene.balls({ a: { "files/etc/x": "two\n" } });
    const { code, stderr } = await scene.dance();
    assertEquals([code, host.read("/etc/x")], [0, "two\n"], stderr);
    assertEquals(await names(host, "/var/disco/localstore"), ["a"]);
  });
});
