/**
 * Why system calls fail: errno(3).
 *
 * @module
 */
import { printable } from "../terminal/printable.ts";

/** The numbers of errno(3), the same on the architectures that Deno runs on. */
export const E = {
  PERM: 1,
  NOENT: 2,
  SRCH: 3,
  INTR: 4,
  IO: 5,
  NXIO: 6,
  BADF: 9,
  AGAIN: 11,
  NOMEM: 12,
  ACCES: 13,
  BUSY: 16,
  EXIST: 17,
  XDEV: 18,
  NODEV: 19,
  NOTDIR: 20,
  ISDIR: 21,
  INVAL: 22,
  TXTBSY: 26,
  NOSPC: 28,
  ROFS: 30,
  MLINK: 31,
  RANGE: 34,
  NAMETOOLONG: 36,
  NOSYS: 38,
  NOTEMPTY: 39,
  LOOP: 40,
  NODATA: 61,
  OVERFLOW: 75,
  PROTONOSUPPORT: 93,
  OPNOTSUPP: 95,
  AFNOSUPPORT: 97,
  NOTCONN: 107,
  STALE: 116,
  DQUOT: 122,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(E).map(([name, number]) => [number, `E${name}`]),
);

/** A system call that failed; `code` is the symbolic name of `errno`. */
export class SyscallError extends Error {
  override name = "SyscallError";
  readonly code: string;
  constructor(
    readonly call: string,
    readonly errno: number,
    readonly text: string,
    readonly path: string,
  ) {
    const code = NAMES.get(errno) ?? `errno ${errno}`;
    super(`Cannot ${call} "${printable(path)}": ${text} (${code})`);
    this.code = code;
  }

  /** The same failure, told of another path: the whole one where the call got a part of it. */
  of(path: string): SyscallError {
    return new SyscallError(this.call, this.errno, this.text, path);
  }
}
