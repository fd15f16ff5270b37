/**
 * The mount namespace of a dance: made, entered, left.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import {
  close,
  createFile,
  currentMounts,
  enterMounts,
  keepNoAccessTimes,
  lstat,
  mkdir,
  mount,
  MS,
  switchMounts,
  unmount,
  unshareMounts,
} from "../posix/mod.ts";
import { run } from "../process/run.ts";
import { ground } from "./ground.ts";
import { requireKernel } from "./kernel.ts";
import { mountScratch, type ScratchOptions } from "./scratch.ts";
import { Union, type UnionState } from "./union.ts";

/** What a union is made from. */
export interface UnionOptions {
  /** The live root. */
  readonly root: string;
  /** A folder of this dance's own, such as `/run/disco/<id>`; it must be there. */
  readonly folder: string;
  /** DISCO's own folders: mounts in them are not part of the union. */
  readonly hidden: readonly string[];
  readonly scratch: ScratchOptions;
  /** Keep the namespace after the end of this process, for stages that run alone. */
  readonly persist: boolean;
}

/** A union that the calling thread has entered; `leave` brings it back to the host's mounts. */
export interface EnteredUnion {
  readonly union: Union;
  /** What of the live root cannot be read or written there, a line for each reason. */
  readonly gaps?: readonly string[];
  /** Where the layers lie, which may not be where it was wished. */
  readonly scratch?: ScratchOptions["kind"];
  leave(): void;
}

/**
 * Make a private mount namespace, enter it, and mount the union of the live root there. Without
 * `persist` the kernel takes everything down with this process, however it ends.
 */
export async function createUnion(options: UnionOptions): Promise<EnteredUnion> {
  requireKernel();
  const scratch = `${options.folder}/scratch`;
  mkdir(scratch, 0o700);
  const leave = await enterNew(options);
  try {
    const kind = await mountScratch(scratch, options.scratch);
    const { root, hidden } = options;
    const { places, gaps } = ground().lay({ root, hidden, base: `${scratch}/base` });
    const isVolatile = kind === "disk";
    const state = {
      scratch,
      root,
      places,
      layers: [],
      top: null,
      next: 1,
      isVolatile,
      mounts: {},
    };
    const union = new Union(state);
    union.begin("");
    return { union, gaps, scratch: kind, leave };
  } catch (error) {
    unmount(scratch, true);
    leave();
    if (options.persist) dropHandle(options.folder);
    throw error;
  }
}

/** Enter the namespace of a union that another process made with `persist`. */
export function openUnion(folder: string, state: UnionState): EnteredUnion {
  const host = here();
  try {
    enterMounts(handleIn(folder));
  } catch (error) {
    close(host.mounts);
    throw new DiscoError(`Cannot enter the union of the dance in progress: ${messageOf(error)}`, {
      hint: "take it down with fs-unmount, then begin again with fs-mount",
      cause: error,
    });
  }
  return { union: new Union(state), leave: wayBack(host) };
}

/** Take away what keeps a namespace alive; its mounts go with it. Safe to call again. */
export function closeUnion(folder: string): void {
  dropHandle(folder);
  const scratch = lstat(`${folder}/scratch`);
  // Without the right to mount there is none to unmount either, not even what is not a mount.
  if (scratch && scratch.mount !== lstat(folder)?.mount) unmount(`${folder}/scratch`, true);
}

async function enterNew({ folder, persist }: UnionOptions): Promise<() => void> {
  const host = here();
  try {
    if (persist) {
      await makeHandle(folder);
      enterMounts(handleIn(folder));
    } else unshareMounts();
    keepNoAccessTimes();
  } catch (error) {
    close(host.mounts);
    throw new DiscoError(`Cannot make a mount namespace: ${messageOf(error)}`, {
      hint: "this needs root, and CAP_SYS_ADMIN in a container",
      cause: error,
    });
  }
  return wayBack(host);
}

/** Where the thread was before: its mounts, and its working directory, which setns(2) resets. */
interface Origin {
  readonly mounts: number;
  readonly folder: string;
}

function here(): Origin {
  return { mounts: currentMounts(), folder: Deno.cwd() };
}

/** The way back there, which is gone once. */
function wayBack({ mounts, folder }: Origin): () => void {
  let isBack = false;
  return () => {
    if (isBack) return;
    isBack = true;
    switchMounts(mounts);
    close(mounts);
    Deno.chdir(folder);
  };
}

function handleIn(folder: string): string {
  return `${folder}/handle/mnt`;
}

/** A namespace can only be kept on a private mount, so the folder is bind-mounted on itself. */
async function makeHandle(folder: string): Promise<void> {
  const home = `${folder}/handle`;
  mkdir(home, 0o700);
  mount(home, home, "", MS.BIND);
  mount("none", home, "", MS.PRIVATE);
  createFile(handleIn(folder), new Uint8Array(), 0o600);
  const unshare = ["unshare", `--mount=${handleIn(folder)}`, "--propagation", "slave", "true"];
  try {
    await run(unshare);
  } catch (error) {
    if (!messageOf(error).includes("Invalid argument")) throw error;
    await onAnyProcessor(unshare, error);
  }
}

/**
 * A namespace can be kept only by one with a smaller number (mnt_ns_loop() in fs/namespace.c). Linux
 * 6.18 hands out the numbers for each processor apart, so that a younger namespace may have a smaller
 * one than the container's that DISCO runs in; on the processor that numbered the container it has
 * not.
 */
async function onAnyProcessor(argv: readonly string[], cause: unknown): Promise<void> {
  for (let cpu = 0; cpu < navigator.hardwareConcurrency; cpu++) {
    try {
      return void await run(["taskset", "--cpu-list", String(cpu), ...argv]);
    } catch {
      // Another processor, then.
    }
  }
  throw cause;
}

function dropHandle(folder: string): void {
  if (!lstat(`${folder}/handle`)) return;
  unmount(handleIn(folder), true);
  unmount(`${folder}/handle`, true);
}
