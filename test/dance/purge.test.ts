import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { pathsOf } from "./support.ts";
import type { BallFiles } from "../host/scene.ts";

/** Delivered once, and made by a script to look exactly like a file of the host's. */
const FIRST: BallFiles = {
  "files/srv/a/b/precious": "x\n",
  "scripts/1": "cp -p /etc/precious /srv/a/b/precious\n",
};

/** What the next version's script puts on the way to it, and what becomes of the orphan. */
const WAYS: readonly [script: string, status: string][] = [
  ["rm -rf /srv/a/b; ln -s /etc /srv/a/b", "changed"],
  ["rm -rf /srv/a/b; ln -s ../../etc /srv/a/b", "changed"],
  ["rm -rf /srv/a; mkdir /srv/x; ln -s /etc /srv/x/b; ln -s x /srv/a", "changed"],
  ["rm -rf /srv/a/b; ln -s /proc/1/root/etc /srv/a/b", "changed"],
  ["rm /srv/a/b/precious; ln -s /etc/precious /srv/a/b/precious", "changed"],
  ["rm /srv/a/b/precious; cp -p /etc/precious /srv/a/b/precious", "changed"],
  ["cp -a /srv/a /srv/c; rm -rf /srv/a; mv /srv/c /srv/a", "changed"],
  ["rm -rf /srv/a", "changed"],
  // The control: where nothing is in the way, it goes.
  ["true", "purged"],
  ["chown -R root /srv/a", "purged"],
];

async function sceneWithOrphan(): Promise<Scene> {
  const scene = (await newScene()).live({ "/etc/precious": "precious\n" }).ball("a", FIRST);
  await scene.dance().ok();
  return scene;
}

describeOnHost("a purge", () => {
  it("removes the orphan in the union, and nothing that a link leads to", async () => {
    await using scene = await sceneWithOrphan();
    for (const [script, status] of WAYS) {
      scene.ball("a", { purge: "/srv/a/b/precious\n", "scripts/1": script });
      const { result, stderr } = await scene.dryRun().untouched();
      assertEquals(result.orphans?.map((orphan) => orphan.status), [status], script + stderr);
      assertEquals(pathsOf(result).filter((path) => path.startsWith("/etc")), [], script);
    }
  });

  it("takes the directories with it that were made for it, once they are empty", async () => {
    await using scene = await newScene();
    scene.host.mkdir("/srv/old");
    const file = (path: string) => ({ [`files/srv/${path}`]: "x\n" });
    scene.ball("a", { ...file("a/b/c/f"), ...file("old/sub/f"), ...file("k/x/f") });
    await scene.dance().ok();
    scene.live({ "/srv/k/x/mine": "a person's\n" })
      .ball("a", { purge: "/srv/**\n", ...file("a/stays") });
    const dry = await scene.dryRun();
    const live = await scene.dance();
    assertEquals(pathsOf(dry.result), pathsOf(live.result));
    const there = ["a/stays", "a/b", "old", "old/sub", "k/x/f", "k/x/mine"];
    const found = there.filter((path) => scene.host.exists(`/srv/${path}`));
    // What was there before the ball, and what holds something of others, stays.
    assertEquals(found, ["a/stays", "old", "k/x/mine"]);
    // A ball that has left the node purges what it said, and its directories.
    await scene.balls({ b: { "files/srv/b": "b\n" } }).dance().leaves({ "/srv/a": null }).ok();
  });

  it("leaves the host's files alone in a live dance, too", async () => {
    await using scene = await sceneWithOrphan();
    scene.ball("a", { purge: "/srv/a/b/precious\n", "scripts/1": WAYS[0]![0] });
    await scene.dance().merges().leaves({ "/etc/precious": "precious\n" });
    assertEquals(scene.host.lstat("/srv/a/b")?.type, "symlink");
  });

  it("leaves what lies behind a link of somebody's", async () => {
    await using scene = await sceneWithOrphan();
    await scene.sh("mv /srv/a /srv/moved; ln -s moved /srv/a");
    const { result } = await scene.ball("a", { purge: "/srv/a/b/precious\n" }).dance()
      .leaves({ "/srv/moved/b/precious": "precious\n" });
    assertEquals(result.orphans?.map(({ status }) => status), ["changed"]);
  });

  it("is not asked for where a script of the dance deletes the orphan", async () => {
    for (const [script, status] of [["rm /srv/a/b/precious", []], ["true", ["kept"]]] as const) {
      await using scene = await sceneWithOrphan();
      const { result, stderr } = await scene.ball("a", script).dance().ok();
      assertEquals(result.orphans?.map((one) => one.status), [...status], stderr);
      assertEquals(stderr.includes("warning: orphan: "), status.length > 0);
    }
  });

  it("takes many paths at once, those of a ball that is not danced any more as well", async () => {
    await using scene = await newScene();
    scene.host.mkdir("/srv/many");
    const files = Array.from({ length: 400 }, (_, i) => [`files/srv/many/${i}`, ""]);
    scene.balls({ a: { ...Object.fromEntries(files), purge: "/srv/many/*\n" }, b: {} });
    await scene.dance().ok();
    const { result } = await scene.balls({ b: { "files/etc/b": "b\n" } }).dance().ok();
    const gone = result.changes.filter(({ kind }) => kind === "deleted");
    assertEquals(gone.length, 400);
    assertEquals([...new Set(gone.flatMap(({ balls }) => balls))], ["a"]);
    assertEquals(await scene.sh("ls /srv/many | wc -l"), "0\n");
    const { result: next } = await scene.dance().changes();
    assertEquals(next.orphans ?? [], []);
  });
});
