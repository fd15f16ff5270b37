/**
 * Files that are whole or not there.
 *
 * @module
 */
import { ChangedError, type Chosen, chosenFile, sameInode } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { fsync, type Stat, writeAll } from "../posix/mod.ts";
import { inBlocks } from "../terminal/output.ts";

/**
 * Write a file at once, its content in pieces: readers see the old content or the new. A file of the
 * caller's that is there keeps its mode, any other gets `mode`. Of a symlink the target is written if
 * the link can be trusted (see `lib/door/follow.ts`). Throws a {@linkcode DiscoError}, also if the
 * path is there and not a regular file.
 */
export function writeFileAtomic(
  path: string,
  content: string | Iterable<string>,
  mode = 0o600,
): void {
  try {
    using chosen = chosenFile(path);
    const { there } = chosen;
    if (there && there.type !== "file") throw new DiscoError("it is not a regular file");
    const pieces = typeof content === "string" ? [content] : content;
    replace(chosen, pieces, permissions(there) ?? mode);
  } catch (error) {
    throw new DiscoError(`Cannot write "${path}": ${messageOf(error)}`, { cause: error });
  }
}

function replace({ folder, name, path }: Chosen, content: Iterable<string>, mode: number): void {
  // Hidden and with another ending, so that nothing takes it for the file itself.
  const temporary = `/.${name.slice(1)}.${crypto.randomUUID()}`;
  const held = `/proc/self/fd/${folder.fd}`;
  using file = folder.holdNew(temporary);
  try {
    for (const bytes of inBlocks(content)) writeAll(file.fd, bytes, path);
    file.chmod(mode);
    fsync(file.fd, path);
    // Not by renameat2(2), which is the merge's alone: tests of power cuts count its calls.
    Deno.renameSync(`${held}${temporary}`, `${held}${name}`);
  } catch (error) {
    folder.unlink(temporary);
    throw error;
  }
  // Whoever owns the folder can rename in it, too.
  const now = folder.stat(name);
  if (!now || !sameInode(now, file.stat)) throw new ChangedError(path);
}

/** The mode to keep. What another user has made ready would be readable for that user. */
function permissions(there: Stat | undefined): number | undefined {
  return there?.uid === Deno.uid() ? there!.mode & 0o777 : undefined;
}
