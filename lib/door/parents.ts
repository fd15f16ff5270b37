/**
 * Directories of a tree, kept open for the next call: most paths have the directory of the one
 * before.
 *
 * @module
 */
import { close, O, openBeneath } from "../posix/mod.ts";

/** Directories that are kept open; the one that was used longest ago goes first. */
const MOST = 32;

/** Opens directories below a root without following links, by absolute path inside it. */
export class Parents {
  readonly #root: number;
  readonly #open = new Map<string, number>();
  /** The one that was used last, which is most often the one that is used next. */
  #last: { readonly path: string; readonly fd: number } | undefined;

  /** @param root A descriptor of the root, which is not closed here. */
  constructor(root: number) {
    this.#root = root;
  }

  /** A descriptor of a directory, which stays open for the next calls; `""` is the root. */
  open(path: string): number {
    if (path === "") return this.#root;
    if (path === this.#last?.path) return this.#last.fd;
    const known = this.#open.get(path);
    this.#open.delete(path);
    const fd = known ?? this.#openNew(path);
    if (this.#open.size === MOST) this.#close(this.#open.keys().next().value!);
    this.#open.set(path, fd);
    this.#last = { path, fd };
    return fd;
  }

  /** Close the directories at and below a path; all without one. */
  forget(path?: string): void {
    for (const key of this.#open.keys()) {
      if (path === undefined || isAtOrBelow(key, path)) this.#close(key);
    }
  }

  /** From the directory above if that is open: a deep path would be walked again and again. */
  #openNew(path: string): number {
    const cut = path.lastIndexOf("/");
    const above = this.#open.get(path.slice(0, cut));
    const [from, rest] = above === undefined
      ? [this.#root, relative(path)]
      : [above, relative(path.slice(cut))];
    return openBeneath(from, rest, O.PATH | O.DIRECTORY);
  }

  #close(path: string): void {
    if (this.#last?.path === path) this.#last = undefined;
    close(this.#open.get(path)!);
    this.#open.delete(path);
  }
}

function isAtOrBelow(path: string, above: string): boolean {
  return path.startsWith(above) &&
    (path.length === above.length || path[above.length] === "/");
}

/** Throws for what no caller may ask for: the kernel would find another place than the path says. */
function relative(path: string): string {
  const parts = path.split("/").slice(1);
  if (!path.startsWith("/") || parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new TypeError(`Not a path inside a tree: ${JSON.stringify(path)}`);
  }
  return parts.join("/");
}
