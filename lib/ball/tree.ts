/**
 * What lies in a ball's folder.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";

/** One entry below a folder. */
export interface Entry {
  /** Relative to the folder. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "fifo" | "socket" | "device";
}

/**
 * Everything below a folder, directories before what they hold, not following symlinks; sorted by
 * component. A folder that is missing holds nothing.
 */
export function* walk(dir: string, below = ""): Generator<Entry> {
  for (const name of names(join(dir, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const kind = kindOf(join(dir, path));
    if (kind === undefined) {
      // Deno replaces bytes that are not UTF-8, and then cannot find the file under that name.
      throw new DiscoError(
        `Cannot read "${printable(join(dir, path))}": its name is not UTF-8, or it went away`,
        { hint: "rename it on the server" },
      );
    }
    yield { path, kind };
    if (kind === "directory") yield* walk(dir, path);
  }
}

/** What lies at a path, without following a symlink; undefined when nothing does. */
export function kindOf(path: string): Entry["kind"] | undefined {
  try {
    const info = Deno.lstatSync(path);
    if (info.isFile) return "file";
    if (info.isDirectory) return "directory";
    if (info.isSymlink) return "symlink";
    if (info.isFifo) return "fifo";
    return info.isSocket ? "socket" : "device";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function names(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map((entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
