/**
 * What a throw-away host has besides files: processes, mounts, kernel settings, sockets.
 *
 * @module
 */
import { readdir, readFile, SyscallError } from "../../lib/posix/mod.ts";

/** A process of the host, as the host counts. */
export interface HostProcess {
  readonly pid: number;
  /** Empty for one that has ended and that nobody has waited for. */
  readonly argv: readonly string[];
}

/** The processes of a host; `pid` is its process 1, as the machine counts. */
export function readProcesses(pid: number): HostProcess[] {
  const proc = `/proc/${pid}/root/proc/`;
  return readdir(proc).filter(({ name }) => /^[0-9]+$/.test(name)).flatMap(({ name }) => {
    const argv = settledArgv(`${proc}${name}`);
    return argv ? [{ pid: Number(name), argv }] : [];
  }).sort((a, b) => a.pid - b.pid);
}

/** The arguments of a process; one amid execve(2) has none for a moment. */
function settledArgv(process: string): string[] | undefined {
  let argv = readArgv(`${process}/cmdline`);
  for (let i = 0; i < 200 && argv?.length === 0 && hasProgram(process); i++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    argv = readArgv(`${process}/cmdline`);
  }
  return argv;
}

/** A process that has ended, and that nobody has waited for, has no program. */
function hasProgram(process: string): boolean {
  try {
    Deno.readLinkSync(`${process}/exe`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyscallError) return false;
    if (error instanceof Error && /os error 3\b/.test(error.message)) return false;
    throw error;
  }
}

function readArgv(path: string): string[] | undefined {
  try {
    return new TextDecoder().decode(readFile(path)).split("\0").slice(0, -1);
  } catch (error) {
    // It has just ended.
    if (error instanceof SyscallError && ["ENOENT", "ESRCH"].includes(error.code)) return;
    throw error;
  }
}

/** The lines of a host's mountinfo. */
export function readMounts(pid: number): string[] {
  return Deno.readTextFileSync(`/proc/${pid}/mountinfo`).trimEnd().split("\n");
}

/**
 * A program that prints, line by line, the kernel settings that belong to the host's namespaces,
 * and its network interfaces, addresses, routes and sockets.
 */
export const PRINT_KERNEL_STATE = [
  "sh",
  "-c",
  "set --; " + [
    "grep -rsHI '' /proc/sys/net /proc/sys/kernel/hostname /proc/sys/kernel/domainname",
    "grep -rsHI '' /proc/sys/fs/mqueue /proc/sys/kernel/shmmax /proc/sys/kernel/sem",
    "ip -o addr",
    "ip route show table all",
    "cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 /proc/net/unix",
    "cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg",
  ].join("; "),
];
