/**
 * Resource limits (getrlimit(2)).
 *
 * @module
 */
import { check, libc } from "./libc.ts";

/** Numbers of limits (asm-generic/resource.h). */
const RLIMIT_DATA = 2;
const RLIMIT_CORE = 4;
const RLIMIT_SIGPENDING = 11;
const RLIMIT_MSGQUEUE = 12;

/** A limit: its word for prlimit(1), its number, and what it is set to. */
type Limit = readonly [name: string, resource: number, value: bigint];

/**
 * Words in front of a command that limit it; `--` is the last one, and there are none where nothing
 * can be limited.
 */
export function withLimits(): string[] {
  const words = limits().map(([name, , value]) => `--${name}=${value}:${value}`);
  return words.length > 0 ? ["prlimit", ...words, "--"] : [];
}

/** Limit a process that has not started anything yet, as {@linkcode withLimits} does. */
export function limitProcess(pid: number): void {
  for (const [name, resource, value] of limits()) {
    check(setLimits(resource, BigUint64Array.of(value, value), pid), "limit", name);
  }
}

/** Limit the bytes of data that a process may have; it may have ended. */
export function limitMemory(pid: number, bytes: number): void {
  setLimits(RLIMIT_DATA, BigUint64Array.of(BigInt(bytes), BigInt(bytes)), pid);
}

/**
 * What programs are limited to. A limit of 0 for core dumps would not keep the kernel from starting
 * the host's handler of crashes, outside of every namespace: only the limit 1 does (core(5),
 * `vfs_coredump()` in the kernel). It cannot be had where the limit is 0 already and this process may
 * not raise it.
 *
 * Pending signals and bytes in message queues are counted by user (getrlimit(2)), and root of the
 * sandbox is root of the host: a program may use up half of what there is.
 */
function limits(): Limit[] {
  return [
    ...(canLimitCores() ? [["core", RLIMIT_CORE, 1n] as const] : []),
    ...halfOf("sigpending", RLIMIT_SIGPENDING),
    ...halfOf("msgqueue", RLIMIT_MSGQUEUE),
  ];
}

function canLimitCores(): boolean {
  const limits = limitsOf(RLIMIT_CORE);
  if (limits?.[1] !== 0n) return limits !== undefined;
  limits[1] = 1n;
  return setLimits(RLIMIT_CORE, limits) === 0;
}

function halfOf(name: string, resource: number): Limit[] {
  const soft = limitsOf(resource)?.[0];
  return soft === undefined ? [] : [[name, resource, soft / 2n]];
}

function setLimits(resource: number, limits: BigUint64Array<ArrayBuffer>, pid = 0): number {
  return libc.prlimit(pid, resource, new Uint8Array(limits.buffer), null);
}

/** The soft and the hard limit of this process; undefined where they cannot be had. */
function limitsOf(resource: number): BigUint64Array<ArrayBuffer> | undefined {
  const limits = new BigUint64Array(2);
  return libc.prlimit(0, resource, null, new Uint8Array(limits.buffer)) < 0 ? undefined : limits;
}
