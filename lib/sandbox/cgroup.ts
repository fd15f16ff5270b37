/**
 * A control group for what runs in the sandbox, where one can be had that counts processes: version
 * 2, or the `pids` controller of version 1 (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/pids.rst).
 *
 * @module
 */
import { lstat, nameOf, readdir, readFile } from "../posix/mod.ts";
import { readMounts } from "../union/mod.ts";

/** Processes and threads of one sandbox; a fork bomb meets it soon. */
export const MOST_PROCESSES = 4096;

/** The folder of a new control group, or undefined where there can be none. */
export function makeCgroup(id: string): string | undefined {
  return tops().map((top) => `${top}/disco-${id}`).find(canBound);
}

function canBound(folder: string): boolean {
  try {
    if (!lstat(folder)) Deno.mkdirSync(folder);
    if (lstat(`${folder}/pids.max`)) {
      Deno.writeTextFileSync(`${folder}/pids.max`, String(MOST_PROCESSES));
      return true;
    }
    Deno.removeSync(folder);
    return false;
  } catch {
    // Not ours to write, or read-only: the PID namespace ends what runs in it, too.
    return false;
  }
}

/** End everything in a control group, where it can do that. */
export function killCgroup(folder: string): void {
  if (lstat(`${folder}/cgroup.kill`)) Deno.writeTextFileSync(`${folder}/cgroup.kill`, "1");
}

/** How often the bound of the dance's control group has kept a process from starting. */
export function refusedProcesses(id: string): number {
  const events = tops().map((top) => `${top}/disco-${id}/pids.events`).find((path) => lstat(path));
  return events === undefined ? 0 : Number(/^max (\d+)$/m.exec(nameOf(readFile(events)))?.[1] ?? 0);
}

/** Remove the control group of a dance, with what a crash may have left in it. */
export function dropCgroup(id: string): void {
  for (const folder of tops().map((top) => `${top}/disco-${id}`).filter((f) => lstat(f))) {
    try {
      killCgroup(folder);
      // The kernel takes a moment to bury what was killed.
      for (let tries = 0; tries < 100 && !isEmpty(folder); tries++) pause(10);
      Deno.removeSync(folder);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Control groups that dances have left, by the dances' ids. */
export function leftCgroups(): string[] {
  const left = tops().flatMap((top) => readdir(top)).map(({ name }) =>
    /^disco-(\d{8}T\d{6}Z-[0-9a-f]{6})$/.exec(name)?.[1]
  );
  return [...new Set(left.filter((id) => id !== undefined))];
}

let known: string[] | undefined;

/** Where the hierarchies are mounted that may count processes; looked up once. */
function tops(): string[] {
  return known ??= readMounts().filter(({ type, options, superOptions }) =>
    options.includes("rw") &&
    (type === "cgroup2" || (type === "cgroup" && superOptions.includes("pids")))
  ).map(({ path }) => path);
}

function isEmpty(folder: string): boolean {
  return nameOf(readFile(`${folder}/cgroup.procs`)).trim() === "";
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
