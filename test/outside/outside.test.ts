import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { type Attack, type Mode, MODES } from "./attack.ts";
import { ATTACKS } from "./attacks/mod.ts";
import { run } from "./run.ts";

/**
 * The first attack for each control, in the first of its modes: each takes some seconds.
 * `test/faults/outside.faults.ts` tries all attacks in all modes, and the whole corpus.
 */
const CHOSEN = [...Map.groupBy(ATTACKS.filter(isChosen), ({ control }) => control).values()]
  .map(([first]) => first!);

describeOnHost("an attack from outside comes to nothing", () => {
  for (const attack of CHOSEN) {
    const [mode] = attack.modes as [Mode];
    it(`${MODES[mode]}: ${attack.what}`, () => assertHeld(attack, mode));
  }
});

function isChosen({ control, isSlow = false }: Attack): boolean {
  return control !== undefined && !isSlow;
}

async function assertHeld(attack: Attack, mode: Mode): Promise<void> {
  const { wrong, ended } = await run(attack, mode);
  assertEquals(wrong, [], `${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-2000)}`);
}
