/**
 * DISCO and the processes that it has started, which are not the live system's: questions about processes are
 * asked where they cannot be seen.
 *
 * @module
 */
import {
  inCopyOfMounts,
  mount,
  MS,
  nameOf,
  readdir,
  readMounts,
  readSmallFile,
  SyscallError,
} from "../posix/mod.ts";

/** Processes that are looked at. */
const MOST = 200_000;
/** Processes that are covered: while that is done, nothing else is. */
const MOST_COVERED = 256;
/** What mount(2) says where a process has ended: ENOENT, ESRCH. */
const ENDED = [2, 3];

/**
 * Start something that sees neither this process in /proc (proc(5)) nor its descendants, but those that
 * come later. Throws where they are too many, or cannot be covered.
 */
export function withoutOwnProcesses<T>(start: () => T): T {
  const own = withDescendants(Deno.pid);
  if (own.length > MOST_COVERED) {
    throw new Error(`the sandbox has more than ${MOST_COVERED} processes`);
  }
  return inCopyOfMounts(() => {
    const flags = MS.RDONLY | MS.NOSUID | MS.NODEV | MS.NOEXEC;
    for (const pid of own) cover(`/proc/${pid}`, flags);
    return start();
  });
}

/** Why the live system would not tell of all processes; undefined if it does. */
export function whyHidden(): string | undefined {
  const proc = readMounts().findLast(({ path }) => path === "/proc");
  const hidden = proc?.superOptions.find((option) => /^hidepid=(?!0|off)/.test(option));
  return hidden && `the live system hides processes of others (/proc has the option ${hidden})`;
}

/** A process and all below it, as far as they can be seen. */
function withDescendants(top: number): number[] {
  const parents = readdir("/proc", undefined, MOST).map(({ name }) => Number(name))
    .filter(Number.isInteger).map((pid) => [pid, parentOf(pid)] as const);
  const children = Map.groupBy(parents, ([, parent]) => parent);
  const found = new Set([top]);
  for (const pid of found) for (const [child] of children.get(pid) ?? []) found.add(child);
  return [...found];
}

/** The fourth field of proc_pid_stat(5); the second one may hold blanks and parentheses. */
function parentOf(pid: number): number | undefined {
  try {
    const bytes = readSmallFile(`/proc/${pid}/stat`);
    const parent = bytes && /^\S \d+/.exec(nameOf(bytes).replace(/^.*\) /s, ""))?.[0].slice(2);
    return parent ? Number(parent) : undefined;
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function cover(folder: string, flags: number): void {
  try {
    mount("disco-hidden", folder, "tmpfs", flags, "size=4k,mode=0000");
  } catch (error) {
    if (!(error instanceof SyscallError && ENDED.includes(error.errno))) throw error;
  }
}
