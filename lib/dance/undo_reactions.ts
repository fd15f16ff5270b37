/**
 * What the paths that an undo changes back set off: what reads them has to read them again.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Context } from "../context/mod.ts";
import { Tree } from "../door/mod.ts";
import type { Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { isServiceManager } from "../init/mod.ts";
import type { Journal } from "../merge/mod.ts";
import {
  type ChangedPath,
  type Ground,
  groundOf,
  hasProgram,
  loadLines,
} from "../on_change/mod.ts";
import { isReaction, reactedTo, reactionsTo, SHIPPED_REACTIONS } from "../reactions/mod.ts";
import { warning } from "../terminal/mod.ts";

type Operation = Journal["operations"][number];

/** Who asked for what follows an undo. */
const BALL = "(rollback)";

/**
 * The reactions to an undo: by the shipped lines and the node's own, not by those of balls, whose
 * effects an undo never repeats. A line that cannot be read or followed does not keep it back.
 */
export function undoReactions(
  { roots, node }: Context,
  operations: readonly Operation[],
): Effect[] {
  using live = new Tree("/");
  const ground = withoutGone(groundOf(live, live), operations);
  const changed = operations.map(changedBack);
  const load = (etc: string, params: string) =>
    loadLines("reactions", SHIPPED_REACTIONS, { etc, params, balls: [] });
  const react = (lines: ReturnType<typeof load>) =>
    reactionsTo(changed, lines.filter(({ argv }) => hasProgram(argv, ground)), ground);
  try {
    return react(load(roots.etc, `${roots.parameters}/${node}`));
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    warning(`${error.message}: only the shipped reactions follow the undo`);
    return react(load("/nowhere", "/nowhere"));
  }
}

/**
 * Those effects of the merge that were reactions and follow the undo as well: what they reacted to
 * changes back. Left out are those whose program, or a file that they name, the undo takes away.
 */
export function reactionsAgain(
  effects: readonly Effect[],
  operations: readonly Operation[],
): Effect[] {
  const isGone = goneAfter(operations);
  const again = effects.filter((effect) =>
    isReaction(effect) && !effect.argv.some(isGone) && !namesOneOf(effect, isGone)
  );
  if (again.length === 0) return [];
  using live = new Tree("/");
  const ground = withoutGone(groundOf(live, live), operations);
  return again.filter(({ argv }) => hasProgram(argv, ground));
}

/** Whether it names a file of the folder that it reacted to (`{names}`) which the undo takes away. */
function namesOneOf(effect: Effect, isGone: (path: string) => boolean): boolean {
  const [program = "", ...words] = effect.argv;
  // To these a word is the name of a service, which can be that of its file, too.
  if (isServiceManager(program)) return false;
  const folder = dirname(reactedTo(effect));
  return words.some((word) => !word.includes("/") && isGone(`${folder}/${word}`));
}

function changedBack(operation: Operation): ChangedPath {
  const { path } = operation;
  if (operation.kind === "attributes") return { path, ball: BALL, isFile: true, isTree: false };
  const { before, after } = operation;
  const isFile = before?.type === "file" || before?.type === "symlink";
  const isFolder = before?.type === "directory" || after?.type === "directory";
  return { path, ball: BALL, isFile, isTree: isFolder };
}

/** Whether the undo takes a path away. */
function goneAfter(operations: readonly Operation[]): (path: string) => boolean {
  const gone = operations.filter(({ before }) => before === null).map(({ path }) => path);
  return (path) => gone.some((one) => path === one || path.startsWith(`${one}/`));
}

/** Of programs that the undo takes away none can be run. */
function withoutGone(ground: Ground, operations: readonly Operation[]): Ground {
  const isGone = goneAfter(operations);
  return { ...ground, has: (path) => ground.has(path) && !isGone(path) };
}
