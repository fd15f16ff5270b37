/**
 * Failures of system calls, as errors of what was being done.
 *
 * @module
 */
import { ChangedError } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { SyscallError } from "../posix/mod.ts";

/** Say what was being done where a call fails; `action` follows "Cannot". */
export async function explained<T>(action: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (!(cause instanceof SyscallError) && !(cause instanceof ChangedError)) throw cause;
    throw new DiscoError(`Cannot ${action}: ${cause.message}`, { cause });
  }
}
