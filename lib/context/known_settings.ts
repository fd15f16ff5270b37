/**
 * The settings that exist, one row each: what DISCO reads below `disco/client` and `disco/server`.
 *
 * @module
 */
import { nearest } from "../command_line/nearest.ts";

/** A setting. */
export type SettingRow =
  & {
    /** What it says. */
    readonly text: string;
  }
  & (
    /** A whole number of at least `least`. */
    | { readonly kind: "number"; readonly least: number; readonly fallback: number }
    | { readonly kind: "flag"; readonly fallback: boolean }
    /** One of some words. */
    | { readonly kind: "word"; readonly words: readonly string[]; readonly fallback: string }
    /** `values` and `fallback` are for people. */
    | { readonly kind: "text"; readonly values: string; readonly fallback: string }
  );

/** Every setting. */
export const SETTINGS = {
  "disco/client/cmds/rsync": {
    text: "the program rsync and its first arguments",
    kind: "text",
    values: "words, without a shell",
    fallback: "rsync",
  },
  "disco/client/cmds/ssh": {
    text: "the program ssh and its first arguments",
    kind: "text",
    values: "words, without a shell",
    fallback: "ssh",
  },
  "disco/client/dances": {
    text: "how many dances are kept",
    kind: "number",
    least: 1,
    fallback: 50,
  },
  "disco/client/deletions": {
    text: "how many paths a dance may delete without being allowed to",
    kind: "number",
    least: 0,
    fallback: 200,
  },
  "disco/client/fetch/balls": {
    text: "how many balls a fetch may bring, and as many groups",
    kind: "number",
    least: 1,
    fallback: 1000,
  },
  "disco/client/fetch/files": {
    text: "how many files, folders and links a fetch may bring",
    kind: "number",
    least: 1,
    fallback: 200_000,
  },
  "disco/client/fetch/mebibytes": {
    text: "what a fetch may bring, in MiB",
    kind: "number",
    least: 1,
    fallback: 4096,
  },
  "disco/client/fetch/seconds": {
    text: "how long a fetch may take",
    kind: "number",
    least: 1,
    fallback: 3600,
  },
  "disco/client/fetch/timeout": {
    text: "seconds without data after which a call of rsync is given up",
    kind: "number",
    least: 1,
    fallback: 60,
  },
  "disco/client/fetch/waves": {
    text: "how long a chain of balls that require one another may be",
    kind: "number",
    least: 1,
    fallback: 64,
  },
  "disco/client/generations": {
    text: "how many generations are kept",
    kind: "number",
    least: 1,
    fallback: 20,
  },
  "disco/client/generations-days": {
    text: "how many days generations are kept",
    kind: "number",
    least: 1,
    fallback: 90,
  },
  "disco/client/guard": {
    text: "what changes of critical paths need",
    kind: "word",
    words: ["show", "ask", "refuse"],
    fallback: "show",
  },
  "disco/client/memory": {
    text: "how much memory scripts and templates may use, files in memory included",
    kind: "text",
    values: "a size, such as 75% or 2G",
    fallback: "75%",
  },
  "disco/client/node": {
    text: "the node's name",
    kind: "text",
    values: "a host name",
    fallback: "hostname -f",
  },
  "disco/client/noop/network": {
    text: "whether scripts of a dry run have the network",
    kind: "flag",
    fallback: false,
  },
  "disco/client/on-effect-failure": {
    text: "what a failed effect means",
    kind: "word",
    words: ["report", "rollback"],
    fallback: "report",
  },
  "disco/client/purge": {
    text: "whether everything that balls deliver no more is removed",
    kind: "flag",
    fallback: false,
  },
  "disco/client/restricted": {
    text: "whether scripts run in the strict mode",
    kind: "flag",
    fallback: false,
  },
  "disco/client/scratch": {
    text: "where layers are kept",
    kind: "word",
    words: ["memory", "disk"],
    fallback: "memory",
  },
  "disco/client/scratch-size": {
    text: "how large the layers may become",
    kind: "text",
    values: "a size, such as 50% or 8G",
    fallback: "50% in memory, 8G on disk",
  },
  "disco/client/storage": {
    text: "of the original; not used",
    kind: "text",
    values: "anything",
    fallback: "",
  },
  "disco/client/timeout": {
    text: "seconds that a script, template or effect may take",
    kind: "number",
    least: 1,
    fallback: 600,
  },
  "disco/server/layout": {
    text: "how the server lays the universe out",
    kind: "word",
    words: ["tree", "modules"],
    fallback: "tree",
  },
  "disco/server/uri": {
    text: "where the universe is",
    kind: "text",
    values: "as --server takes it",
    fallback: "",
  },
} as const satisfies Record<string, SettingRow>;

/** The name of a setting. */
export type SettingKey = keyof typeof SETTINGS;

/** The names of settings of a kind. */
export type KeyOf<K extends SettingRow["kind"]> = {
  [Key in SettingKey]: typeof SETTINGS[Key]["kind"] extends K ? Key : never;
}[SettingKey];

/** The row of a setting. */
export function settingRow(key: SettingKey): SettingRow {
  return SETTINGS[key];
}

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
  return nearest(key, Object.keys(SETTINGS), 4);
}
