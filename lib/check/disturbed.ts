/**
 * What others did to the live root while a ball was checked: a ball must not be accused of it.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Since } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { TRIES } from "../dance/contest.ts";
import { DiscoError } from "../error/mod.ts";
import { info, printable } from "../terminal/mod.ts";
import type { CheckResult } from "./result.ts";

/** A check, and who else worked on the live root since its first round began. */
export interface Checked {
  readonly result: CheckResult;
  readonly others: Since;
}

/**
 * Check, and once more where the rounds differ at paths that others have changed meanwhile. A path
 * that they change each time is an error that names it.
 */
export async function untilUndisturbed(
  { ball, root }: { ball: string; root: string },
  check: () => Promise<Checked>,
): Promise<CheckResult> {
  for (let tries = 1;;) {
    const checked = await check();
    const path = disturbedPath(checked, root);
    if (path === undefined) return checked.result;
    const why = `another process has changed "${printable(path)}" during the check`;
    if (tries === TRIES) {
      throw new DiscoError(`Cannot check ball "${ball}": ${why}, ${TRIES} times`, {
        hint: "find out who writes there, then check again; nothing has been changed",
      });
    }
    info(`${why}; checking again (${++tries} of ${TRIES})`);
  }
}

/** The first path that is not as predicted, or changed again, and that others have changed. */
function disturbedPath({ result, others }: Checked, root: string): string | undefined {
  using live = new Tree(root);
  const isDisturbed = (path: string) => {
    // Nothing but its directory shows that a file was made or removed.
    const stat = live.stat(path) ?? live.stat(dirname(path));
    return stat !== undefined && others.isChanged(stat);
  };
  return [...result.surprises, ...result.again].map(({ path }) => path).find(isDisturbed);
}
