/**
 * Merges with a mistake: the experiments must notice each.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { ask, hostFor, ROUNDS } from "./asking.ts";
import { build } from "./build.ts";
import type { Findings } from "./experiments.ts";
import { FILE_SYSTEMS } from "./image.ts";
import { type Experiment, type Mutant, MUTANTS } from "./mutants.ts";

describeOnHost("a merge", () => {
  for (const [name, mutant] of Object.entries(MUTANTS)) {
    it(`that ${name} is noticed`, async () => {
      const js = await build(mutant);
      const caught: string[] = [];
      for (const experiment of experimentsFor(mutant)) {
        if (await isCaught(js, experiment)) caught.push(experiment);
      }
      console.log(`${name}: noticed by ${caught.join(", ") || "nothing"}`);
      assertEquals(caught, [...mutant.caughtBy]);
    });
  }
});

/** A whole series of kills is slow: one that is not expected to find anything is left out. */
function experimentsFor({ caughtBy }: Mutant): Experiment[] {
  return (["kills", "apart", "moved", "lost", "due"] as const).filter((name) =>
    (name === "lost" && !caughtBy.includes("due")) || caughtBy.includes(name)
  );
}

/** Whether an experiment notices it on any file system; kills are the same on all. */
async function isCaught(js: Uint8Array<ArrayBuffer>, experiment: Experiment): Promise<boolean> {
  for (const fs of experiment === "lost" ? FILE_SYSTEMS : ["ext4"] as const) {
    const apart = experiment === "apart" || experiment === "moved";
    await using host = await hostFor(fs, { js, apart });
    if (experiment === "moved") {
      if ((await ask(host, "moved")).bad.length > 0) return true;
      continue;
    }
    if (experiment === "due") {
      if ((await ask(host, "kills-of-due", "1", "stop")).bad.length > 0) return true;
      continue;
    }
    if (experiment === "lost") {
      if ((await ask(host, "lost", ROUNDS[fs], "stop")).bad.length > 0) return true;
      continue;
    }
    const found = await ask<Record<string, Findings>>(host, "kills", "stop");
    if (Object.values(found).some(({ bad }) => bad.length > 0)) return true;
  }
  return false;
}
