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
  constructor(readonly path: string) {
    super(`Cannot merge "${printable(path)}": somebody else has changed it during the dance`, {
      hint: "find out who writes there, then dance again; nothing has been changed",
    });
  }
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
