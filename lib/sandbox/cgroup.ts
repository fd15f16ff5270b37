/**
 * Control groups for what runs in the sandbox, where there are some that bound processes or memory:
 * version 2, or the controllers of version 1, each in a hierarchy of its own
 * (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/pids.rst, cgroup-v1/memory.rst).
 *
 * @module
 */
import { dirname } from "@std/path";
import { lstat, nameOf, readdir, readMounts, readSmallFile } from "../posix/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { warning } from "../terminal/mod.ts";

/** Processes and threads of one sandbox; a fork bomb meets it soon. */
export const MOST_PROCESSES = 4096;

/** Bytes that the kernel may ask for at a time (`MEMCG_CHARGE_BATCH` pages). */
const BATCH = 64 * 4096;

/** Whose control groups: DISCO's run folder tells the dances of one state from those of another. */
export interface DanceName {
  /** DISCO's run folder. */
  readonly run: string;
  /** The dance's id. */
  readonly id: string;
}

/** Why the kernel ended programs: the bound of the group, or the whole machine. */
export type OutOfMemory = "limit" | "machine";

/** What has happened in a group so far. */
export interface Counts {
  readonly refusedProcesses: number;
  readonly memoryKills: number;
  readonly memoryLimits: number;
}

/** The control groups of one dance, one in each hierarchy that is needed. */
export class Cgroup {
  /** The folders, see {@linkcode Cgroup.join}. */
  readonly folders: readonly string[];
  readonly #pids: string | undefined;
  readonly #memory: string | undefined;

  /**
   * Make what can be made of them.
   *
   * @param memory Bytes that may be used, files in memory included.
   */
  constructor(name: DanceName, memory: number) {
    const folders = tops().filter((top) => !useless.has(top))
      .map((top) => `${top}/${folderName(name)}`).filter(isMade);
    this.#pids = folders.find((folder) => isSet(folder, "pids.max", MOST_PROCESSES));
    this.#memory = folders.find((folder) => boundMemory(folder, memory));
    const used = [this.#pids, this.#memory].filter((folder) => folder !== undefined);
    this.folders = [...new Set(used)];
    for (const folder of folders.filter((folder) => !this.folders.includes(folder))) {
      removeFolder(folder);
      useless.add(dirname(folder));
    }
  }

  /** Whether the kernel kills all of them if it must kill one; otherwise DISCO has to look. */
  get endsTogether(): boolean {
    return this.#memory === undefined || readNumber(`${this.#memory}/memory.oom.group`) === 1;
  }

  /** What has happened so far. */
  get counts(): Counts {
    const events = this.#memory && textOf(`${this.#memory}/memory.events`);
    const control = this.#memory && textOf(`${this.#memory}/memory.oom_control`);
    return {
      refusedProcesses: this.#pids ? field(textOf(`${this.#pids}/pids.events`), "max") : 0,
      memoryKills: field(events || control || "", "oom_kill"),
      memoryLimits: events ? field(events, "oom") : Number(this.#hasMetLimit),
    };
  }

  /** Version 1: new kernels do not count there how often a limit was met, but the peak is known. */
  get #hasMetLimit(): boolean {
    if (!this.#memory) return false;
    const peak = readNumber(`${this.#memory}/memory.max_usage_in_bytes`);
    return peak + BATCH >= readNumber(`${this.#memory}/memory.limit_in_bytes`);
  }

  /** Why programs were killed for lack of memory since then; undefined if none was. */
  outOfMemory(since: Counts): OutOfMemory | undefined {
    const now = this.counts;
    if (now.memoryKills === since.memoryKills) return undefined;
    return now.memoryLimits > since.memoryLimits ? "limit" : "machine";
  }

  /** Bring a process into the groups, with all that it will start. Throws where it cannot be done. */
  join(pid: number): void {
    for (const folder of this.folders) {
      try {
        Deno.writeTextFileSync(`${folder}/cgroup.procs`, String(pid));
      } catch (error) {
        throw new DiscoError(
          `Cannot bring a script into the control group ${folder}: ${messageOf(error)}`,
        );
      }
    }
  }

  /** End everything in the groups, where the kernel can do that. */
  kill(): void {
    for (const folder of this.folders) endAll(folder);
  }
}

/** Remove the control groups of a dance, with what a crash may have left in them; never throws. */
export function dropCgroup(name: DanceName): void {
  tops().map((top) => `${top}/${folderName(name)}`).filter((folder) => lstat(folder))
    .forEach(removeFolder);
}

/** The ids of the dances of this state that have left control groups. */
export function leftCgroups(run: string): string[] {
  const prefix = folderName({ run, id: "" });
  const left = tops().flatMap((top) => readdir(top)).map(({ name }) => name)
    .filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return [...new Set(left)];
}

/**
 * `disco-STATE-ID`: the state is known by its run folder and that folder's inode, because the dances
 * of several containers can share one hierarchy.
 */
function folderName({ run, id }: DanceName): string {
  const stat = lstat(run);
  const key = new TextEncoder().encode(`${run} ${stat?.dev} ${stat?.ino}`);
  // FNV-1a: to tell a few states apart, not to keep a secret.
  const hash = key.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
  return `disco-${hash.toString(16).padStart(8, "0")}-${id}`;
}

let known: string[] | undefined;
/** Those that bound nothing, as was found out. */
const useless = new Set<string>();

/** Where the hierarchies are mounted that may be of use, version 2 first; looked up once. */
function tops(): string[] {
  const isUseful = (options: readonly string[]) =>
    options.includes("pids") || options.includes("memory");
  return known ??= readMounts().filter(({ options }) => options.includes("rw"))
    .filter(({ type, superOptions }) =>
      type === "cgroup2" || (type === "cgroup" && isUseful(superOptions))
    )
    .sort((a, b) => Number(b.type === "cgroup2") - Number(a.type === "cgroup2"))
    .map(({ path }) => path);
}

function isMade(folder: string): boolean {
  try {
    if (!lstat(folder)) Deno.mkdirSync(folder);
    return true;
  } catch {
    // Not ours to write, or read-only: the PID namespace ends what runs in it, too.
    return false;
  }
}

/** Bound the memory of a group; false where its hierarchy does not count memory. */
function boundMemory(folder: string, bytes: number): boolean {
  if (isSet(folder, "memory.max", bytes)) {
    isSet(folder, "memory.swap.max", 0);
    isSet(folder, "memory.oom.group", 1);
    return true;
  }
  if (!isSet(folder, "memory.limit_in_bytes", bytes)) return false;
  isSet(folder, "memory.max_usage_in_bytes", 0);
  // Memory and swap together.
  isSet(folder, "memory.memsw.limit_in_bytes", bytes);
  return true;
}

/** Write a setting of a group; false where it does not have it. */
function isSet(folder: string, file: string, value: number): boolean {
  try {
    if (!lstat(`${folder}/${file}`)) return false;
    Deno.writeTextFileSync(`${folder}/${file}`, String(value));
    return true;
  } catch {
    return false;
  }
}

function endAll(folder: string): void {
  isSet(folder, "cgroup.kill", 1);
}

/** How often to look whether a group is empty, and how long to wait in between. */
const LOOKS = 50;
const PAUSE_MS = 10;

function removeFolder(folder: string): void {
  try {
    endAll(folder);
    // The kernel takes a moment to remove what was killed.
    for (let looks = 0; looks < LOOKS && textOf(`${folder}/cgroup.procs`) !== ""; looks++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
    Deno.removeSync(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    warning(`the control group ${folder} is left: ${messageOf(error)}`);
  }
}

function textOf(path: string): string {
  const bytes = readSmallFile(path);
  return bytes === undefined ? "" : nameOf(bytes).trim();
}

function readNumber(path: string): number {
  return Number(textOf(path) || 0);
}

/** The number in a line `NAME NUMBER`; 0 where there is none. */
function field(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}
