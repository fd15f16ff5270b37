/**
 * The scratchpad: a file system of its own for the layers, because overlayfs refuses a lower layer
 * that lies inside another one, and `/` is one.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error.ts";
import { mount, MS } from "../posix/mod.ts";
import { run } from "../run.ts";

/** Where the layers are kept while a dance is in progress. */
export interface ScratchOptions {
  /** In memory (tmpfs), or in a sparse ext4 image on disk. */
  readonly kind: "memory" | "disk";
  /** As tmpfs and truncate(1) understand it: `50%` (memory only), `2G`. */
  readonly size: string;
  /** Where the image lies for a moment; it has no name any more once it is mounted. */
  readonly image: string;
}

/** Mount the scratchpad on a folder, in the namespace of the calling thread. */
export async function mountScratch(folder: string, options: ScratchOptions): Promise<void> {
  try {
    if (options.kind === "memory") {
      mount(
        "disco-scratch",
        folder,
        "tmpfs",
        MS.NOSUID | MS.NODEV,
        `mode=0700,size=${options.size}`,
      );
    } else {
      await mountImage(folder, options);
    }
  } catch (error) {
    throw new DiscoError(`Cannot mount the scratchpad of ${options.size}: ${messageOf(error)}`, {
      hint: "check disco/client/scratch and disco/client/scratch-size",
      cause: error,
    });
  }
}

async function mountImage(folder: string, { image, size }: ScratchOptions): Promise<void> {
  try {
    await run(["truncate", "--size", size, image]);
    await run(["mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-m", "0", image]);
    await run(["mount", "-o", "loop,nosuid,nodev,noatime", image, folder]);
  } finally {
    Deno.removeSync(image);
  }
}
