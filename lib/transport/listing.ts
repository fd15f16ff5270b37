/**
 * The names that a fetched tree of parameters or a ball holds: of groups, of balls.
 *
 * @module
 */
import { join } from "@std/path";
import { parseBallName, parseRequires, type Requirement } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import { isThere, namesIn } from "./folder.ts";

/** The names below `groups/` or `modules/` of the tree at `dir`; `shown` is what errors call it. */
export function namesListed(dir: string, folder: "groups" | "modules", shown: string): string[] {
  return namesIn(join(dir, folder)).map((name) => {
    try {
      return parseBallName(name);
    } catch (cause) {
      if (!(cause instanceof DiscoError)) throw cause;
      const what = folder === "groups" ? "group" : "ball";
      throw new DiscoError(
        `Cannot use "${printable(name)}" in "${shown}/${folder}" as the name of a ${what}: ` +
          'expected letters, digits, ".", "_" and "-", beginning with a letter or digit',
        { hint: "correct the name on the server", cause },
      );
    }
  });
}

/** What the ball at `dir` requires. */
export function requirementsOf(dir: string, ball: string): Requirement[] {
  const path = join(dir, "requires");
  return isThere(path) ? parseRequires(Deno.readTextFileSync(path), `balls/${ball}/requires`) : [];
}
