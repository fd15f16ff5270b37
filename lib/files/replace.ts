/**
 * The one way to write a file that is whole or not there.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { fsync, O, open, type Stat, withFile, writeAll } from "../posix/mod.ts";
import { inBlocks } from "../terminal/output.ts";

/** What a file is written with: a text, its pieces, or bytes. */
export type Content = string | Iterable<string> | Uint8Array<ArrayBuffer>;

/** How a file is written. */
export interface ReplaceOptions {
  /** Its permissions; 0600 without them. */
  readonly mode?: number;
  /** The name that it has until it is whole; what a crash has left there is removed. */
  readonly draft: string;
  /**
   * What is on the disk when this returns. With `nothing` a power cut can leave an empty file, with
   * `content` the old file or the new one, with `name` it leaves the new one.
   */
  readonly keeps?: "nothing" | "content" | "name";
}

/** Write a file into a folder that is held: readers see the old content or the new. */
export function replaceFile(
  folder: Tree,
  name: string,
  content: Content,
  { mode = 0o600, draft, keeps = "content" }: ReplaceOptions,
): Stat {
  folder.remove(draft);
  using file = folder.holdNew(draft);
  try {
    for (const bytes of blocksOf(content)) writeAll(file.fd, bytes, name);
    file.chmod(mode);
    if (keeps !== "nothing") fsync(file.fd, name);
    const held = `/proc/self/fd/${folder.fd}`;
    // Not by renameat2(2), which is the merge's alone: tests of power cuts count its calls.
    Deno.renameSync(`${held}${draft}`, `${held}${name}`);
  } catch (error) {
    folder.remove(draft);
    throw error;
  }
  if (keeps === "name") {
    withFile(open(".", O.RDONLY | O.DIRECTORY, 0, folder.fd), (fd) => fsync(fd, "/"));
  }
  return file.stat;
}

function blocksOf(content: Content): Iterable<Uint8Array<ArrayBuffer>> {
  if (content instanceof Uint8Array) return [content];
  return inBlocks(typeof content === "string" ? [content] : content);
}
