/**
 * What a line needs, and whether it is there: places of the finished tree and of the running system.
 *
 * @module
 */
import { basename } from "@std/path";
import type { OnChange } from "../ball/mod.ts";
import type { Tree } from "../door/mod.ts";
import { isOwnTarget } from "../effects/mod.ts";
import { INIT_PLACES, NEEDED_INIT } from "../init/mod.ts";
import { LIVE_PATH, realPath } from "../sandbox/mod.ts";
import { readMounts } from "../posix/mod.ts";
import { isShipped, type Kind } from "./load.ts";
import { own } from "../text/own.ts";

/** Where a command would run. */
export interface Ground {
  /** Whether the finished tree has a path. */
  readonly has: (path: string) => boolean;
  /** Whether the live system has one, or one of what `if=` names. */
  readonly isLive: (place: string) => boolean;
  /** Where a folder of the finished tree really is, links followed. */
  readonly real?: (folder: string) => string | undefined;
}

/** What the running system has while these run. */
const PLACES: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...INIT_PLACES].map(([name, { mark }]) => [name, mark])),
  udev: "/run/udev/control",
};
/** Places that no dance changes: the live system's are meant. */
const VOLATILE = /^\/(run|proc|sys|dev)(\/|$)/;
/** Commands that reach nobody unless this runs. */
const MANAGERS: Readonly<Record<string, string>> = {
  ...NEEDED_INIT,
  udevadm: "udev",
};

/** The ground of a dance; `finished` is the tree after it, open as long as the ground is used. */
export function groundOf(finished: Tree, live: Tree): Ground {
  const known = new Map<string, boolean>();
  const remembered = (key: string, find: () => boolean) => {
    const found = known.get(key) ?? find();
    known.set(key, found);
    return found;
  };
  const folders = new Map<string, string | undefined>();
  return {
    real: (folder) => {
      if (!folders.has(folder)) folders.set(folder, realPath(finished, folder));
      return folders.get(folder);
    },
    has: (path) =>
      remembered(path, () => realPath(finished, path) !== undefined || isStoodIn(finished, path)),
    isLive: (place) => remembered(`live:${place}`, () => isThere(live, place)),
  };
}

/** In the union, a link to what stands in for it hides a manager of services. */
function isStoodIn(finished: Tree, path: string): boolean {
  return finished.stat(path)?.type === "symlink" && isOwnTarget(finished.readlink(path));
}

function isThere(live: Tree, place: string): boolean {
  // In most containers settings of the kernel can only be read.
  if (place === "kernel") return isWritable("/proc/sys");
  return realPath(live, own(PLACES, place) ?? place) !== undefined;
}

function isWritable(path: string): boolean {
  const above = readMounts().filter((mount) =>
    path === mount.path || path.startsWith(`${mount.path}/`)
  );
  const nearest = above.reduce(
    (best, m) => m.path.length >= best.path.length ? m : best,
    above[0]!,
  );
  return nearest !== undefined && !nearest.options.includes("ro");
}

/** Why what a line needs is not there; undefined where it is. */
function whyNotHere(needs: readonly string[], ground: Ground): string | undefined {
  for (const need of needs) {
    const isPath = need.startsWith("/");
    if (isPath && !VOLATILE.test(need) ? ground.has(need) : ground.isLive(need)) continue;
    return isPath ? `there is no ${need}` : WHY[need];
  }
  return undefined;
}

const WHY: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...INIT_PLACES].map(([name, { label }]) => [name, `${label} does not run here`]),
  ),
  udev: "udev does not run here",
  kernel: "the kernel's settings cannot be written here",
};

/**
 * Why a line is left out on this system, a shipped one also because its program is missing. A reaction is
 * left out, too, where it would speak to a manager that does not run.
 */
export function whyLeftOut(line: OnChange, ground: Ground, kind: Kind): string | undefined {
  const manager = kind === "reactions" ? own(MANAGERS, basename(line.argv[0]!)) : undefined;
  const why = whyNotHere([...manager ? [manager] : [], ...line.needs], ground);
  if (why !== undefined || !isShipped(line) || hasProgram(line.argv, ground)) return why;
  return noProgram(line);
}

/** What is said of a line whose program is not there. */
export function noProgram({ argv }: OnChange): string {
  return `there is no ${argv[0]} in the finished tree`;
}

/** Whether the finished tree has the program of a command. */
export function hasProgram([program = ""]: readonly string[], ground: Ground): boolean {
  if (program.startsWith("/")) return ground.has(program);
  return LIVE_PATH.split(":").some((folder) => ground.has(`${folder}/${program}`));
}
