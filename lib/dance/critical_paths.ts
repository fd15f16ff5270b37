/**
 * Changes of critical paths: marked, and refused where the node wants that.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import type { Change } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import { counted } from "../text/counted.ts";
import { DiscoError } from "../error/mod.ts";
import { criticalChanges, criticalGlobs } from "../guards/mod.ts";
import { shellWord, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { refusal } from "./guard_refusal.ts";

/** Paths that a message names. */
const SHOWN = 5;

/** Mark the changes of critical paths. */
export function markCritical(dance: Dance, { changes }: Difference): void {
  if (changes.length === 0) return;
  for (const change of criticalChanges(changes, criticalGlobsOf(dance))) change.critical = true;
}

/** Throw for changes of critical paths that nobody has allowed, where the node wants that. */
export async function guardCritical(dance: Dance, changes: readonly Change[]): Promise<void> {
  const { context, options } = dance;
  const critical = changes.filter((change) => change.critical);
  const { allow = [] } = options;
  const open = critical.filter(({ path }) => !coversPath(allow, path));
  const guard = context.settings.word("disco/client/guard");
  if (open.length === 0 || guard === "show") return;
  const names = open.map(({ path }) => shellWord(path));
  const what = `${counted(names.length, "critical path")}: ${listed(names)}`;
  if (guard === "ask" && context.noop) return warning(`a live run would ask about ${what}`);
  if (guard === "ask" && options.ask) {
    if (await options.ask(`Merge changes of ${what}?`)) return;
    throw new DiscoError(`Cannot merge: changes of ${what} were not confirmed`);
  }
  const why = `disco/client/guard is "${guard}"${
    guard === "ask" ? ", and nobody can be asked" : ""
  }`;
  const hint = names.length > SHOWN
    ? `pass --allow GLOB for each, such as --allow ${names[0]}, or --allow '/**' for all`
    : `pass ${names.map((name) => `--allow ${name}`).join(" ")}`;
  throw refusal(dance, `${what} would change, and ${why}`, hint);
}

/** The globs of critical paths that are in force for a dance. */
export function criticalGlobsOf({ context }: Dance): string[] {
  const { roots, node } = context;
  return criticalGlobs({ etc: roots.etc, params: `${roots.parameters}/${node}` });
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(", ") + (more > 0 ? `, and ${more} more` : "");
}
