/**
 * Commands of the policy that are met by name: all but those with a stand-in at their own path.
 *
 * @module
 */
import { isMissing, Tree } from "../door/mod.ts";
import { isOwnTarget } from "../effects/mod.ts";
import { isBelow, type Layer, type Union } from "../union/mod.ts";
import { COMMAND_FOLDERS } from "./commands.ts";
import { realPath } from "./real_path.ts";

/** Names in a folder of a layer that are looked at; where there are more, all commands are. */
const MOST_NAMES = 5_000;

/** Commands, and where they are. */
export type Commands = ReadonlyMap<string, string>;

/** Where commands were before any ball had written to their folders; undefined for "nowhere". */
const known = new WeakMap<Union, Map<string, string | undefined>>();

/**
 * Those of some commands that are in the union as it is now, which `tree` is, without a stand-in, and
 * where they are.
 */
export function commandsIn(union: Union, tree: Tree, commands: readonly string[]): Commands {
  const folders = [...new Set(COMMAND_FOLDERS.map((f) => realPath(tree, f) ?? f))];
  const lists = folders.map((folder) => writtenNames(union, folder));
  const written = lists.includes(undefined) ? undefined : new Set(lists.flatMap((list) => list!));
  const before = known.get(union) ?? new Map<string, string | undefined>();
  known.set(union, before);
  const find = (command: string) => {
    // To look at each command each time would cost more than to start the script.
    const isUntouched = written !== undefined && !written.has(command);
    if (isUntouched && before.has(command)) return before.get(command);
    const folder = folders.find((folder) => isBare(tree, `${folder}/${command}`));
    const path = folder && `${folder}/${command}`;
    if (isUntouched) before.set(command, path);
    return path;
  };
  return new Map(
    [...new Set(commands)].flatMap((command) => {
      const path = find(command);
      return path === undefined ? [] : [[command, path] as const];
    }),
  );
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
  const top = union.layers.at(-1);
  const look = (layer: Layer) => namesIn(union.upper(layer, inner), rest);
  for (const layer of union.layers) {
    const found = layer === top
      ? look(layer)
      : once(union, `${layer.number} ${inner} ${rest}`, () => look(layer));
    names.push(...found);
    if (names.length >= MOST_NAMES) return undefined;
  }
  return names;
}

/** The names that were found in the layers of each union that are written no more. */
const settled = new WeakMap<Union, Map<string, readonly string[]>>();

function once(union: Union, key: string, look: () => readonly string[]): readonly string[] {
  const known = settled.get(union) ?? new Map<string, readonly string[]>();
  settled.set(union, known);
  const found = known.get(key) ?? look();
  known.set(key, found);
  return found;
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

/** Whether there is a command that is not a stand-in. */
function isBare(tree: Tree, path: string): boolean {
  const stat = tree.stat(path);
  if (!stat) return false;
  return stat.type !== "symlink" || !isOwnTarget(tree.readlink(path));
}
