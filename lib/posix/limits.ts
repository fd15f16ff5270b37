/**
 * Resource limits (getrlimit(2)).
 *
 * @module
 */
import { libc } from "./libc.ts";

/** Numbers of limits (asm-generic/resource.h). */
const RLIMIT_CORE = 4;
const RLIMIT_SIGPENDING = 11;
const RLIMIT_MSGQUEUE = 12;

/**
 * Words in front of a command that limit it; `--` is the last one, and there are none where nothing
 * can be limited.
 *
 * A limit of 0 for core dumps would not keep the kernel from starting the host's handler of crashes,
 * outside of every namespace: only the limit 1 does (core(5), `vfs_coredump()` in the kernel). It
 * cannot be had where the limit is 0 already and this process may not raise it.
 *
 * Pending signals and bytes in message queues are counted by user (getrlimit(2)), and root of the
 * sandbox is root of the host: a program may use up half of what there is.
 */
export function withLimits(): string[] {
  const words = [
    ...(canLimitCores() ? ["--core=1:1"] : []),
    ...halfOf("sigpending", RLIMIT_SIGPENDING),
    ...halfOf("msgqueue", RLIMIT_MSGQUEUE),
  ];
  return words.length > 0 ? ["prlimit", ...words, "--"] : [];
}

function canLimitCores(): boolean {
  const limits = limitsOf(RLIMIT_CORE);
  if (limits?.[1] !== 0n) return limits !== undefined;
  limits[1] = 1n;
  return libc.prlimit(0, RLIMIT_CORE, new Uint8Array(limits.buffer), null) === 0;
}

function halfOf(name: string, resource: number): string[] {
  const soft = limitsOf(resource)?.[0];
  if (soft === undefined) return [];
  const half = soft / 2n;
  return [`--${name}=${half}:${half}`];
}

/** The soft and the hard limit of this process; undefined where they cannot be had. */
function limitsOf(resource: number): BigUint64Array<ArrayBuffer> | undefined {
  const limits = new BigUint64Array(2);
  return libc.prlimit(0, resource, null, new Uint8Array(limits.buffer)) < 0 ? undefined : limits;
}
