/**
 * File handles (open_by_handle_at(2)): how an inode is found again whatever its name is by then, also
 * after a reboot.
 *
 * @module
 */
import { close, O, open } from "./file.ts";
import { check, errno, fail, libc } from "./libc.ts";
import { E } from "./errno.ts";
import { cString } from "./names.ts";

const AT_EMPTY_PATH = 0x1000;
/** MAX_HANDLE_SZ, and before the handle its length and its type. */
const SIZE = 128;
const HEADER = 8;

/** The file system or the kernel has no handles; a container's root may not use them. */
const WITHOUT: readonly number[] = [E.OPNOTSUPP, E.NOSYS, E.PERM, E.OVERFLOW, E.INVAL];

/** The handle of what a descriptor is open on, in base64; undefined where there are none. */
export function handleOf(fd: number): string | undefined {
  const handle = new Uint8Array(HEADER + SIZE);
  const view = new DataView(handle.buffer);
  view.setUint32(0, SIZE, true);
  const mount = new Uint8Array(4);
  if (libc.name_to_handle_at(fd, cString(""), handle, mount, AT_EMPTY_PATH) < 0) {
    if (WITHOUT.includes(errno())) return undefined;
    fail("get the handle of", `descriptor ${fd}`);
  }
  return handle.slice(0, HEADER + view.getUint32(0, true)).toBase64();
}

/**
 * Open the directory of a handle to read it, through the mount that `fd` (of any kind) is on.
 * Undefined if it is not there any more, or where handles cannot be used.
 */
export function openHandle(fd: number, handle: string): number | undefined {
  // The call takes no O_PATH descriptor.
  const mount = open(`/proc/thread-self/fd/${fd}`, O.RDONLY | O.DIRECTORY);
  try {
    const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW | O.CLOEXEC;
    const found = libc.open_by_handle_at(mount, Uint8Array.fromBase64(handle), flags);
    const isGone = found < 0 && [...WITHOUT, E.STALE, E.NOTDIR, E.NOENT].includes(errno());
    return isGone ? undefined : check(found, "open by its handle", "a directory");
  } finally {
    close(mount);
  }
}
