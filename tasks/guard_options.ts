/**
 * The options by which a person allows what the guards refuse, for the commands that merge.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import type { GuardOptions } from "../lib/dance/mod.ts";
import { choose } from "../lib/terminal/confirm.ts";

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
