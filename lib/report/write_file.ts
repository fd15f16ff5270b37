/**
 * Files that are whole or not there.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { DiscoError, messageOf } from "../error.ts";
import { inBlocks } from "../terminal/output.ts";

/**
 * Write a file at once, its content in pieces: readers see the old content or the new. A file that is there keeps its
 * mode, a new one gets `mode`; of a symlink the target is written. Throws a
 * {@linkcode DiscoError}, also if the path is there and no regular file.
 */
export function writeFileAtomic(
  path: string,
  content: string | Iterable<string>,
  mode = 0o600,
): void {
  try {
    const there = stat(path);
    if (there && !there.isFile) throw new DiscoError("it is not a regular file");
    const pieces = typeof content === "string" ? [content] : content;
    replace(there ? Deno.realPathSync(path) : path, pieces, permissions(there) ?? mode);
  } catch (error) {
    throw new DiscoError(`Cannot write "${path}": ${messageOf(error)}`, { cause: error });
  }
}

function replace(path: string, content: Iterable<string>, mode: number): void {
  // Hidden and with another ending, so that nothing takes it for the file itself.
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}`);
  const file = Deno.openSync(temporary, { write: true, createNew: true, mode: 0o600 });
  try {
    for (const bytes of inBlocks(content)) {
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    }
    Deno.chmodSync(temporary, mode);
    file.syncSync();
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  } finally {
    file.close();
  }
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function permissions(info: Deno.FileInfo | undefined): number | undefined {
  return info?.mode == null ? undefined : info.mode & 0o777;
}
