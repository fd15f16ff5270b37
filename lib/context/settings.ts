/**
 * The client's settings: small files, one value each.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DiscoError, messageOf } from "../error.ts";
import { type DirectoryEntry, E, lstat, readdir, readFile, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import {
  isKnownSetting,
  type Kind,
  KINDS,
  nearestSetting,
  type SettingKey,
} from "./known_settings.ts";
import type { Roots } from "./roots.ts";

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
    for (const [key, kind] of Object.entries(KINDS) as [SettingKey, Kind][]) {
      // Most are not there, and an error that is caught costs more than all of this.
      if (!this.#places.some((place) => lstat(pathOf(place, key)))) continue;
      if (kind === "flag") this.flag(key);
      else if (typeof kind === "number") this.number(key, kind, kind);
      else this.#requireOneOf(key, kind);
    }
  }

  #requireOneOf(key: SettingKey, words: readonly string[]): void {
    const text = this.get(key);
    if (text === undefined || words.includes(text)) return;
    const expected = words.map((word) => `"${word}"`).join(" or ");
    throw new DiscoError(
      `Cannot use setting "${key}" = "${printable(text)}": expected ${expected}`,
      { code: 3 },
    );
  }

  /** A whole number of at least `least`. */
  number(key: SettingKey, fallback: number, least = 0): number {
    const text = this.get(key);
    if (text === undefined || text === "") return fallback;
    if (!/^\d+$/.test(text) || Number(text) < least) {
      throw new DiscoError(
        `Cannot use setting "${key}" = "${text}": expected a whole number of at least ${least}`,
        {
          code: 3,
        },
      );
    }
    return Number(text);
  }

  /** `yes` or `no` (also `true`, `1`, `allow` and their opposites). */
  flag(key: SettingKey, fallback = false): boolean {
    const text = this.get(key);
    if (text === undefined) return fallback;
    if (["", "yes", "true", "1", "allow", "on"].includes(text)) return true;
    if (["no", "false", "0", "deny", "off"].includes(text)) return false;
    throw new DiscoError(`Cannot use setting "${key}" = "${text}": expected "yes" or "no"`, {
      code: 3,
    });
  }
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
