/**
 * The scratchpad: a file system of its own for the layers, because overlayfs refuses a lower layer
 * that lies inside another one, and `/` is one.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import { lstat, machineView, mount, MS, unmount } from "../posix/mod.ts";
import { run } from "../process/run.ts";
import { keepsUserAttributes } from "./kernel.ts";

/** Where the layers are kept while a dance is in progress. */
export interface ScratchOptions {
  /** In memory (tmpfs), or in a sparse ext4 image on disk. */
  readonly kind: "memory" | "disk";
  /** As tmpfs and truncate(1) understand it: `50%` (memory only), `2G`. */
  readonly size: string;
  /** Where the image lies for a moment; it has no name any more once it is mounted. */
  readonly image: string;
}

/** Bytes of an image that is chosen because memory will not do; it is sparse. */
const DISK_SIZE = "8G";

/**
 * Mount the scratchpad on a folder, in the namespace of the calling thread, and say where it is: on
 * disk also where memory was asked for and files there cannot have attributes of users.
 *
 * @param memory The file system in memory; another one for a test.
 */
export async function mountScratch(
  folder: string,
  options: ScratchOptions,
  memory = "tmpfs",
): Promise<ScratchOptions["kind"]> {
  try {
    if (options.kind === "memory") {
      const data = `mode=0700,size=${options.size}`;
      mount("disco-scratch", folder, memory, MS.NOSUID | MS.NODEV, data);
      // A user may have no loop device, and the report says what is missing.
      if (!machineView().hasLoopDevices || keepsUserAttributes(folder)) return "memory";
      unmount(folder);
    } else {
      await mountImage(folder, options);
      return "disk";
    }
  } catch (error) {
    throw new DiscoError(`Cannot mount the scratchpad of ${options.size}: ${messageOf(error)}`, {
      hint: "check disco/client/scratch and disco/client/scratch-size",
      cause: error,
    });
  }
  try {
    await mountImage(folder, { ...options, size: DISK_SIZE });
    return "disk";
  } catch (error) {
    throw new DiscoError(
      "Cannot mount a scratchpad: in memory files have no user.* attributes here (Linux 6.6 and " +
        `newer have them), and on disk: ${messageOf(error)}`,
      { hint: "let root have loop devices, or use a newer kernel", cause: error },
    );
  }
}

async function mountImage(folder: string, { image, size }: ScratchOptions): Promise<void> {
  try {
    await run(["truncate", "--size", size, image]);
    await run(["mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-m", "0", image]);
    await run(["mount", "-o", "loop,nosuid,nodev,noatime", image, folder]);
  } finally {
    // It is not there if truncate failed, and that is what is to be said.
    if (lstat(image)) Deno.removeSync(image);
  }
}
