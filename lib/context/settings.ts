/**
 * The client's settings: small files, one value each.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DiscoError, messageOf } from "../error/mod.ts";
import { type DirectoryEntry, E, lstat, readdir, readFile, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import {
  isKnownSetting,
  type KeyOf,
  nearestSetting,
  type SettingKey,
  settingRow,
  SETTINGS,
} from "./known_settings.ts";
import type { Roots } from "../state/roots.ts";

/** Reads settings such as `disco/client/timeout`; the first place that has the file wins. */
export class Settings {
  readonly #places: readonly string[];

  /**
   * Settings in some folders.
   *
   * @param places Folders that hold a tree `server/...`, `client/...`, most important first.
   */
  constructor(places: readonly string[]) {
    this.#places = places;
  }

  /** These settings, but that those in a folder are more important. */
  under(place: string): Settings {
    return new Settings([place, ...this.#places]);
  }

  /** The value of a key that begins with `disco/`, without surrounding white space. */
  get(key: SettingKey): string | undefined {
    for (const place of this.#places) {
      const text = readSetting(key, place);
      if (text !== undefined) return text.trim();
    }
    return undefined;
  }

  /** Throw for a setting that does not exist, such as one whose name is mistyped. */
  check(): void {
    for (const place of this.#places) {
      for (const folder of ["client", "server"]) checkFolder(place, folder);
    }
  }

  /** Throw for a setting whose value cannot be used, before anything is done. */
  validate(): void {
    for (const key of Object.keys(SETTINGS) as SettingKey[]) {
      const { kind } = settingRow(key);
      // Most are not there, and an error that is caught costs more than all of this.
      if (!this.#places.some((place) => lstat(pathOf(place, key)))) continue;
      if (kind === "flag") this.flag(key as KeyOf<"flag">);
      else if (kind === "number") this.number(key as KeyOf<"number">);
      else if (kind === "word") this.word(key as KeyOf<"word">);
    }
  }

  /** The value, or what its row says that holds without one. */
  text(key: KeyOf<"text">): string {
    return this.get(key) || SETTINGS[key].fallback;
  }

  /** One of the words of its row. */
  word<K extends KeyOf<"word">>(key: K): typeof SETTINGS[K]["words"][number] {
    const { words, fallback } = SETTINGS[key];
    const text = this.get(key) || fallback;
    const found = (words as readonly string[]).find((word) => word === text);
    if (found !== undefined) return found as typeof SETTINGS[K]["words"][number];
    throw unusable(key, text, words.map((word) => `"${word}"`).join(" or "));
  }

  /** A whole number, of at least what its row says. */
  number(key: KeyOf<"number">): number {
    const { least, fallback } = SETTINGS[key];
    const text = this.get(key);
    if (text === undefined || text === "") return fallback;
    if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
    throw unusable(key, text, `a whole number of at least ${least}`);
  }

  /** `yes` or `no` (also `true`, `1`, `allow` and their opposites). */
  flag(key: KeyOf<"flag">): boolean {
    const text = this.get(key);
    if (text === undefined) return SETTINGS[key].fallback;
    if (["", "yes", "true", "1", "allow", "on"].includes(text)) return true;
    if (["no", "false", "0", "deny", "off"].includes(text)) return false;
    throw unusable(key, text, '"yes" or "no"');
  }
}

function unusable(key: SettingKey, text: string, expected: string): DiscoError {
  return new DiscoError(
    `Cannot use setting "${key}" = "${printable(text)}": expected ${expected}`,
    { code: 3 },
  );
}

/** The text of a setting; no access time is left, also in a dry run. A link is followed. */
function readSetting(key: SettingKey, place: string): string | undefined {
  const path = pathOf(place, key);
  try {
    if (lstat(path)?.type === "symlink") return Deno.readTextFileSync(path);
    return new TextDecoder().decode(readFile(path));
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof SyscallError && (error.errno === E.NOENT || error.errno === E.NOTDIR);
    if (isMissing) return undefined;
    throw new DiscoError(`Cannot read setting "${key}" in "${place}": ${messageOf(error)}`, {
      hint: "let it be read, or have settings of your own with --state",
    });
  }
}

function pathOf(place: string, key: SettingKey): string {
  return join(place, key.replace(/^disco\//, ""));
}

/** Names in one folder of settings: more than there are settings. */
const MOST_SETTINGS = 1000;
/** Folders in folders of settings; there are none deeper. */
const DEEPEST = 4;

function checkFolder(place: string, folder: string): void {
  for (const { name, type } of entriesOf(join(place, folder))) {
    const path = `${folder}/${name}`;
    if (!isKnownSetting(`disco/${path}`)) throw unknownSetting(`disco/${path}`, join(place, path));
    if (type === "directory" && path.split("/").length < DEEPEST) checkFolder(place, path);
  }
}

/** Without an access time: a dry run leaves none, not even on its own settings. */
function entriesOf(folder: string): DirectoryEntry[] {
  try {
    return readdir(`${folder}/.`, undefined, MOST_SETTINGS);
  } catch (error) {
    // It is not there, or what it holds cannot be used: reading a setting says so.
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/** The error for a setting that does not exist. */
export function unknownSetting(key: string, path: string): DiscoError {
  const near = nearestSetting(key);
  return new DiscoError(`Cannot use setting "${printable(key)}": there is no such setting`, {
    code: 3,
    hint: `${near ? `did you mean "${near}"? ` : ""}rename or remove "${printable(path)}"`,
  });
}

/**
 * The settings an administrator made on this node: `/etc/disco`, then the client's own tree, and after
 * the user's own one the node's, where these are two.
 */
export function localSettings(roots: Roots): Settings {
  const node = dirname(roots.etc) === "/etc" ? ["/var/disco/parameters/disco"] : [];
  return new Settings([...new Set([roots.etc, join(roots.parameters, "disco"), ...node])]);
}
