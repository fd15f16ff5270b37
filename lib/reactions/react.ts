/**
 * What the changes of a merge set off.
 *
 * @module
 */
import type { OnChange } from "../ball/mod.ts";
import type { Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import {
  type ChangedPath,
  expand,
  type Expanded,
  followed,
  type Ground,
  hasProgram,
  Matcher,
  matchesOf,
  placeOf,
  whyLeftOut,
} from "../on_change/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";

/**
 * The reactions to changes, in the order of the lines, each command once. Throws a {@linkcode DiscoError}
 * for a line that cannot be followed: what it names is not in the finished tree.
 */
export function reactionsTo(
  changed: readonly ChangedPath[],
  lines: readonly OnChange[],
  ground: Ground,
): Effect[] {
  const matcher = new Matcher(changed);
  const asked = new Set<string>();
  return followed(lines, ground).flatMap((line) => {
    const matching = matchesOf(line, matcher);
    if (matching.length === 0 || whyLeftOut(line, ground, "reactions") !== undefined) return [];
    if (!hasProgram(line.argv, ground)) throw missingProgram(line, matching[0]!);
    return expand(line, matching).filter(({ argv }) => isNew(asked, argv)).map(effectOf);
  });
}

function isNew(asked: Set<string>, argv: readonly string[]): boolean {
  const key = JSON.stringify(argv);
  if (asked.has(key)) return false;
  asked.add(key);
  return true;
}

function effectOf({ argv, changed }: Expanded): Effect {
  return { ball: changed.ball, script: `${REACTION}${changed.path}`, cwd: "/", argv };
}

/** What stands for the script in an effect that is a reaction; the path follows. */
const REACTION = "reaction:";

/** Whether an effect is a reaction, and no script asked for it. */
export function isReaction({ script }: Pick<Effect, "script">): boolean {
  return script.startsWith(REACTION);
}

/** The path whose change set a reaction off. */
export function reactedTo({ script }: Pick<Effect, "script">): string {
  return script.slice(REACTION.length);
}

function missingProgram(line: OnChange, changed: ChangedPath): DiscoError {
  const program = line.argv[0]!;
  return new DiscoError(
    `Cannot react to the change of "${printable(changed.path)}": there is no ` +
      `${shellWord(program)} in the finished tree (${placeOf(line)})`,
    {
      hint: `install it, or let the line ask for it: if=${
        program.startsWith("/") ? program : `/usr/bin/${program}`
      }`,
    },
  );
}
