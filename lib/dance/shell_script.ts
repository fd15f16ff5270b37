/**
 * The text of a ball's shell script, for what is told by looking at it.
 *
 * @module
 */
import { type Ball, interpreterName, isShell } from "../ball/mod.ts";
import { nameOf, readSmallFile } from "../posix/mod.ts";

/** Bytes of a script that are looked at; what is longer is no script that a person has written. */
const LONGEST = 1 << 18;

/** The script at a path of the ball's folder; undefined where it is too long, or for no shell. */
export function shellScriptOf(ball: Ball, path: string): string | undefined {
  const bytes = readSmallFile(`${ball.dir}/${path}`, LONGEST);
  return bytes && isShell(interpreterName(bytes)) ? nameOf(bytes) : undefined;
}
