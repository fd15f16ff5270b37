/**
 * A merge under faults, on small file systems: `deno task test:faults`. It prints what was tried.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { build } from "./build.ts";
import type { Findings } from "./experiments.ts";
import { FILE_SYSTEMS, type FileSystem } from "./image.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";

/** Errors that are injected at every call on a file system. */
const ERRORS: Record<FileSystem, string[]> = {
  ext4: ["EIO", "ENOSPC"],
  xfs: ["EROFS"],
  btrfs: ["EDQUOT"],
};
/** Random losses for each request that the disk got: xfs makes fewer requests. */
const ROUNDS: Record<FileSystem, string> = { ext4: "3", xfs: "8", btrfs: "3" };

describeOnHost("a merge", () => {
  for (const fs of FILE_SYSTEMS) {
    it(`is all or nothing on ${fs} when it is killed, and after a power cut`, async () => {
      await using host = await hostFor(fs);
      const found = await ask<Record<string, Findings>>(host, "kills");
      for (const [what, findings] of Object.entries(found)) {
        check(`${fs}, ${what}`, findings, 140);
        assert(findings.verdicts.old! > 0 && findings.verdicts.new! > 0, "it met one state only");
      }
      check(`${fs}, kill of the recovery`, await ask(host, "recovery"), 15);
    });

    it(`is all or nothing on ${fs} when the disk loses writes`, async () => {
      await using host = await hostFor(fs);
      check(`${fs}, lost writes`, await ask(host, "lost", ROUNDS[fs]), 100);
    });

    it(`is all or nothing on ${fs} when calls fail, and when there is no room`, async () => {
      await using host = await hostFor(fs);
      const names = ERRORS[fs];
      check(`${fs}, ${names.join(" and ")}`, await ask(host, "errors", ...names), 140);
      check(`${fs}, full`, await ask(host, "full"), 15);
    });
  }

  for (const [name, mutant] of Object.entries(MUTANTS)) {
    it(`that ${name} is noticed`, async () => {
      const js = await build(mutant);
      const caught: string[] = [];
      for (const experiment of ["kills", "lost"] as const) {
        if (await isCaught(js, mutant, experiment)) caught.push(experiment);
      }
      console.log(`${name}: noticed by ${caught.join(", ") || "nothing"}`);
      assertEquals(caught, [...mutant.caughtBy]);
    });
  }
});

/** Whether an experiment notices a mutant on any file system; kills are the same on all. */
async function isCaught(
  js: Uint8Array<ArrayBuffer>,
  { caughtBy }: Mutant,
  experiment: "kills" | "lost",
): Promise<boolean> {
  // A whole series of kills is slow, and says nothing about what is not synced.
  if (experiment === "kills" && !caughtBy.includes("kills")) return false;
  for (const fs of experiment === "kills" ? ["ext4"] as const : FILE_SYSTEMS) {
    await using host = await hostFor(fs, js);
    const words = experiment === "kills" ? ["stop"] : [ROUNDS[fs], "stop"];
    const found = await ask<Findings | Record<string, Findings>>(host, experiment, ...words);
    const all = "points" in found ? [found as Findings] : Object.values(found);
    if (all.some(({ bad }) => bad.length > 0)) return true;
  }
  return false;
}

let sound: Promise<Uint8Array<ArrayBuffer>> | undefined;

async function hostFor(fs: FileSystem, js?: Uint8Array<ArrayBuffer>): Promise<ThrowawayHost> {
  sound ??= build();
  const host = await throwawayHost();
  host.write("/run/inside.js", js ?? await sound);
  await host.run(argv("prepare", fs));
  return host;
}

async function ask<T = Findings>(host: ThrowawayHost, ...words: string[]): Promise<T> {
  return JSON.parse(await host.run(argv(...words), { timeout: 600_000 }));
}

function argv(...words: string[]): string[] {
  return [Deno.execPath(), "run", "-A", "--no-prompt", "/run/inside.js", ...words];
}

function check(what: string, { points, verdicts, bad }: Findings, atLeast: number): void {
  const counts = Object.entries(verdicts).map(([name, n]) => `${n} ${name}`).join(", ");
  console.log(`${what}: ${points} points: ${counts}`);
  assertEquals(bad, []);
  assert(points >= atLeast, `only ${points} points were tried`);
}
