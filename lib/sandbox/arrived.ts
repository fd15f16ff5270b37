/**
 * Commands of the policy before which nothing stands: those that balls install or replace.
 *
 * @module
 */
import { isMissing, Tree } from "../door/mod.ts";
import { type Rule, shimmedCommands, stubFor } from "../effects/mod.ts";
import { nameOf } from "../posix/mod.ts";
import { isBelow, type Union } from "../union/mod.ts";
import { COMMAND_FOLDERS } from "./commands.ts";
import { realPath } from "./real_path.ts";

/** Commands that had no stub in the first place, such as those of a read-only file system. */
const bare = new WeakMap<Union, string[]>();
/** Names in a folder of a layer that are looked at; where there are more, all commands are. */
const MOST_NAMES = 5_000;

/** Commands that no stub stands in for in the union as it is now, and where they are. */
export function arrivedCommands(union: Union, rules: readonly Rule[]): Map<string, string> {
  using tree = new Tree(union.mountpoint);
  const folders = [...new Set(COMMAND_FOLDERS.map((f) => realPath(tree, f) ?? f))];
  const commands = shimmedCommands(rules);
  const known = bare.get(union);
  // To look at each command each time would cost more than to start the script.
  const written = known ? folders.map((folder) => writtenNames(union, folder)) : [undefined];
  const suspects = written.includes(undefined)
    ? new Set(commands)
    : new Set([...known!, ...written.flatMap((names) => names!)]);
  const arrived = new Map<string, string>();
  for (const command of commands.filter((name) => suspects.has(name))) {
    const folder = folders.find((folder) => isBare(tree, `${folder}/${command}`));
    if (folder !== undefined) arrived.set(command, `${folder}/${command}`);
  }
  if (!known) bare.set(union, [...arrived.keys()]);
  return arrived;
}

/** The names in a folder that balls have written or removed; undefined where they are too many. */
function writtenNames(union: Union, folder: string): string[] | undefined {
  const inner = union.places.reduce(
    (found, { path }, i) =>
      isBelow(path, folder) && path.length >= union.places[found]!.path.length ? i : found,
    0,
  );
  const { path } = union.places[inner]!;
  const rest = path === "/" ? folder : folder.slice(path.length);
  const names: string[] = [];
  for (const layer of union.layers) {
    names.push(...namesIn(union.upper(layer, inner), rest));
    if (names.length >= MOST_NAMES) return undefined;
  }
  return names;
}

function namesIn(upper: string, folder: string): string[] {
  try {
    using layer = new Tree(upper);
    return layer.list(folder, MOST_NAMES).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Whether there is a command that is no stub. */
function isBare(tree: Tree, path: string): boolean {
  const stat = tree.stat(path);
  if (!stat) return false;
  const stub = stubFor(path.slice(path.lastIndexOf("/") + 1));
  const bytes = stat.size === stub.length ? tree.read(path) : undefined;
  return bytes === undefined || nameOf(bytes) !== stub;
}
