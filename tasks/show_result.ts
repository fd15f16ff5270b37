/**
 * How the outcome of a dance is printed, by the commands that have one.
 *
 * @module
 */
import { type Change, diffColour, formatChange } from "../lib/changes/mod.ts";
import { type Options, usageError } from "../lib/context/mod.ts";
import { redactChange, type Result } from "../lib/report/mod.ts";
import { plain, printJson } from "../lib/terminal/mod.ts";

/** The flag for {@linkcode wantsSecrets}, and its line for `--help`. */
export const SHOW_SECRETS = "show-secrets";
export const SHOW_SECRETS_HELP =
  "--show-secrets       show what secrets hold, on a terminal only; it is never kept";

/** Whether the content of secrets is shown: to a person at a terminal, and to nobody else. */
export function wantsSecrets({ flags }: Options): boolean {
  if (!flags.has(SHOW_SECRETS)) return false;
  if (!flags.has("json") && Deno.stdout.isTerminal()) return true;
  throw usageError(`"--${SHOW_SECRETS}" is for a terminal: not for --json, a file or a pipe`);
}

/** The changes, critical ones first, each with what differs; of secrets only where that is wished. */
export function printChanges(changes: readonly Change[], secrets = false): void {
  const [critical, others] = [true, false].map((is) =>
    changes.filter((change) => (change.critical ?? false) === is)
  );
  for (const change of [...critical!, ...others!]) {
    for (const line of formatChange(change, { secrets })) plain(line, diffColour(line));
  }
}

/** The whole outcome as JSON, without the content of secrets. */
export function printResult(result: Result): void {
  printJson({ ...result, changes: result.changes.map(redactChange) });
}
