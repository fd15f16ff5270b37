import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import {
  assertUnchanged,
  type BallFiles,
  dance,
  freshHost,
  FROM_GIVEN,
  give,
  pathsOf,
  stateOf,
} from "./support.ts";

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

async function hostWithOrphan(): Promise<ThrowawayHost> {
  const host = await freshHost();
  host.write("/etc/precious", "precious\n");
  await give(host, { a: FIRST });
  const { code, stderr } = await dance(host, ...FROM_GIVEN);
  assertEquals(code, 0, stderr);
  return host;
}

describeOnHost("a purge", () => {
  it("removes the orphan in the union, and nothing that a link leads to", async () => {
    await using host = await hostWithOrphan();
    const before = stateOf(host);
    for (const [script, status] of WAYS) {
      await give(host, { a: { purge: "/srv/a/b/precious\n", "scripts/1": script } });
      const { result, stderr } = await dance(host, "--noop", ...FROM_GIVEN);
      assertEquals(result.orphans?.map((orphan) => orphan.status), [status], script + stderr);
      assertEquals(pathsOf(result).filter((path) => path.startsWith("/etc")), [], script);
    }
    await assertUnchanged(host, before);
  });

  it("takes the directories with it that were made for it, once they are empty", async () => {
    await using host = await freshHost();
    host.mkdir("/srv/old");
    const file = (path: string) => ({ [`files/srv/${path}`]: "x\n" });
    await give(host, { a: { ...file("a/b/c/f"), ...file("old/sub/f"), ...file("k/x/f") } });
    assertEquals((await dance(host, ...FROM_GIVEN)).code, 0);
    host.write("/srv/k/x/mine", "a person's\n");
    await give(host, { a: { purge: "/srv/**\n", ...file("a/stays") } });
    const dry = await dance(host, "--noop", ...FROM_GIVEN);
    const live = await dance(host, ...FROM_GIVEN);
    assertEquals(pathsOf(dry.result), pathsOf(live.result));
    const there = ["a/stays", "a/b", "old", "old/sub", "k/x/f", "k/x/mine"];
    const found = there.filter((path) => host.exists(`/srv/${path}`));
    // What was there before the ball, and what holds something of others, stays.
    assertEquals(found, ["a/stays", "old", "k/x/mine"]);
    // A ball that has left the node purges what it said, and its directories.
    await give(host, { b: { "files/srv/b": "b\n" } });
    assertEquals((await dance(host, ...FROM_GIVEN)).code, 0);
    assertEquals(host.exists("/srv/a"), false);
  });

  it("leaves the host's files alone in a live dance, too", async () => {
    await using host = await hostWithOrphan();
    await give(host, { a: { purge: "/srv/a/b/precious\n", "scripts/1": WAYS[0]![0] } });
    const { result } = await dance(host, ...FROM_GIVEN);
    assertEquals([result.merged, host.read("/etc/precious")], [true, "precious\n"]);
    assertEquals(host.lstat("/srv/a/b")?.type, "symlink");
  });

  it("leaves what lies behind a link of somebody's", async () => {
    await using host = await hostWithOrphan();
    await host.run(["sh", "-c", "mv /srv/a /srv/moved; ln -s moved /srv/a"]);
    await give(host, { a: { purge: "/srv/a/b/precious\n" } });
    const { result } = await dance(host, ...FROM_GIVEN);
    assertEquals(result.orphans?.map(({ status }) => status), ["changed"]);
    assertEquals(host.read("/srv/moved/b/precious"), "precious\n");
  });

  it("is not asked for where a script of the dance deletes the orphan", async () => {
    for (const [script, status] of [["rm /srv/a/b/precious", []], ["true", ["kept"]]] as const) {
      await using host = await hostWithOrphan();
      await give(host, { a: { "scripts/1": script } });
      const { code, result, stderr } = await dance(host, ...FROM_GIVEN);
      assertEquals([code, result.orphans?.map((one) => one.status)], [0, [...status]], stderr);
      assertEquals(stderr.includes("warning: orphan: "), status.length > 0);
    }
  });

  it("takes many paths at once, those of a ball that is not danced any more as well", async () => {
    await using host = await freshHost();
    host.mkdir("/srv/many");
    const files = Array.from({ length: 400 }, (_, i) => [`files/srv/many/${i}`, ""]);
    await give(host, { a: { ...Object.fromEntries(files), purge: "/srv/many/*\n" }, b: {} });
    await dance(host, ...FROM_GIVEN);
    await give(host, { b: { "files/etc/b": "b\n" } });
    const { code, result, stderr } = await dance(host, ...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    const gone = result.changes.filter(({ kind }) => kind === "deleted");
    assertEquals(gone.length, 400);
    assertEquals([...new Set(gone.flatMap(({ balls }) => balls))], ["a"]);
    assertEquals(await host.run(["sh", "-c", "ls /srv/many | wc -l"]), "0\n");
    const { result: next } = await dance(host, ...FROM_GIVEN);
    assertEquals([next.changes, next.orphans ?? []], [[], []]);
  });
});
