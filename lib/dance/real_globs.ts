/**
 * Globs where symbolic links lead: changes are found at real paths, people name others.
 *
 * @module
 */
import { escapeGlob, matchesGlob } from "../ball/mod.ts";
import type { Tree } from "../door/mod.ts";
import { type DirectoryEntry, type Stat, SyscallError } from "../posix/mod.ts";

/** One component of a path or glob. */
export interface Part {
  readonly text: string;
  /** Whether wildcards and backslashes in it are any. */
  readonly isGlob: boolean;
}

/** What one line may take: entries that are looked at, globs that come of it, links on one way. */
const MOST = { entries: 100_000, globs: 2000, links: 40 };

/** Where a way through the tree has come to, and what of it is left. */
interface State {
  /** A path without links: "" is the root. */
  readonly real: string;
  readonly rest: readonly Part[];
  readonly links: number;
}

/**
 * The globs that cover, in a tree without links, what a glob of these parts names in this one; also what
 * is not there yet. Undefined where that takes too much.
 */
export function realGlobs(tree: Tree, parts: readonly Part[]): string[] | undefined {
  const resolver = new Resolver(tree);
  return resolver.resolve(parts) ? [...resolver.globs] : undefined;
}

class Resolver {
  readonly globs = new Set<string>();
  readonly #tree: Tree;
  readonly #waiting: State[] = [];
  readonly #seen = new Set<string>();
  #entries = 0;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** False where it takes too much. */
  resolve(parts: readonly Part[]): boolean {
    this.#go({ real: "", rest: parts, links: 0 });
    for (let state = this.#waiting.pop(); state !== undefined; state = this.#waiting.pop()) {
      this.globs.add(globOf(state.real, state.rest));
      if (this.globs.size > MOST.globs || this.#entries > MOST.entries) return false;
      const [part, ...after] = state.rest;
      if (part === undefined) continue;
      if (!part.isGlob) this.#name(state, part.text, after);
      else this.#wildcard(state, part, after);
    }
    return true;
  }

  #go(state: State): void {
    const key = JSON.stringify([state.real, state.rest]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#waiting.push(state);
  }

  #name({ real, links }: State, name: string, rest: readonly Part[]): void {
    if (name === "" || name === ".") return this.#go({ real, rest, links });
    if (name === "..") {
      return this.#go({ real: real.slice(0, Math.max(0, real.lastIndexOf("/"))), rest, links });
    }
    const path = `${real}/${name}`;
    const type = this.#stat(path)?.type;
    if (type === "symlink") return this.#link(path, { real, rest, links });
    // What is not there, or cannot be gone through, may come.
    if (type === "directory" || rest.length === 0) return this.#go({ real: path, rest, links });
    this.globs.add(globOf(path, rest));
  }

  #link(path: string, { real, rest, links }: State): void {
    if (rest.length === 0) this.globs.add(globOf(path, rest));
    if (links === MOST.links) return;
    const target = orUndefined(() => this.#tree.readlink(path));
    if (target === undefined) return;
    const parts = target.split("/").map((text) => ({ text, isGlob: false }));
    const start = target.startsWith("/") ? "" : real;
    this.#go({ real: start, rest: [...parts, ...rest], links: links + 1 });
  }

  /** What a wildcard matches is covered where it is; links in its place, or below, lead elsewhere. */
  #wildcard(state: State, part: Part, after: readonly Part[]): void {
    const { real, links, rest } = state;
    const isDeep = part.text.includes("**");
    if (isDeep) this.#go({ real, rest: after, links });
    for (const { name, type } of this.#list(real || "/")) {
      if (!isDeep && !matchesGlob(`/${part.text}`, `/${name}`)) continue;
      // Across components it goes on behind a link, and in a directory.
      const next = isDeep ? rest : after;
      const known = type ?? this.#stat(`${real}/${name}`)?.type;
      if (known === "symlink") this.#link(`${real}/${name}`, { real, rest: next, links });
      else if (known === "directory" && next.length > 0) {
        this.#go({ real: `${real}/${name}`, rest: next, links });
      }
    }
  }

  #stat(path: string): Stat | undefined {
    this.#entries++;
    return orUndefined(() => this.#tree.stat(path));
  }

  #list(path: string): DirectoryEntry[] {
    const found = orUndefined(() => this.#tree.list(path, MOST.entries)) ?? [];
    this.#entries += found.length;
    return found;
  }
}

/** What may not be looked at, or cannot be: nothing is known of it. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function globOf(real: string, rest: readonly Part[]): string {
  const parts = rest.map(({ text, isGlob }) => isGlob ? text : escapeGlob(text));
  const glob = [escapeGlob(real), ...parts.filter((part) => part !== "")].join("/");
  return glob === "" ? "/*" : glob;
}
