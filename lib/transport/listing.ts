/**
 * The names that a fetched tree of parameters or a ball holds: of groups, of balls.
 *
 * @module
 */
import { join } from "@std/path";
import { parseBallName, parseRequires, type Requirement } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { isThere, namesIn } from "../files/look.ts";

/** The names below `member/` or `modules/` of the tree at `dir`; `shown` is what errors call it. */
export function namesListed(dir: string, folder: "member" | "modules", shown: string): string[] {
  return namesIn(join(dir, folder)).map((name) => {
    try {
      return parseBallName(name);
    } catch (cause) {
      if (!(cause instanceof DiscoError)) throw cause;
      const what = folder === "member" ? "group" : "ball";
      throw new DiscoError(
        `Cannot use "${printable(name)}" in "${shown}/${folder}" as the name of a ${what}: ` +
          'expected letters, digits, ".", "_" and "-", beginning with a letter or digit',
        { hint: "correct the name on the server", cause },
      );
    }
  });
}

/**
 * Names that may be meant as groups: empty files right below `groups/`, where membership was written
 * once. (What else is there are parameters: the original's ball `groups` has `groups/present/NAME`.)
 */
export function oldMemberships(dir: string): string[] {
  const folder = join(dir, "groups");
  const members = namesIn(join(dir, "member"));
  return namesIn(folder).filter((name) => !members.includes(name) && isBallName(name))
    .filter((name) => isEmptyFile(join(folder, name)));
}

function isEmptyFile(path: string): boolean {
  const { isFile, size } = Deno.lstatSync(path);
  return isFile && size === 0;
}

function isBallName(name: string): boolean {
  try {
    return parseBallName(name) !== "";
  } catch {
    return false;
  }
}

/** What the ball at `dir` requires. */
export function requirementsOf(dir: string, ball: string): Requirement[] {
  const path = join(dir, "requires");
  return isThere(path) ? parseRequires(Deno.readTextFileSync(path), `balls/${ball}/requires`) : [];
}
