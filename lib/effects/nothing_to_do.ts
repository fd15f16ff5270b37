/**
 * Effects that found nothing to act on: no failure, and nothing that another try could change.
 *
 * @module
 */
import { basename } from "@std/path";

/**
 * Whether `pkill` or `killall` found no process: exit code 1 (pkill(1), killall(1)), which `killall` has
 * for a signal that it does not know, too; so what it printed counts.
 */
export function hadNothingToDo(
  [command = ""]: readonly string[],
  code: number,
  printed: readonly string[],
): boolean {
  return code === 1 && ["pkill", "killall"].includes(basename(command)) &&
    printed.every((line) => /^\s*$|: no process found\s*$/.test(line));
}
