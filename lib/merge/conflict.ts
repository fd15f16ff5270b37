/**
 * Another process was faster.
 *
 * @module
 */
import { isMissing, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { Descent, E, lstat, readdirOf, type Stat, SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Targets of the merge were changed by others while the balls ran. */
export class ConflictError extends DiscoError {
  override name = "ConflictError";
  /** The targets; the first is in the message. */
  readonly paths: readonly string[];

  constructor(
    paths: string | readonly string[],
    message?: string,
    hint = "find out who writes there",
  ) {
    const all = typeof paths === "string" ? [paths] : paths;
    super(
      message ??
        `Cannot merge "${printable(all[0]!)}": another process has changed it during the dance`,
      { hint: `${hint}, then dance again; nothing has been changed` },
    );
    this.paths = all;
  }

  /** The first of the targets. */
  get path(): string {
    return this.paths[0]!;
  }
}

/** Steps of the clock below this many milliseconds are its slewing (adjtime(3): 0.5 ms a second). */
const SLEW = 1000;

/** Milliseconds since the epoch at which the machine was booted, as its clock says now. */
export function bootTime(): number {
  const [seconds = ""] = Deno.readTextFileSync("/proc/uptime").split(" ");
  return Date.now() - Number(seconds) * 1000;
}

/** Throw if the clock was set back: what was changed meanwhile may look older than the union. */
export function requireClock(bootTimeBefore: number): void {
  if (bootTime() > bootTimeBefore - SLEW) return;
  throw new ConflictError(
    "/",
    "Cannot merge: the clock was set back during the dance, which hides what others have changed",
    "let the clock be right",
  );
}

/**
 * Whether anything in a directory has changed by a rule that is asked of each entry; what cannot be
 * followed because others move it counts as changed.
 */
export function isChangedBelow(
  tree: Tree,
  path: string,
  isChanged: (stat: Stat, path: string) => boolean,
): boolean {
  try {
    using inode = tree.hold(path);
    using descent = new Descent(inode.reopen());
    return walk(descent, path, isChanged);
  } catch (error) {
    const moved: readonly number[] = [E.XDEV, E.STALE];
    const isMoved = error instanceof SyscallError && moved.includes(error.errno);
    if (isMoved || isMissing(error)) return true;
    throw error;
  }
}

function walk(
  descent: Descent,
  top: string,
  isChanged: (stat: Stat, path: string) => boolean,
): boolean {
  const list = (path: string) => ({
    path,
    names: readdirOf(descent.fd, path).map(({ name }) => name),
  });
  const levels = [list(top)];
  for (;;) {
    const { path, names } = levels.at(-1)!;
    const name = names.pop();
    if (name === undefined) {
      levels.pop();
      if (levels.length === 0) return false;
      descent.leave();
      continue;
    }
    const inner = `${path}/${name}`;
    const stat = lstat(name, descent.fd);
    if (!stat || isChanged(stat, inner)) return true;
    if (stat.type !== "directory") continue;
    descent.enter(name);
    levels.push(list(inner));
  }
}

/** The number of the user that the directory of a path belongs to; undefined where it is gone. */
export function directoryOwner(root: string, path: string): number | undefined {
  using live = new Tree(root);
  return live.stat(parentOf(path))?.uid;
}

/** The directory of an absolute path. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
