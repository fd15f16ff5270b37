/**
 * Commands of the policy before which nothing stands: those that balls install or replace.
 *
 * @module
 */
import { type Rule, shimmedCommands, stubFor } from "../effects/mod.ts";
import { lstat, nameOf, readdir, readSmallFile } from "../posix/mod.ts";
import { isBelow, type Union } from "../union/mod.ts";
import { COMMAND_FOLDERS } from "./commands.ts";
import { realPath } from "./real_path.ts";

/** Commands that had no stub in the first place, such as those of a read-only file system. */
const bare = new WeakMap<Union, string[]>();

/** Commands that no stub stands in for in the union as it is now, and where they are. */
export function arrivedCommands(union: Union, rules: readonly Rule[]): Map<string, string> {
  const folders = [...new Set(COMMAND_FOLDERS.map((f) => realPath(union.mountpoint, f) ?? f))];
  const commands = shimmedCommands(rules);
  const known = bare.get(union);
  // To look at each command each time would cost more than to start the script.
  const suspects = known
    ? new Set([...known, ...folders.flatMap((folder) => writtenNames(union, folder))])
    : new Set(commands);
  const arrived = new Map<string, string>();
  for (const command of commands.filter((name) => suspects.has(name))) {
    const folder = folders.find((folder) => isBare(`${union.mountpoint}${folder}/${command}`));
    if (folder !== undefined) arrived.set(command, `${folder}/${command}`);
  }
  if (!known) bare.set(union, [...arrived.keys()]);
  return arrived;
}

/** The names in a folder that balls have written or removed. */
function writtenNames(union: Union, folder: string): string[] {
  const inner = union.places.reduce(
    (found, { path }, i) =>
      isBelow(path, folder) && path.length >= union.places[found]!.path.length ? i : found,
    0,
  );
  const { path } = union.places[inner]!;
  const rest = path === "/" ? folder : folder.slice(path.length);
  return union.layers.map((layer) => union.upper(layer, inner) + rest)
    .filter((upper) => lstat(upper)?.type === "directory")
    .flatMap((upper) => readdir(upper).map(({ name }) => name));
}

/** Whether there is a command that is no stub. */
function isBare(path: string): boolean {
  const stat = lstat(path);
  if (!stat) return false;
  const stub = stubFor(path.slice(path.lastIndexOf("/") + 1));
  const bytes = stat.size === stub.length ? readSmallFile(path) : undefined;
  return bytes === undefined || nameOf(bytes) !== stub;
}
