/**
 * What ends a union, in words.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import type { SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Place } from "./places.ts";

const WHY: Record<string, string> = {
  ENODEV: "this kernel has no overlayfs (modprobe overlay)",
  EPERM: "this needs root, and CAP_SYS_ADMIN in a container",
  EINVAL: "the kernel does not overlay this root; overlayfs stacks two deep only",
};

/** A ball has taken away, or replaced, what leads to a place. */
export function movedError(place: Place, ball: string): DiscoError {
  return new DiscoError(
    `Cannot apply ball "${printable(ball)}": it moved, removed or replaced ` +
      `"${printable(place.path)}", where a file system is mounted`,
    { hint: "change what is in the file system, and leave the directories that lead to it" },
  );
}

/** A place that balls have changed is gone. */
export function lostError(place: Place, why: string): DiscoError {
  return new DiscoError(
    `Cannot go on: balls have changed something in "${printable(place.path)}", and ${why}`,
    { hint: "dance again when the file system is mounted for good" },
  );
}

/** The root itself cannot be overlaid. */
export function overlayError(place: Place, error: SyscallError): DiscoError {
  return new DiscoError(`Cannot mount the union of "${place.live}": ${messageOf(error)}`, {
    hint: WHY[error.code] ?? "see the kernel's log (dmesg)",
    cause: error,
  });
}
