/**
 * How the outcome of a dance is printed, by the commands that have one.
 *
 * @module
 */
import { type Change, redactChange, type Result } from "../lib/result/mod.ts";
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { headline, shownChanges, type ShownOptions, summaryLines } from "../lib/report/mod.ts";
import { plain, printJson, report } from "../lib/terminal/mod.ts";

/** Whether the content of secrets is shown: to a person at a terminal, and to nobody else. */
export function wantsSecrets({ flags }: Options): boolean {
  if (!flags.has("show-secrets")) return false;
  if (!flags.has("json") && Deno.stdout.isTerminal()) return true;
  throw usageError('"--show-secrets" is for a terminal: not for --json, a file or a pipe');
}

/** How changes are shown, by these options. */
export function shownOf({ flags, values }: Options): ShownOptions {
  const diff = (values.get("diff") ?? "short") as NonNullable<ShownOptions["diff"]>;
  return { diff, stat: flags.has("stat") };
}

/** The changes, critical ones first; of secrets only where that is wished. */
export function printChanges(
  changes: readonly Change[],
  secrets = false,
  options: ShownOptions = {},
): void {
  for (const { text, colour } of shownChanges(changes, { ...options, secrets })) {
    plain(text, colour);
  }
}

/** A whole outcome: what it comes to, the changes, the report. */
export function printOutcome(
  result: Result,
  secrets = false,
  options: ShownOptions & { readonly output?: boolean } = {},
): void {
  if (result.changes.length > 0 || !result.ok) report(headline(result));
  printChanges(result.changes, secrets, options);
  report(...summaryLines(result, { output: options.output ?? false }));
}

/** The whole outcome as JSON, without the content of secrets. */
export function printResult(result: Result): void {
  printJson({ ...result, changes: result.changes.map(redactChange) });
}
