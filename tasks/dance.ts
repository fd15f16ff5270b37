/**
 * Run every stage in order: configure this node.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import type { Change } from "../lib/changes/mod.ts";
import { isNoop, makeContext, type Options, parseOptions, usageError } from "../lib/context/mod.ts";
import {
  type DanceOptions,
  danceWhole,
  parseCommand,
  parseDelay,
  requireServer,
} from "../lib/dance/mod.ts";
import { becomeRootless } from "../lib/rootless/mod.ts";
import { confirm } from "../lib/terminal/confirm.ts";
import { summaryLines } from "../lib/report/mod.ts";
import { report } from "../lib/terminal/mod.ts";
import {
  printChanges,
  printResult,
  SHOW_SECRETS,
  SHOW_SECRETS_HELP,
  wantsSecrets,
} from "./show_result.ts";

/** One line on what this command does. */
export const summary = "Configure this node: run every stage in order";

/** Words and own options. */
export const usage = `[options]
  --keep-going         go on with balls that do not depend on a failed one, and merge those
  --only PATH|BALL     merge only what is at or below a path, or what a ball changed
  --except PATH|BALL   merge everything but that; both can be given more than once
  --review             show each change, and ask
  ${SHOW_SECRETS_HELP}
  --confirm TIME       undo the merge after TIME (90s, 10m, 2h), unless "disco confirm" is run before
  --confirm-by COMMAND  with --confirm: run COMMAND after the effects; it confirms with exit code 0,
                       otherwise the merge is undone at once (words as in a shell, but no shell)
  --detailed-exitcode  end with 2 if a dry run found changes`;

/** Dance, and print what changed. */
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    flags: ["keep-going", "detailed-exitcode", "review", SHOW_SECRETS],
    lists: ["only", "except"],
    values: ["confirm", "confirm-by"],
  });
  const showSecrets = wantsSecrets(options);
  if (isNoop(options)) await becomeRootless("make a dry run", ["dance", ...argv]);
  const context = await makeContext(options);
  await requireServer(context, confirm);
  const result = await danceWhole(context, {
    keepGoing: options.flags.has("keep-going"),
    showSecrets,
    ...selectionOf(options),
    ...confirmOf(options),
    ...(options.flags.has("review") ? { review: reviewer(showSecrets) } : {}),
  });
  if (context.json) printResult(result);
  else {
    printChanges(result.changes, showSecrets);
    report(...summaryLines(result));
  }
  if (!result.ok) return 1;
  const found = result.noop && (result.changes.length > 0 || result.effects.length > 0);
  return found && options.flags.has("detailed-exitcode") ? 2 : 0;
}

function selectionOf({ lists }: Options): Pick<DanceOptions, "selection"> {
  const [only, except] = [lists.get("only") ?? [], lists.get("except") ?? []];
  return only.length + except.length === 0 ? {} : { selection: { only, except } };
}

function confirmOf({ values }: Options): Pick<DanceOptions, "confirm" | "confirmBy"> {
  const [delay, command] = [values.get("confirm"), values.get("confirm-by")];
  if (delay === undefined) {
    if (command !== undefined) throw usageError('"--confirm-by" needs "--confirm TIME"');
    return {};
  }
  const confirm = parseDelay(delay);
  return command === undefined ? { confirm } : { confirm, confirmBy: parseCommand(command) };
}

function reviewer(showSecrets: boolean): (change: Change) => Promise<boolean> {
  if (!Deno.stdin.isTerminal()) throw usageError('"--review" asks, and needs a terminal');
  return (change) => {
    printChanges([change], showSecrets);
    return confirm("Merge this?");
  };
}

if (import.meta.main) {
  Deno.exit(await runCommand("dance", { summary, usage, main }, Deno.args));
}
