/**
 * Sequences of everyday commands, run plainly, dry, live and undone. The seed is printed;
 * `DISCO_EVERYDAY_SEED` repeats a run, and with `DISCO_EVERYDAY_ROUNDS=1` one sequence of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { differencesOf, everydayScript } from "../dance/everyday.ts";

import { describeOnHost, newScene } from "../host/mod.ts";

const SEED = Number(
  Deno.env.get("DISCO_EVERYDAY_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
);
const ROUNDS = Number(Deno.env.get("DISCO_EVERYDAY_ROUNDS") ?? 200);
/** Sequences for one host. */
const SHARE = 20;

describeOnHost("everyday commands that chance has put together", () => {
  console.log(`everyday commands: DISCO_EVERYDAY_SEED=${SEED} DISCO_EVERYDAY_ROUNDS=${ROUNDS}`);
  for (let first = 0; first < ROUNDS; first += SHARE) {
    const last = Math.min(ROUNDS, first + SHARE) - 1;
    it(`do live what they do plainly, and are undone: ${first} to ${last}`, async () => {
      await using host = (await newScene()).host;
      const bad: unknown[] = [];
      for (let i = first; i <= last; i++) {
        const script = everydayScript(SEED + i);
        const wrong = await differencesOf(host, script);
        if (wrong.length === 0) continue;
        bad.push({ replay: `DISCO_EVERYDAY_SEED=${SEED + i}`, script: script.split("\n"), wrong });
      }
      assertEquals(bad, []);
    });
  }
});
