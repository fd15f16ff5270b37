/**
 * What waits for the merge must fit what the merge makes: known before anything is merged.
 *
 * @module
 */
import { parse } from "@std/path";
import type { Change } from "../result/mod.ts";
import { follow, FollowError, Tree } from "../door/mod.ts";
import { commandLine, type Effect, isOfScripts } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/mod.ts";
import type { Mounted } from "./values.ts";
import { refuseWaitingMounts } from "./waiting_mounts.ts";

/** Throw for an effect that cannot be carried out, or that makes changes miss their place. */
export function refuseUnfit(
  { context, mounted }: Mounted,
  effects: readonly Effect[],
  changes: readonly Change[],
): void {
  if (context.root !== "/") return;
  refuseWaitingMounts(effects, changes, mounted.mountpoint);
  refuseLostFolders(effects, mounted.mountpoint);
  refuseLostFiles(effects, mounted.mountpoint);
}

/** A file that a word of an effect names, and that a script has removed or renamed again. */
function refuseLostFiles(effects: readonly Effect[], union: string): void {
  using tree = new Tree(union);
  for (const { ball, script, argv, needs = [] } of effects) {
    const lost = needs.find((path) => path.startsWith("/") && !isThere(tree, path));
    if (lost === undefined) continue;
    throw new DiscoError(
      `Cannot apply ball "${ball}": "${commandLine(argv)}" of ${
        printable(script)
      } is carried out ` +
        `after the merge, and the dance has removed "${printable(lost)}", which it names`,
      { hint: "let the file stay, give it on standard input, or do both in post/" },
    );
  }
}

/** A link that leads nowhere is there. */
function isThere(tree: Tree, path: string): boolean {
  try {
    const { dir, base } = parse(path.replace(/(\/\.?)+$/, ""));
    if (base === "" || base === "..") return true;
    const { path: folder } = follow(tree, dir);
    return tree.stat(`${folder === "/" ? "" : folder}/${base}`) !== undefined;
  } catch (error) {
    if (!(error instanceof FollowError)) throw error;
    return error.kind !== "missing" && error.kind !== "file";
  }
}

/** A folder that a later script, or the same one, has removed again. */
function refuseLostFolders(effects: readonly Effect[], union: string): void {
  using tree = new Tree(union);
  const lost = effects.find(({ cwd }) => !isOfScripts(cwd) && !isFolder(tree, cwd));
  if (!lost) return;
  const { ball, script, argv, cwd } = lost;
  throw new DiscoError(
    `Cannot apply ball "${ball}": "${commandLine(argv)}" of ${printable(script)} runs in ` +
      `"${printable(cwd)}" after the merge, which the dance has removed`,
    { hint: "let the script change to a folder that stays, such as /, before it" },
  );
}

function isFolder(tree: Tree, path: string): boolean {
  try {
    return follow(tree, path).stat.type === "directory";
  } catch (error) {
    if (!(error instanceof FollowError)) throw error;
    // Of others the effect says itself what is wrong.
    return error.kind !== "missing" && error.kind !== "file";
  }
}
