import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { pathsOf } from "./support.ts";
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
    const rename = 'rename("/etc/apt", "/etc/apt2") or die "$!\\n"';
    const { code, stderr } = await scene.program("perl", "-e", rename);
    assertEquals([code === 0, stderr], [false, "Invalid cross-device link\n"]);
  });

  for (const [what, script] of SCRIPTS) {
    it(`is changed as predicted, and back, by a ball that ${what}`, async () => {
      await using scene = await newScene({ root: "overlay" });
      const { host } = scene;
      const before = look(host);
      scene.ball("a", `set -e\n${script}\n`);
      const dry = await scene.dryRun("--allow-deletions", "1000").ok();
      assertEquals(differing(before, look(host)), []);
      const live = await scene.danceInWords("--allow-deletions", "1000").omits("dancing again")
        .ok();
      assertEquals(live.stderr, "");
      const shown = await scene.disco("report", "--json");
      assertEquals(pathsOf(JSON.parse(shown.stdout)), pathsOf(dry.result));
      await scene.rollback().ok();
      assertEquals(differing(before, look(host)), []);
    });
  }

  it("may have a local store that came with the image", async () => {
    await using scene = await newScene({ root: "overlay" });
    const { host } = scene;
    await scene.ball("a", { "files/etc/x": "one\n" }).ball("old", { "files/etc/old": "old\n" })
      .dance().ok();
    // The state as an image would have it: the lower layer of another overlay.
    const layers = "lowerdir=/run/image,upperdir=/run/upper,workdir=/run/work";
    await scene.sh(`cp -a /var/disco /run/image; mkdir /run/upper /run/work; rm -rf /var/disco/*
      mount -t overlay -o redirect_dir=off,index=off,metacopy=off,${layers} state /var/disco`);
    await scene.balls({ a: { "files/etc/x": "two\n" } }).dance().ok()
      .leaves({ "/etc/x": "two\n" });
    assertEquals(await names(host, "/var/disco/localstore"), ["a"]);
  });
});
