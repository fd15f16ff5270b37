/**
 * A file that is there whole or not at all.
 *
 * @module
 */
import { dirname } from "@std/path";

/** Write a file for its owner only (0600), atomically: nobody ever sees half of it. */
export function writeAtomically(path: string, content: Uint8Array): void {
  // "~" cannot be in a key: what a crash leaves behind is no parameter.
  const temporary = Deno.makeTempFileSync({ dir: dirname(path), prefix: "~" });
  try {
    using file = Deno.openSync(temporary, { write: true });
    for (let done = 0; done < content.length;) done += file.writeSync(content.subarray(done));
    file.syncDataSync();
    Deno.chmodSync(temporary, 0o600);
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}
