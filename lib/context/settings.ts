/**
 * The client's settings: small files, one value each.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { DiscoError } from "../error.ts";
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
  get(key: string): string | undefined {
    for (const place of this.#places) {
      try {
        return Deno.readTextFileSync(join(place, key.replace(/^disco\//, ""))).trim();
      } catch (error) {
        if (
          !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)
        ) {
          throw new DiscoError(`Cannot read setting "${key}" in "${place}": ${error}`, {
            hint: "let it be read, or have settings of your own with --state",
          });
        }
      }
    }
    return undefined;
  }

  /** A whole number of at least `least`. */
  number(key: string, fallback: number, least = 0): number {
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
  flag(key: string, fallback = false): boolean {
    const text = this.get(key);
    if (text === undefined) return fallback;
    if (["", "yes", "true", "1", "allow", "on"].includes(text)) return true;
    if (["no", "false", "0", "deny", "off"].includes(text)) return false;
    throw new DiscoError(`Cannot use setting "${key}" = "${text}": expected "yes" or "no"`, {
      code: 3,
    });
  }
}

/**
 * The settings an administrator made on this node: `/etc/disco`, then the client's own tree, and after
 * the user's own one the node's, where these are two.
 */
export function localSettings(roots: Roots): Settings {
  const node = dirname(roots.etc) === "/etc" ? ["/var/disco/parameters/disco"] : [];
  return new Settings([...new Set([roots.etc, join(roots.parameters, "disco"), ...node])]);
}
