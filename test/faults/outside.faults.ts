/**
 * Attacks from outside in every mode, and with the mistakes that let them succeed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { type Mode, MODES } from "../outside/attack.ts";
import { ATTACKS } from "../outside/attacks/mod.ts";
import { CORPUS } from "../outside/corpus.ts";
import { CONTROLS } from "../outside/controls.ts";
import { copyWith } from "../outside/mutant.ts";
import { run } from "../outside/run.ts";

describeOnHost("an attack from outside comes to nothing", () => {
  for (const attack of [...ATTACKS, ...CORPUS]) {
    for (const mode of attack.modes) {
      it(`${MODES[mode]}: ${attack.what}`, async () => {
        assertEquals((await run(attack, mode)).wrong, []);
      });
    }
  }
});

describeOnHost("control: with the old mistake it succeeds", () => {
  for (const attack of ATTACKS) {
    if (attack.control === undefined) continue;
    const mistakes = CONTROLS[attack.control]!;
    const mode: Mode = attack.controlIn ??
      (attack.modes.includes("live") ? "live" : attack.modes[0]!);
    it(`${attack.control}: ${attack.what}`, async () => {
      const { wrong } = await run(attack, mode, (host) => copyWith(host, mistakes));
      assert(wrong.length > 0, "it came to nothing all the same");
    });
  }
});
