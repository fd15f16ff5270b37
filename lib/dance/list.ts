/**
 * What follows from the changes, before anything is merged: the part of them that is wanted, and the
 * effects that they call for.
 *
 * @module
 */
import { sayWouldExecute } from "./asked.ts";
import { choose } from "./choose.ts";
import { allEffects, kept } from "./effects.ts";
import { notePutOff } from "./not_simulated.ts";
import { tellOrphans, withoutDeleted } from "./orphans.ts";
import { wantedEffects } from "./reactions.ts";
import { type Compared, Listed } from "./values.ts";
import { refuseUnfit } from "./waiting.ts";

/** What effects there are, each once, and what becomes of them in a dry run; throws for unfit ones. */
export async function list(compared: Compared): Promise<Listed> {
  const dance = await choose(compared);
  const { changes } = dance.difference;
  const { effects, late } = wantedEffects(dance, changes);
  refuseUnfit(dance, effects, changes);
  const wanted = effects.map(({ needs: _, ...effect }) => effect);
  const orphans = withoutDeleted(dance);
  tellOrphans(dance, orphans);
  if (dance.context.noop) late.forEach(sayWouldExecute);
  const status = dance.context.noop ? "would-run" : "skipped";
  const results = allEffects(dance, wanted).map((effect) => ({ ...kept(effect), status } as const));
  notePutOff(dance, results);
  return new Listed(dance.with({ orphans }), { wanted, results });
}
