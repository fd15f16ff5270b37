/**
 * What a user cannot read or write, collected by reason.
 *
 * @module
 */
import { counted } from "../text/counted.ts";

/** Paths that are named for each reason. */
const NAMED = 4;

/** Collects paths, and tells of them in a line for each reason. */
export class Gaps {
  readonly #paths = new Map<string, string[]>();

  /** Note a path; `reason` is what is true of it, such as `cannot be read`. */
  note(reason: string, path: string): void {
    const known = this.#paths.get(reason);
    if (known) known.push(path);
    else this.#paths.set(reason, [path]);
  }

  /** Such as `2 paths cannot be read: /a, /b`. */
  get lines(): string[] {
    return [...this.#paths].map(([reason, paths]) => {
      const named = paths.slice(0, NAMED).join(", ");
      const rest = paths.length > NAMED ? ", ..." : "";
      return `${counted(paths.length, "path")} ${reason}: ${named}${rest}`;
    });
  }
}
