/**
 * Who may read what: the rule of what is secret by its mode.
 *
 * What some account of the machine cannot read is secret: reports, terminals and logs are read by
 * others than those who could read the file. A file of mode 0644 below a directory of mode 0700 is one.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";

const OTHERS_READ = 0o004;
const OTHERS_SEARCH = 0o001;

/** Looks at modes, and remembers those of directories. */
export class Readers {
  readonly #tree: Tree;
  readonly #open = new Map<string, boolean>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Whether not everybody can read what is at a path; what has no content is not a secret. */
  isSecret(path: string, stat: Stat | undefined): boolean {
    switch (stat?.type) {
      case "file":
        return (stat.mode & OTHERS_READ) === 0 || !this.#isOpen(above(path));
      case "symlink":
        return !this.#isOpen(above(path));
      default:
        return false;
    }
  }

  /** Whether everybody can reach what is in a directory. */
  #isOpen(folder: string): boolean {
    const known = this.#open.get(folder);
    if (known !== undefined) return known;
    const stat = this.#tree.stat(folder || "/");
    const isOpen = stat !== undefined && (stat.mode & OTHERS_SEARCH) !== 0 &&
      (folder === "" || this.#isOpen(above(folder)));
    this.#open.set(folder, isOpen);
    return isOpen;
  }
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
