/**
 * Globs of paths, as `permissions` has them: `*` and `?` match within one component, names with a
 * leading dot too; `**` matches across components; `[abc]`, `[a-z]`, `[!a]` match one character; `\`
 * makes the next character an ordinary one. Everything else, braces too, stands for itself.
 *
 * The time to match is bounded by the length of the glob times that of the path: all ways through
 * the glob are gone at once, a character of the path at a time, and none twice.
 *
 * @module
 */

import { DiscoError } from "../error/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";

/** A place in a glob, and how a character of the path leads from there to the next place. */
type Step =
  | { readonly kind: "one"; readonly accepts: (code: number) => boolean }
  /** Any number of accepted characters, then on to the next place without one. */
  | { readonly kind: "any"; readonly accepts: (code: number) => boolean }
  /** `**` and a slash: either nothing, or anything that ends with a slash. */
  | { readonly kind: "folders" }
  | { readonly kind: "inFolders" };

interface Glob {
  /** What every path that matches begins with. */
  readonly prefix: string;
  /** Empty: only the prefix itself matches. */
  readonly steps: readonly Step[];
  /** Its special characters, of which each can make the way longer. */
  readonly wildcards: number;
}

const SLASH = 47;
const known = new Map<string, Glob>();
/** Compiled globs that are kept. */
const MOST_KNOWN = 10_000;

/** Whether a glob matches the whole of a path. */
export function matchesGlob(glob: string, path: string): boolean {
  const { prefix, steps } = compiled(glob);
  if (steps.length === 0) return path === prefix;
  return path.startsWith(prefix) && walk(steps, path, prefix.length).includes(steps.length);
}

/** Whether a glob matches an absolute path, or a folder that it lies in. */
export function coversGlob(glob: string, path: string): boolean {
  const { prefix, steps } = compiled(glob);
  if (steps.length === 0) return path === prefix || path.startsWith(`${prefix}/`);
  return path.startsWith(prefix) && walk(steps, path, prefix.length, true).includes(steps.length);
}

/** What has a meaning of its own in a glob. */
const SPECIAL = /[*?[\\]/g;

/** Whether a text means something else as a glob than itself. */
export function isGlob(text: string): boolean {
  return text.search(SPECIAL) >= 0;
}

/** A glob that matches nothing but this text. */
export function escapeGlob(text: string): string {
  return text.replaceAll(SPECIAL, "\\$&");
}

/** Work of matching that one list of globs may take: some ten seconds. */
const MOST_WORK = 300_000_000;

/** How much a list of globs may still be held against paths. */
export class MatchingWork {
  #left = MOST_WORK;

  /** Throw where a glob takes too long; `what` says whose glob it is. */
  spend(glob: string, path: string, what: string): void {
    const { prefix, wildcards } = compiled(glob);
    if (!path.startsWith(prefix)) return;
    this.#left -= (path.length - prefix.length) * wildcards;
    if (this.#left >= 0) return;
    throw new DiscoError(
      `Cannot match paths with ${what}: "${
        printable(shortened(glob, 80))
      }" and the others take too long`,
      { hint: "name the paths with fewer lines, and fewer wildcards" },
    );
  }
}

/** Whether a glob could match a path below a folder: of a folder that is gone the names are not known. */
export function reachesBelow(glob: string, folder: string): boolean {
  const { prefix, steps } = compiled(glob);
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  if (prefix.length >= start.length) {
    return prefix.startsWith(start) && (prefix.length > start.length || steps.length > 0);
  }
  return start.startsWith(prefix) &&
    walk(steps, start, prefix.length).some((place) => place < steps.length);
}

function compiled(glob: string): Glob {
  let found = known.get(glob);
  if (!found) {
    if (known.size === MOST_KNOWN) known.clear();
    known.set(glob, found = compile(glob));
  }
  return found;
}

/** The places of a glob that are reached at the end of a path; the last one is that of a match. */
function walk(
  steps: readonly Step[],
  path: string,
  from: number,
  isFolderEnough = false,
): number[] {
  let here: number[] = [];
  // The last character at which a place was reached: no place is entered twice for one.
  const reached = new Int32Array(steps.length + 1).fill(-1);
  const reach = (into: number[], place: number, at: number) => {
    for (let i = place; reached[i] !== at; i++) {
      reached[i] = at;
      into.push(i);
      const kind = steps[i]?.kind;
      if (kind === "folders") reach(into, i + 2, at);
      else if (kind !== "any") return;
    }
  };
  reach(here, 0, from);
  for (let at = from; at < path.length && here.length > 0; at++) {
    const code = path.charCodeAt(at);
    if (isFolderEnough && code === SLASH && here.includes(steps.length)) return here;
    const next: number[] = [];
    for (const place of here) {
      const step = steps[place];
      if (step?.kind === "one" && step.accepts(code)) reach(next, place + 1, at + 1);
      if (step?.kind === "any" && step.accepts(code)) reach(next, place, at + 1);
      if (step?.kind === "inFolders") {
        reach(next, place, at + 1);
        if (code === SLASH) reach(next, place + 1, at + 1);
      }
    }
    here = next;
  }
  return here;
}

const TOKEN = /\\.|\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]\/]*\]|[\s\S]/g;

function compile(glob: string): Glob {
  let prefix = "";
  const steps: Step[] = [];
  for (const [token] of glob.matchAll(TOKEN)) {
    const text = literalOf(token);
    if (text !== undefined && steps.length === 0) {
      prefix += text;
      continue;
    }
    const found = text === undefined
      ? stepsOf(token)
      : [one((code) => code === text.charCodeAt(0))];
    // A set such as `[z-a]` is none: then the whole glob is taken as an ordinary path.
    if (!found) return { prefix: glob, steps: [], wildcards: 0 };
    steps.push(...found);
  }
  return { prefix, steps, wildcards: glob.match(/[*?[]/g)?.length ?? 0 };
}

/** The character that a token stands for; undefined where it stands for several. */
function literalOf(token: string): string | undefined {
  if (token.length === 2 && token.startsWith("\\")) return token.slice(1);
  return token.length === 1 && token !== "*" && token !== "?" ? token : undefined;
}

function stepsOf(token: string): Step[] | undefined {
  switch (token) {
    case "**/":
      return [{ kind: "folders" }, { kind: "inFolders" }];
    case "**":
      return [{ kind: "any", accepts: () => true }];
    case "*":
      return [{ kind: "any", accepts: isNoSlash }];
    case "?":
      return [one(isNoSlash)];
    default: {
      const accepts = parseSet(token.slice(1, -1));
      return accepts && [one(accepts)];
    }
  }
}

/** The inside of `[...]`; undefined where a range is the wrong way round. */
function parseSet(text: string): ((code: number) => boolean) | undefined {
  const isNot = /^[!^]/.test(text);
  const set = isNot ? text.slice(1) : text;
  const ranges: [from: number, to: number][] = [];
  for (let i = 0; i < set.length; i++) {
    const from = set.charCodeAt(i);
    const isRange = set[i + 1] === "-" && i + 2 < set.length;
    const to = isRange ? set.charCodeAt(i += 2) : from;
    if (to < from) return undefined;
    ranges.push([from, to]);
  }
  return (code) =>
    code !== SLASH && ranges.some(([from, to]) => from <= code && code <= to) !== isNot;
}

function one(accepts: (code: number) => boolean): Step {
  return { kind: "one", accepts };
}

function isNoSlash(code: number): boolean {
  return code !== SLASH;
}
