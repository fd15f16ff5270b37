/**
 * The name of a ball.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/**
 * A ball's name, checked: letters, digits, `.`, `_` and `-`, beginning with a letter or digit, and
 * no longer than a file name may be. So it is safe as one component of a path.
 */
export function parseBallName(text: string): string {
  if (!NAME.test(text)) {
    throw new DiscoError(
      `Cannot use ${JSON.stringify(text)} as the name of a ball: ` +
        `expected letters, digits, ".", "_" and "-", beginning with a letter or digit`,
    );
  }
  return text;
}
