/**
 * The settings that exist, one row each: what DISCO reads below `disco/client` and `disco/server`.
 *
 * @module
 */

/** Every setting, and what it says. */
export const SETTINGS = {
  "disco/client/cmds/rsync": "the program rsync and its first arguments",
  "disco/client/cmds/ssh": "the program ssh and its first arguments",
  "disco/client/dances": "how many dances are kept",
  "disco/client/deletions": "how many paths a dance may delete without being allowed to",
  "disco/client/fetch/balls": "how many balls a fetch may bring, and as many groups",
  "disco/client/fetch/files": "how many files, folders and links a fetch may bring",
  "disco/client/fetch/mebibytes": "what a fetch may bring, in MiB",
  "disco/client/fetch/seconds": "how long a fetch may take",
  "disco/client/fetch/timeout": "seconds without data after which a call of rsync is given up",
  "disco/client/fetch/waves": "how long a chain of balls that require one another may be",
  "disco/client/generations": "how many generations are kept",
  "disco/client/generations-days": "how many days generations are kept",
  "disco/client/guard": "what changes of critical paths need: show, ask or refuse",
  "disco/client/memory": "how much memory scripts and templates may use, files in memory included",
  "disco/client/node": "the node's name",
  "disco/client/noop/network": "whether scripts of a dry run have the network",
  "disco/client/on-effect-failure": "what a failed effect means: report or rollback",
  "disco/client/purge": "whether everything that balls deliver no more is removed",
  "disco/client/restricted": "whether scripts run in the strict mode",
  "disco/client/scratch": "where layers are kept: memory or disk",
  "disco/client/scratch-size": "how large the layers may become",
  "disco/client/storage": "of the original; not used",
  "disco/client/timeout": "seconds that a script, template or effect may take",
  "disco/server/layout": "how the server lays the universe out: tree or modules",
  "disco/server/uri": "where the universe is",
} as const;

/** The name of a setting. */
export type SettingKey = keyof typeof SETTINGS;

/** What a value can be: a whole number of at least so much, yes or no, or one of some words. */
export type Kind = number | "flag" | readonly string[];

/** The settings whose values can be looked at before anything is done. */
export const KINDS: Partial<Record<SettingKey, Kind>> = {
  "disco/client/dances": 1,
  "disco/client/deletions": 0,
  "disco/client/fetch/balls": 1,
  "disco/client/fetch/files": 1,
  "disco/client/fetch/mebibytes": 1,
  "disco/client/fetch/seconds": 1,
  "disco/client/fetch/timeout": 1,
  "disco/client/fetch/waves": 1,
  "disco/client/generations": 1,
  "disco/client/generations-days": 1,
  "disco/client/guard": ["show", "ask", "refuse"],
  "disco/client/noop/network": "flag",
  "disco/client/on-effect-failure": ["report", "rollback"],
  "disco/client/purge": "flag",
  "disco/client/restricted": "flag",
  "disco/client/timeout": 1,
};

/** Whether a key below `disco/` belongs to a setting, or to a folder of settings. */
export function isKnownSetting(key: string): boolean {
  return Object.keys(SETTINGS).some((known) => known === key || known.startsWith(`${key}/`));
}

/** Whether DISCO reads settings there at all: parameters of other names below `disco/` are free. */
export function isSettingPlace(key: string): boolean {
  return key.startsWith("disco/client/") || key.startsWith("disco/server/");
}

/** The setting that a mistyped key is nearest to; undefined where none is near. */
export function nearestSetting(key: string): string | undefined {
  const near = Object.keys(SETTINGS)
    .map((known) => ({ known, steps: distance(known, key) }))
    .sort((a, b) => a.steps - b.steps)[0]!;
  return near.steps <= 4 ? near.known : undefined;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const other = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, other));
    }
    row = next;
  }
  return row[b.length]!;
}
