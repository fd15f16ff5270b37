import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { pathsOf } from "./support.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";
import { type BallFiles, FROM_GIVEN } from "../host/scene.ts";

/** File systems at two levels, as an administrator may have them. */
const MOUNTS = `
  mkdir -p /mnt/data /srv/deep
  mount -t tmpfs data /mnt/data; mkdir -p /mnt/data/a/inner; echo live >/mnt/data/f
  mount -t tmpfs inner /mnt/data/a/inner; echo live >/mnt/data/a/inner/f
  echo secret >/etc/precious`;

async function sceneWithMounts(): Promise<Scene> {
  const scene = await newScene();
  await scene.sh(MOUNTS);
  return scene;
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
    await using scene = await sceneWithMounts();
    for (const [script, place] of MOVES) {
      scene.balls({
        a: { "files/etc/bad": "", "scripts/1": script, "scripts/2": "touch /etc/second\n" },
        b: GOOD,
      });
      const { result: { balls: [a, b] }, stderr } = await scene.dryRun("--keep-going").exits(1)
        .balls({ a: "failed", b: "ok" }).changes("+ /etc/good", "+ /etc/seen").untouched();
      assertEquals(b?.error, null, script);
      const why = `Cannot apply ball "a": it moved, removed or replaced "${place}"`;
      assert(a!.error!.startsWith(why), `${script}: ${a!.error}`);
      assert(!/\bat .*\.ts:|stack/i.test(stderr), stderr);
    }
  });

  it("fails the dance without --keep-going, a live one too", async () => {
    await using scene = await sceneWithMounts();
    scene.balls({ a: MOVES[1]![0], b: GOOD });
    await scene.dance().exits(1).mergesNothing().changes().untouched();
  });

  it("fails stage by stage", async () => {
    await using scene = await sceneWithMounts();
    scene.balls({ a: MOVES[1]![0], b: GOOD });
    const before = stateOf(scene.host);
    for (const words of ["fetch", "plan", "fs-mount", "fs-chroot", "exec-render a"]) {
      await scene.disco(...words.split(" "), "--noop", ...FROM_GIVEN).ok();
    }
    await scene.disco("exec-run", "a", ...FROM_GIVEN)
      .fails('Cannot apply ball "a": it moved, removed or replaced "/mnt/data"');
    for (const words of ["exec-render b", "exec-run b"]) {
      await scene.disco(...words.split(" "), ...FROM_GIVEN).ok();
    }
    const { stdout } = await scene.disco("fs-diff", "--json", ...FROM_GIVEN);
    assertEquals(pathsOf(JSON.parse(stdout)), ["/etc/good", "/etc/seen"]);
    await scene.disco("fs-unmount").ok();
    await assertUnchanged(scene.host, before);
  });

  it("is free to do so and to undo it, and to change what is mounted", async () => {
    await using scene = await sceneWithMounts();
    scene.balls({
      a: "mv /mnt /mnt2; mv /mnt2 /mnt; echo new >/mnt/data/f; chmod 750 /mnt/data",
      b: "cat /mnt/data/f >/mnt/data/a/inner/g\n",
    });
    await scene.dryRun().ok()
      .changes("@ /mnt/data", "+ /mnt/data/a/inner/g", "~ /mnt/data/f");
  });
});
