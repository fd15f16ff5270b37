/**
 * The file that a plan is saved in.
 *
 * @module
 */
import { chosenFile } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { readAll, withFile } from "../posix/mod.ts";
import { writeChosen } from "../files/write_chosen.ts";
import { jsonPieces, printable } from "../terminal/mod.ts";
import { parseSavedPlan } from "./parse.ts";
import type { SavedPlan } from "./saved_plan.ts";

/** Bytes of a file that is read. */
const LARGEST = 256 << 20;

/** Write a plan, readable for its owner only. */
export function writeSavedPlan(file: string, plan: SavedPlan): void {
  writeChosen(file, jsonPieces(plan, 1), 0o600);
}

/**
 * Read a plan. A user who can write to the file decides what is merged: it must belong to root, or to
 * the account that asks, and nobody else may write to it. Throws a {@linkcode DiscoError}.
 */
export function readSavedPlan(file: string): SavedPlan {
  try {
    return parseSavedPlan(textOf(file));
  } catch (cause) {
    const hint = "save a plan with disco dance --noop --save FILE";
    const message = `Cannot use the plan "${printable(file)}": ${printable(messageOf(cause))}`;
    throw new DiscoError(message, { cause, hint });
  }
}

function textOf(file: string): string {
  using chosen = chosenFile(file);
  const { folder, name, path, there } = chosen;
  if (!there) throw new Error("there is no such file");
  if (there.type !== "file") throw new Error("it is not a regular file");
  if (there.uid !== 0 && there.uid !== Deno.uid()) {
    throw new Error(`it belongs to user ${there.uid}, not to root`);
  }
  if ((there.mode & 0o022) !== 0) {
    throw new Error(`others can write to it (mode ${(there.mode & 0o7777).toString(8)})`);
  }
  if (there.size > LARGEST) throw new Error(`it has more than ${LARGEST} bytes`);
  return withFile(
    folder.openFile(name, there),
    (fd) => new TextDecoder("utf-8", { fatal: true }).decode(readAll(fd, there.size, path)),
  );
}
