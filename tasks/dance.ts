/**
 * Run every stage in order: configure this node.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { isNoop, makeContext } from "../lib/context/mod.ts";
import type { Answer, DanceOptions, Reviewer } from "../lib/dance/mod.ts";
import { expectedRenderer } from "../lib/render/expect.ts";
import { becomeRootless } from "../lib/rootless/mod.ts";
import { choose, confirm } from "../lib/terminal/confirm.ts";
import { paged } from "../lib/terminal/mod.ts";
import { readSavedPlan } from "../lib/saved_plan/mod.ts";
import { guardsOf } from "./guard_options.ts";
import { printChanges, printOutcome, printResult, shownOf, wantsSecrets } from "./show_result.ts";

/** Dance, and print what changed. */
export async function main(options: Options, argv: readonly string[]): Promise<number> {
  const showSecrets = wantsSecrets(options);
  const shown = shownOf(options);
  if (isNoop(options)) await becomeRootless("make a dry run", ["dance", ...argv]);
  const context = await makeContext(options);
  await using renderer = expectedRenderer(context.roots.fetched);
  // Loaded while that gets ready.
  const dances = await import("../lib/dance/mod.ts");
  const { danceWith, requireServer } = dances;
  await requireServer(context, confirm);
  const result = await danceWith(renderer, context, {
    keepGoing: options.flags.has("keep-going"),
    showSecrets,
    ...guardsOf(options),
    ...selectionOf(options),
    ...savedPlanOf(options),
    ...confirmOf(options, dances),
    ...(options.flags.has("review") ? { review: reviewer(showSecrets) } : {}),
  });
  if (context.json) printResult(result);
  else if (result.noop) await paged(() => printOutcome(result, showSecrets, shown));
  else printOutcome(result, showSecrets, shown);
  if (!result.ok) return 1;
  const found = result.noop && (result.changes.length > 0 || result.effects.length > 0);
  return found && options.flags.has("detailed-exitcode") ? 2 : 0;
}

function selectionOf({ lists }: Options): Pick<DanceOptions, "selection"> {
  const [only, except] = [lists.get("only") ?? [], lists.get("except") ?? []];
  return only.length + except.length === 0 ? {} : { selection: { only, except } };
}

function savedPlanOf(options: Options): Pick<DanceOptions, "save" | "approved"> {
  const [save, file] = [options.values.get("save"), options.values.get("plan")];
  const parts = ["only", "except"].filter((name) => options.lists.get(name)!.length > 0);
  const others = options.flags.has("review") ? [...parts, "review"] : parts;
  const given = save === undefined ? "plan" : "save";
  if ((save ?? file) !== undefined && others.length > 0) {
    throw usageError(`"--${given}" is for a whole dance, and cannot be used with "--${others[0]}"`);
  }
  if (save !== undefined && !isNoop(options)) throw usageError('"--save" needs "--noop"');
  return {
    ...save === undefined ? {} : { save },
    ...file === undefined ? {} : { approved: { file, plan: readSavedPlan(file) } },
  };
}

function confirmOf(
  { values }: Options,
  { parseCommand, parseDelay }: typeof import("../lib/dance/mod.ts"),
): Pick<DanceOptions, "confirm" | "confirmBy"> {
  const [delay, command] = [values.get("confirm"), values.get("confirm-by")];
  if (delay === undefined) {
    if (command !== undefined) throw usageError('"--confirm-by" needs "--confirm TIME"');
    return {};
  }
  const confirm = parseDelay(delay);
  return command === undefined ? { confirm } : { confirm, confirmBy: parseCommand(command) };
}

const ANSWERS: readonly Answer[] = ["yes", "no", "ball", "all", "none", "quit"];
const LETTERS = { y: "yes", n: "no", b: "ball", a: "all", o: "none", q: "quit" } as const;

function reviewer(showSecrets: boolean): Reviewer {
  if (!Deno.stdin.isTerminal()) throw usageError('"--review" asks, and needs a terminal');
  return async (change, number, count) => {
    printChanges([change], showSecrets, { diff: "full" });
    const question = `Merge this? (${number} of ${count}) yes, no, all of this [b]all ` +
      `(${change.balls.join(", ")}), [a]ll that are left, none [o]f them, [q]uit`;
    return await choose(question, ANSWERS, LETTERS);
  };
}

if (import.meta.main) Deno.exit(await runAlone("dance", main));
