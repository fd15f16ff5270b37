/**
 * The file `permissions` of a ball: modes, owners and groups of what it delivers, and which paths
 * are secret.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { coversGlob, matchesGlob, MatchingWork } from "./glob.ts";
import { refuseMany } from "./lines.ts";

/** One line `mode owner group path`; a field that was `-` is left alone. */
export interface PermissionRule {
  /** The lower twelve bits of a mode. */
  readonly mode?: number;
  /** A user's name or number. */
  readonly owner?: string;
  /** A group's name or number. */
  readonly group?: string;
  /** Which paths: an absolute glob without `..`, see `glob.ts`. */
  readonly glob: string;
  /** Where it is said; the first line is 1. */
  readonly line: number;
}

/** What `permissions` says. */
export interface Permissions {
  readonly rules: PermissionRule[];
  /** Absolute globs of the paths whose content is shown nowhere. */
  readonly secrets: string[];
}

/** What the rules say about one path. */
export type Permission = Pick<PermissionRule, "mode" | "owner" | "group">;

const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/;

/**
 * Parse `permissions`: lines `mode owner group path` and `secret path`. The path is the rest of the
 * line without white space at the end; a glob; absolute or relative to `/`. A line that begins with
 * `#` is a comment. `file` is what an error calls the file.
 */
export function parsePermissions(text: string, file: string): Permissions {
  const rules: PermissionRule[] = [];
  const secrets: string[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const fail = (what: string): never => {
      throw new DiscoError(
        `Cannot parse "${printable(file)}", line ${index + 1}: ${what}, found "${
          printable(content)
        }"`,
      );
    };
    const secret = /^secret\s+(.+)$/s.exec(content);
    if (secret) {
      secrets.push(absolute(secret[1]!, fail));
      continue;
    }
    const [, mode, owner, group, path] = /^(\S+)\s+(\S+)\s+(\S+)\s+(.+)$/s.exec(content) ??
      fail(`expected "mode owner group path" or "secret path"`);
    if (mode !== "-" && !/^[0-7]{3,4}$/.test(mode!)) {
      fail(`expected an octal mode of 3 or 4 digits, or "-"`);
    }
    for (const account of [owner!, group!]) {
      if (account !== "-" && !ACCOUNT.test(account)) fail(`expected a name, a number or "-"`);
    }
    rules.push({
      ...(mode !== "-" && { mode: parseInt(mode!, 8) }),
      ...(owner !== "-" && { owner: owner! }),
      ...(group !== "-" && { group: group! }),
      glob: absolute(path!, fail),
      line: index + 1,
    });
  }
  refuseMany(rules.length + secrets.length, file);
  return { rules, secrets };
}

/** What the rules say about an absolute path; for each field the last rule that names it wins. */
export function permissionFor(rules: readonly PermissionRule[], path: string): Permission {
  const result: { -readonly [K in keyof Permission]: Permission[K] } = {};
  for (const { mode, owner, group, glob } of rules) {
    if (!matchesGlob(glob, path)) continue;
    if (mode !== undefined) result.mode = mode;
    if (owner !== undefined) result.owner = owner;
    if (group !== undefined) result.group = group;
  }
  return result;
}

/** What each list of globs may still take. */
const works = new WeakMap<readonly string[], MatchingWork>();

/**
 * Whether one of the globs matches the absolute path, or a folder that it lies in. Throws where the
 * list takes too long.
 */
export function coversPath(globs: readonly string[], path: string): boolean {
  const work = works.get(globs) ?? new MatchingWork();
  works.set(globs, work);
  return globs.some((glob) => {
    work.spend(glob, path, "lines of permissions or purge");
    return coversGlob(glob, path);
  });
}

function absolute(path: string, fail: (what: string) => never): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) fail(`expected a path without ".."`);
  return `/${parts.join("/")}`;
}
