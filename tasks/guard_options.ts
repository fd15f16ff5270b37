/**
 * The options by which a person allows what the guards refuse, for the commands that merge.
 *
 * @module
 */
import { type Options, usageError } from "../lib/context/mod.ts";
import type { GuardOptions } from "../lib/dance/mod.ts";
import { choose } from "../lib/terminal/confirm.ts";

/** Flags, values and lists for `parseOptions`. */
export const GUARD_FLAGS = ["allow-removals"] as const;
export const GUARD_VALUES = ["allow-deletions"] as const;
export const GUARD_LISTS = ["allow"] as const;

/** Their lines for `--help`. */
export const GUARD_HELP = `--allow GLOB         let critical paths change (disco/client/guard)
  --allow-deletions N  let N paths be deleted, with packages and accounts that go, one each`;
export const REMOVALS_HELP =
  "--allow-removals     the universe may have lost most balls of this node";

/** What a person allows, and who can be asked. */
export function guardsOf({ flags, values, lists }: Options): GuardOptions {
  const deletions = values.get("allow-deletions");
  const allow = lists.get("allow") ?? [];
  for (const glob of allow) {
    if (!glob.startsWith("/")) throw usageError(`"--allow ${glob}" is not an absolute path`);
  }
  return {
    allow,
    allowRemovals: flags.has("allow-removals"),
    ...deletions === undefined ? {} : { allowDeletions: countOf(deletions) },
    ...Deno.stdin.isTerminal() ? { ask } : {},
  };
}

async function ask(question: string): Promise<boolean> {
  return await choose(`${question} (yes or no)`, ["yes", "no"], { y: "yes", n: "no" }) === "yes";
}

function countOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`"--allow-deletions" needs a number, not "${text}"`);
}
