import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { differencesOf, everydayScript } from "./everyday.ts";

/** Sequences that are always tried; `test/faults/differential.faults.ts` tries chance ones. */
const SEEDS = [1, 2, 3, 4, 5];

describeOnHost("everyday commands", () => {
  it("do live what they do plainly, and are undone", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const seed of SEEDS) {
      const script = everydayScript(seed);
      assertEquals(await differencesOf(host, script), [], script);
    }
  });

  it("are found out where they do not: a control", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // It does something else in the copy than in the tree.
    const script = '[ "$DISCO_BALL" ] || echo more >>etc/z';
    assert((await differencesOf(host, script)).length > 0);
  });
});
