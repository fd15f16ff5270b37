/**
 * The guards before a merge: critical paths are shown and may need a word, and so does mass deletion.
 *
 * @module
 */
import { dirname } from "@std/path";
import { coversPath } from "../ball/mod.ts";
import type { Change, Difference } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { DiscoError } from "../error.ts";
import { criticalChanges, criticalGlobs, type TooMuchLost, tooMuchLost } from "../guards/mod.ts";
import { isRootless } from "../posix/mod.ts";
import { shellWord, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";

/** What a person allows in one dance. */
export interface GuardOptions {
  /** Globs of critical paths that may change. */
  readonly allow?: readonly string[];
  /** How much may be deleted. */
  readonly allowDeletions?: number;
  /** Whether the universe may have lost most of itself. */
  readonly allowRemovals?: boolean;
  /** Asks a person at a terminal; without it nobody can be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** Paths that may be deleted, unless `disco/client/deletions` says otherwise. */
const DEFAULT_DELETIONS = 200;
/** Paths that a message names. */
const SHOWN = 5;

/** Mark the changes of critical paths. */
export function markCritical(dance: Dance, { changes }: Difference): void {
  if (changes.length === 0) return;
  for (const change of criticalChanges(changes, globsOf(dance))) change.critical = true;
}

/**
 * Throw for a merge that goes too far without a word; in a dry run for what a live run would refuse.
 * What is allowed, or only to be looked at, is said.
 */
export async function guardMerge(dance: Dance): Promise<void> {
  const { changes } = dance.progress.difference!;
  if (changes.length === 0) return;
  const lost = massDeletion(dance, changes);
  if (lost) throw refusal(dance, deletionMessage(lost), deletionHint(lost));
  await guardCritical(dance, changes);
}

/** Say what a merge would refuse, where it is only looked at. */
export function warnOfRefusal(dance: Dance): void {
  const changes = dance.progress.difference?.changes ?? [];
  const lost = changes.length > 0 && massDeletion(dance, changes);
  if (!lost) return;
  warning(`fs-merge will refuse: ${deletionMessage(lost)}`, `  what to do: ${deletionHint(lost)}`);
}

/** What goes, if that is too much. */
export function massDeletion(dance: Dance, changes: readonly Change[]): TooMuchLost | undefined {
  const { context, progress, mounted, guards } = dance;
  const delivered = new Set(Object.values(progress.delivered).flat());
  const purges = new Map(dance.order.map((name) => [name, dance.ball(name).purge]));
  const purgeOf = (ball: string) => purges.get(ball) ?? dance.delivered?.[ball]?.purge ?? [];
  using live = new Tree(context.root);
  using now = new Tree(mounted.mountpoint);
  return tooMuchLost({
    changes,
    live,
    now,
    mounts: mounted.places.map(({ path }) => path).filter((path) => isMount(live, path)),
    isPurged: (path, ball) => coversPath(purgeOf(ball), path),
    isDelivered: (path) => delivered.has(path),
    critical: globsOf(dance),
  }, {
    paths: context.settings.number("disco/client/deletions", DEFAULT_DELETIONS),
    allowed: guards.allowDeletions,
  });
}

/** Without root a union is put together of folders, of which most are no mounts of the host. */
function isMount(live: Tree, path: string): boolean {
  return !isRootless() || live.stat(path)?.dev !== live.stat(dirname(path))?.dev;
}

/** What a refused deletion says. */
export function deletionMessage({ reasons }: TooMuchLost): string {
  return reasons.join("; ");
}

/** What to do about a refused deletion. */
export function deletionHint({ count }: TooMuchLost): string {
  return `if that is meant, pass --allow-deletions ${count}, or name the paths in the file ` +
    `"purge" of the ball`;
}

async function guardCritical(dance: Dance, changes: readonly Change[]): Promise<void> {
  const { context, guards } = dance;
  const critical = changes.filter((change) => change.critical);
  const { allow = [] } = guards;
  const open = critical.filter(({ path }) => !coversPath(allow, path));
  const guard = context.settings.get("disco/client/guard") ?? "show";
  if (open.length === 0 || guard === "show") return;
  const names = open.map(({ path }) => shellWord(path));
  const what = `${things(names.length)}: ${listed(names)}`;
  if (guard === "ask" && context.noop) return warning(`a live run would ask about ${what}`);
  if (guard === "ask" && guards.ask) {
    if (await guards.ask(`Merge changes of ${what}?`)) return;
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

function refusal({ context }: Dance, why: string, hint: string): DiscoError {
  const start = context.noop ? "A live run would be refused" : "Cannot merge";
  return new DiscoError(`${start}: ${why}`, { hint });
}

function globsOf({ context }: Dance): string[] {
  const { roots, node } = context;
  return criticalGlobs({ etc: roots.etc, params: `${roots.parameters}/${node}` });
}

function things(number: number): string {
  return number === 1 ? "1 critical path" : `${number} critical paths`;
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(", ") + (more > 0 ? `, and ${more} more` : "");
}
