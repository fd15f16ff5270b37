/**
 * Somebody else was faster.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { lstat, readdir } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";

/** A target of the merge was changed by somebody else while the balls ran. */
export class ConflictError extends DiscoError {
  override name = "ConflictError";
  constructor(
    readonly path: string,
    message = `Cannot merge "${printable(path)}": somebody else has changed it during the dance`,
    hint = "find out who writes there",
  ) {
    super(message, { hint: `${hint}, then dance again; nothing has been changed` });
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

/** Whether anything in a directory has changed at a time (ns) or later. */
export function isChangedBelow(folder: string, since: bigint): boolean {
  return readdir(folder).some(({ name }) => {
    const path = `${folder}/${name}`;
    const stat = lstat(path);
    return !stat || stat.ctime >= since ||
      (stat.type === "directory" && isChangedBelow(path, since));
  });
}
