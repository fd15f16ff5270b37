/**
 * List the dances of this node, or show one again.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { type Context, makeContext } from "../lib/context/mod.ts";
import { listOwed, listUnconfirmed } from "../lib/dance/mod.ts";
import { damagedGenerations, listGenerations } from "../lib/merge/mod.ts";
import { type HistoryGeneration, loadResult, readHistory } from "../lib/state/mod.ts";
import { historyLines } from "../lib/report/mod.ts";
import { paged, print, printJson, warning } from "../lib/terminal/mod.ts";
import { printOutcome, shownOf } from "./show_result.ts";

/** Print the history, or one dance of it. */
export async function main(options: Options): Promise<number> {
  const shown = shownOf(options);
  const [word, dance, ...more] = options.words;
  const context = await makeContext(options);
  const { roots, json } = context;
  if (word === undefined) {
    const history = readHistory(roots, await kept(context));
    if (json) printJson(history);
    else print(historyLines(history).join("\n"));
    return 0;
  }
  if (word !== "show" || dance === undefined || more.length > 0) {
    throw usageError(`Cannot understand "${options.words.join(" ")}": expected "show DANCE"`);
  }
  const result = loadResult(roots, dance);
  if (json) printJson(result);
  else await paged(() => printOutcome(result, false, { ...shown, output: true }));
  return 0;
}

async function kept(context: Context): Promise<HistoryGeneration[]> {
  const owed = Map.groupBy(await listOwed(context), ({ dance }) => dance);
  const waiting = new Map(
    (await listUnconfirmed(context)).map((one) => [one.generation.head.id, one.deadline]),
  );
  const damaged = await damagedGenerations(context);
  for (const { message, hint } of damaged.values()) {
    warning(`${message}: it is left out`, ...hint === undefined ? [] : [`  what to do: ${hint}`]);
  }
  const generations = (await listGenerations(context, { readable: true }))
    .filter(({ head }) => !damaged.has(head.id));
  return generations.map(({ head, undoneBy }) => {
    const { id, date, node, undoes } = head;
    const deadline = waiting.get(id);
    return {
      ...{ id, date, node, undoes, undoneBy },
      ...owed.has(id) ? { owed: owed.get(id)!.length } : {},
      ...deadline === undefined ? {} : { unconfirmedUntil: new Date(deadline).toISOString() },
    };
  });
}

if (import.meta.main) Deno.exit(await runAlone("history", main));
