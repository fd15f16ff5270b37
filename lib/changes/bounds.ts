/**
 * How much a difference can hold.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";

/** Characters of a path. No program can name a longer one at once (PATH_MAX is 4096 bytes). */
const LONGEST_PATH = 8192;
/** Paths that balls have touched. */
const MOST_PATHS = 1_000_000;
/** Characters of all of them. */
const MOST_CHARACTERS = 128 * 1024 * 1024;

/** Counts the paths of one difference. */
export class Bounds {
  #paths = 0;
  #characters = 0;

  /** Throws, and names the ball, where a path is too long, or there are too many. */
  take(path: string, balls: readonly string[]): void {
    if (path.length > LONGEST_PATH) {
      throw refusal(
        balls,
        `"${printable(path.slice(0, 80))}..." is longer than ${LONGEST_PATH} characters`,
        "let it make fewer directories in one another",
      );
    }
    this.#characters += path.length;
    if (++this.#paths <= MOST_PATHS && this.#characters <= MOST_CHARACTERS) return;
    throw refusal(
      balls,
      this.#paths > MOST_PATHS
        ? `more than ${MOST_PATHS} paths were changed`
        : `the changed paths have more than ${MOST_CHARACTERS} characters`,
      "let it change less at once; what has so many files is better kept on a file system of its own",
    );
  }
}

function refusal(balls: readonly string[], why: string, hint: string): DiscoError {
  const ball = printable(balls.at(-1) ?? "");
  return new DiscoError(`Cannot work out the changes of ball "${ball}": ${why}`, { hint });
}
