import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { type Attack, type Mode, MODES } from "./attack.ts";
import { ATTACKS } from "./attacks/mod.ts";
import { CORPUS } from "./corpus.ts";
import { run } from "./run.ts";

/** Each in the first of its modes; `test/faults/outside.faults.ts` tries all, and the slow ones. */
describeOnHost("an attack from outside comes to nothing", () => {
  for (const attack of ATTACKS.filter(isQuick)) {
    const [mode] = attack.modes as [Mode];
    it(`${MODES[mode]}: ${attack.what}`, () => assertHeld(attack, mode));
  }
});

describeOnHost("a hostile input is refused, or does no harm", () => {
  for (const attack of CORPUS.filter(isQuick)) it(attack.what, () => assertHeld(attack, "dry"));
});

function isQuick({ isSlow = false }: Attack): boolean {
  return !isSlow;
}

async function assertHeld(attack: Attack, mode: Mode): Promise<void> {
  const { wrong, ended } = await run(attack, mode);
  assertEquals(wrong, [], `${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-2000)}`);
}
