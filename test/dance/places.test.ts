import { assert, assertEquals, assertMatch } from "@std/assert";
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

/** File systems at two levels, as an administrator may have them. */
const MOUNTS = `
  mkdir -p /mnt/data /srv/deep
  mount -t tmpfs data /mnt/data; mkdir -p /mnt/data/a/inner; echo live >/mnt/data/f
  mount -t tmpfs inner /mnt/data/a/inner; echo live >/mnt/data/a/inner/f
  echo secret >/etc/precious`;

async function hostWithMounts(): Promise<ThrowawayHost> {
  const host = await freshHost();
  await host.run(["bash", "-ec", MOUNTS]);
  return host;
}

/** Programs that DISCO itself starts, as a ball would lay them where DISCO looks for them. */
const PROGRAMS = `for name in sh prlimit bwrap unshare; do
  printf '#!/bin/bash\\ntouch /etc/owned\\n' >/mnt/data/$name; chmod 755 /mnt/data/$name; done; `;

/** What a script does to the way to a mount, and which place it names. */
const MOVES: readonly [script: string, place: string][] = [
  ["mv /mnt /mnt2", "/mnt/data"],
  [`${PROGRAMS} mv /mnt /mnt2; mkdir /mnt; ln -s /usr/bin /mnt/data`, "/mnt/data"],
  ["mv /mnt /mnt2; mkdir /mnt; ln -s ../usr/bin /mnt/data", "/mnt/data"],
  ["mv /mnt /mnt2; ln -s /mnt2 /mnt", "/mnt/data"],
  ["mv /mnt /mnt2; mkdir /mnt; ln -s /proc /mnt/data", "/mnt/data"],
  ["mv /mnt /mnt2; mkdir /mnt; ln -s /run /mnt/data", "/mnt/data"],
  ["mv /mnt /mnt2; mkdir -p /mnt/data", "/mnt/data"],
  ["mv /mnt /mnt2; mkdir /mnt; touch /mnt/data", "/mnt/data"],
  ["mv /mnt /mnt2; mkdir /mnt; mv /mnt2/data/f /srv/f; mkfifo /mnt/data", "/mnt/data"],
  ["mv /mnt/data/a /mnt/data/b", "/mnt/data/a/inner"],
  [
    "mv /mnt/data/a /mnt/data/b; mkdir /mnt/data/a; ln -s /etc /mnt/data/a/inner",
    "/mnt/data/a/inner",
  ],
];

const GOOD: BallFiles = { "files/etc/good": "good\n", "scripts/1": "cat /mnt/data/f >/etc/seen\n" };

describeOnHost("a ball that takes the way to a mount away", () => {
  it("fails by name, and takes no other with it", async () => {
    await using host = await hostWithMounts();
    const before = stateOf(host);
    for (const [script, place] of MOVES) {
      await give(host, {
        a: { "files/etc/bad": "", "scripts/1": script, "scripts/2": "touch /etc/second\n" },
        b: GOOD,
      });
      const { code, result, stderr } = await dance(host, "--noop", "--keep-going", ...FROM_GIVEN);
      const [a, b] = result.balls;
      assertEquals([code, a?.status, b?.status, b?.error], [1, "failed", "ok", null], script);
      const why = `Cannot apply ball "a": it moved, removed or replaced "${place}"`;
      assert(a!.error!.startsWith(why), `${script}: ${a!.error}`);
      assertEquals(pathsOf(result), ["/etc/good", "/etc/seen"], script);
      assert(!/\bat .*\.ts:|stack/i.test(stderr), stderr);
    }
    await assertUnchanged(host, before);
  });

  it("fails the dance without --keep-going, a live one too", async () => {
    await using host = await hostWithMounts();
    await give(host, { a: { "scripts/1": MOVES[1]![0] }, b: GOOD });
    const before = stateOf(host);
    const { code, result } = await dance(host, ...FROM_GIVEN);
    assertEquals([code, result.merged, pathsOf(result)], [1, false, []]);
    await assertUnchanged(host, before);
  });

  it("fails stage by stage", async () => {
    await using host = await hostWithMounts();
    await give(host, { a: { "scripts/1": MOVES[1]![0] }, b: GOOD });
    const before = stateOf(host);
    for (const words of ["fetch", "plan", "fs-mount", "fs-chroot", "exec-render a"]) {
      const run = await host.disco(...words.split(" "), "--noop", ...FROM_GIVEN);
      assertEquals(run.code, 0, run.stderr);
    }
    const failed = await host.disco("exec-run", "a", ...FROM_GIVEN);
    assertEquals(failed.code, 1);
    assertMatch(
      failed.stderr,
      /Cannot apply ball "a": it moved, removed or replaced "\/mnt\/data"/,
    );
    for (const words of ["exec-render b", "exec-run b"]) {
      const run = await host.disco(...words.split(" "), ...FROM_GIVEN);
      assertEquals(run.code, 0, run.stderr);
    }
    const { stdout } = await host.disco("fs-diff", "--json", ...FROM_GIVEN);
    assertEquals(pathsOf(JSON.parse(stdout)), ["/etc/good", "/etc/seen"]);
    assertEquals((await host.disco("fs-unmount")).code, 0);
    await assertUnchanged(host, before);
  });

  it("is free to do so and to undo it, and to change what is mounted", async () => {
    await using host = await hostWithMounts();
    await give(host, {
      a: {
        "scripts/1": "mv /mnt /mnt2; mv /mnt2 /mnt; echo new >/mnt/data/f; chmod 750 /mnt/data",
      },
      b: { "scripts/1": "cat /mnt/data/f >/mnt/data/a/inner/g\n" },
    });
    const { result, code, stderr } = await dance(host, "--noop", ...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    assertEquals(pathsOf(result), ["/mnt/data", "/mnt/data/a/inner/g", "/mnt/data/f"]);
  });
});
