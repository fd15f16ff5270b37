/**
 * Somebody else was faster.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";

/** A target of the merge was changed by somebody else while the balls ran. */
export class ConflictError extends DiscoError {
  override name = "ConflictError";
  constructor(readonly path: string) {
    super(`Cannot merge "${printable(path)}": somebody else has changed it during the dance`, {
      hint: "find out who writes there, then dance again; nothing has been changed",
    });
  }
}
