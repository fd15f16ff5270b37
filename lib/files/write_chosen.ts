/**
 * Files that a person named to be written.
 *
 * @module
 */
import { ChangedError, chosenFile, named, sameInode } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { type Content, replaceFile } from "./replace.ts";

/**
 * Write a file at once: readers see the old content or the new. A file of the caller's that is there
 * keeps its mode, any other gets `mode`. Of a symlink the target is written if the link can be trusted
 * (see `lib/door/follow.ts`). Throws a {@linkcode DiscoError}, also if the path is there and not a
 * regular file.
 */
export function writeChosen(path: string, content: Content, mode = 0o600): void {
  try {
    using chosen = chosenFile(path);
    const { folder, name, path: real, there } = chosen;
    if (there && there.type !== "file") throw new DiscoError("it is not a regular file");
    const options = {
      mode: permissions(there) ?? mode,
      // Hidden and with another ending, so that nothing takes it for the file itself.
      draft: `/.${name.slice(1)}.${crypto.randomUUID()}`,
    };
    const written = named(real, () => replaceFile(folder, name, content, options));
    // The owner of the folder can rename in it as well.
    const now = folder.stat(name);
    if (!now || !sameInode(now, written)) throw new ChangedError(real);
  } catch (error) {
    throw new DiscoError(`Cannot write "${path}": ${messageOf(error)}`, { cause: error });
  }
}

/** The mode to keep. What another user has made ready would be readable for that user. */
function permissions(there: Stat | undefined): number | undefined {
  return there?.uid === Deno.uid() ? there!.mode & 0o777 : undefined;
}
