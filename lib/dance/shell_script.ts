/**
 * The text of a ball's script, for what is told by looking at it.
 *
 * @module
 */
import { type Ball, interpreterName, isShell } from "../ball/mod.ts";
import { nameOf, readSmallFile } from "../posix/mod.ts";

/** Bytes of a script that are looked at; what is longer is not a script that a person wrote. */
const LONGEST = 1 << 18;

/** A script, and what it is written for. */
export interface ScriptText {
  readonly text: string;
  /** Such as `bash` or `python3`. */
  readonly interpreter: string;
}

/** The script at a path of the ball's folder; undefined where it is too long. */
export function scriptOf(ball: Ball, path: string): ScriptText | undefined {
  const bytes = readSmallFile(`${ball.dir}/${path}`, LONGEST);
  return bytes && { text: nameOf(bytes), interpreter: interpreterName(bytes) };
}

/** The text of a shell script; undefined where it is too long, or for no shell. */
export function shellScriptOf(ball: Ball, path: string): string | undefined {
  const script = scriptOf(ball, path);
  return script && isShell(script.interpreter) ? script.text : undefined;
}
