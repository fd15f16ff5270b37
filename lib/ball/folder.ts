/**
 * What lies in a ball's folder. It came from a server: nothing in it is followed or read without a
 * look, and there is a limit to everything.
 *
 * @module
 */
import { TooMuchError, Tree, walk } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { O, open, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** How much a ball may hold. */
export const MOST = { entries: 200_000, levels: 200 };

/** Characters of a line in `requires`, `permissions` and `purge`: a path has at most so many bytes. */
const MOST_LINE = 8192;

/** One entry below a folder. */
export interface Entry {
  /** Relative to the folder. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "fifo" | "socket" | "device";
}

/** The folder of a ball, open; paths are relative to it. */
export class BallFolder implements Disposable {
  readonly name: string;
  readonly dir: string;
  readonly tree: Tree;

  /** Throws a {@linkcode DiscoError} where there is no folder, or a link to one. */
  constructor({ name, dir }: { name: string; dir: string }) {
    this.name = name;
    this.dir = dir;
    this.tree = new Tree(openFolder(name, dir));
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
  }

  /** What lies at a path, without following a symlink; undefined when nothing does. */
  kind(path: string): Entry["kind"] | undefined {
    return kindOf(this.tree.stat(`/${path}`)?.type);
  }

  /**
   * Everything below a folder, directories before what they hold, not following symlinks; each
   * folder in the order of code units. A folder that is missing holds nothing.
   */
  *walk(below = ""): Generator<Entry> {
    if (below !== "" && this.kind(below) !== "directory") return;
    const skip = below === "" ? 1 : below.length + 2;
    try {
      for (const { path, stat } of walk(this.tree, `/${below}`, MOST)) {
        const entry = { path: path.slice(skip), kind: kindOf(stat.type)! };
        if (!path.isWellFormed()) this.fail(path.slice(1), "its name is not UTF-8");
        yield entry;
      }
    } catch (cause) {
      if (!(cause instanceof TooMuchError)) throw cause;
      this.fail(cause.path.slice(1), `it ${cause.what}`);
    }
  }

  /** The paths of regular files and symlinks below a folder, in the order of their code units. */
  files(below: string): string[] {
    return [...this.walk(below)].filter(({ kind }) => kind === "file" || kind === "symlink")
      .map(({ path }) => path).sort();
  }

  /** The content of a regular file; undefined where there is none, or more than `most` bytes. */
  read(path: string, most: number): Uint8Array<ArrayBuffer> | undefined {
    return this.tree.read(`/${path}`, most);
  }

  /** A text of lines, of at most `most` bytes; empty where there is none. */
  text(path: string, most: number): string {
    const kind = this.kind(path);
    if (kind === undefined) return "";
    // A link could lead anywhere on the node, and errors quote what they could not parse.
    if (kind !== "file") this.fail(path, `it is a ${kind}, not a regular file`);
    const bytes = this.read(path, most) ?? this.fail(path, `it has more than ${most} bytes`);
    const text = this.#decode(path, bytes);
    const line = text.split("\n").findIndex((line) => line.length > MOST_LINE);
    if (line >= 0) this.fail(path, `line ${line + 1} has more than ${MOST_LINE} characters`);
    return text;
  }

  #decode(path: string, bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      this.fail(path, "it is not UTF-8");
    }
  }

  /** Throw an error that names ball and path. */
  fail(path: string, why: string): never {
    const shown = printable(path === "" ? this.dir : path);
    throw new DiscoError(`Cannot read "${shown}" of ball "${this.name}": ${why}`, {
      hint: "correct the ball on the server",
    });
  }
}

function openFolder(name: string, dir: string): number {
  try {
    return open(dir, O.PATH | O.DIRECTORY | O.NOFOLLOW);
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new DiscoError(`Cannot read ball "${name}": "${printable(dir)}" is not a folder`, {
      cause,
    });
  }
}

function kindOf(type: string | undefined): Entry["kind"] | undefined {
  return (type === "char" || type === "block" ? "device" : type) as Entry["kind"] | undefined;
}
