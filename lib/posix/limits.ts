/**
 * Resource limits (getrlimit(2)).
 *
 * @module
 */
import { libc } from "./libc.ts";

const RLIMIT_CORE = 4;

/**
 * Words in front of a command that keep it from leaving a core dump. A limit of 0 would not keep the
 * kernel from starting the host's handler of crashes, outside of every namespace: only the limit 1
 * does (core(5), `vfs_coredump()` in the kernel). Where that cannot be had, because the limit is 0
 * already and this process may not raise it, there are no such words.
 */
export function withoutCores(): string[] {
  const limits = new BigUint64Array(2);
  const bytes = new Uint8Array(limits.buffer);
  if (libc.prlimit(0, RLIMIT_CORE, null, bytes) < 0) return [];
  if (limits[1] === 0n) {
    limits[1] = 1n;
    if (libc.prlimit(0, RLIMIT_CORE, bytes, null) < 0) return [];
  }
  return ["prlimit", "--core=1:1", "--"];
}
