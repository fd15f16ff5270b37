/**
 * Files that lie in memory and have no name (memfd_create(2)).
 *
 * @module
 */
import { close, writeAll } from "./file.ts";
import { check, libc } from "./libc.ts";
import { cString } from "./names.ts";

const SYS_MEMFD_CREATE = Deno.build.arch === "aarch64" ? 279n : 319n;
const SEEK_SET = 0;

/**
 * A descriptor from which the program that is started next reads these bytes; close it as soon as
 * that has been started, or other programs inherit it, too.
 */
export function inheritedMemory(bytes: Uint8Array<ArrayBuffer>): number {
  const what = "a file in memory";
  const name = cString("disco");
  const address = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(name)));
  const fd = Number(check(libc.syscall(SYS_MEMFD_CREATE, address, null, null, 0n), "make", what));
  try {
    writeAll(fd, bytes, what);
    check(libc.lseek(fd, 0n, SEEK_SET), "rewind", what);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
