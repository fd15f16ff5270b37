/**
 * Scripts that have taken an effect's exit code for an answer.
 *
 * @module
 */
import { type Ball, isShell } from "../ball/mod.ts";
import { decidedBy, decidedElsewhere, type Decision, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";
import { scriptOf, type ScriptText } from "./shell_script.ts";

/** Characters of a command line in the message. */
const LONGEST = 300;

/**
 * Fail a ball whose script decides something by the exit code of an effect: it was told 0,
 * because the effect was only written down. `path` is the script's in the ball's folder.
 */
export function requireNoneDecided(ball: Ball, path: string, effects: readonly Effect[]): void {
  const own = effects.filter(({ ifChanged }) => ifChanged === undefined);
  if (own.length === 0) return;
  const script = scriptOf(ball, path);
  const decision = script && decisionIn(script, distinct(own.map(({ argv }) => argv)));
  if (!decision) return;
  const shown = (text: string) => printable(shortened(text, LONGEST));
  throw new DiscoError(
    `Cannot apply ball "${ball.name}": ${printable(path)}, line ${decision.line}, decides by the ` +
      `exit code of an effect: ${shown(decision.what)} (${shown(decision.how)})`,
    {
      hint: "an effect is carried out after the merge, and its failure is reported and tried " +
        "again: leave the decision away, or move it to a script in post/",
    },
  );
}

const OTHER_LANGUAGES = /^(perl|python|ruby|php)[\d.]*$/;

function decisionIn(
  { text, interpreter }: ScriptText,
  effects: readonly (readonly string[])[],
): Decision | undefined {
  if (isShell(interpreter)) return decidedBy(text, effects);
  return OTHER_LANGUAGES.test(interpreter) ? decidedElsewhere(text, effects) : undefined;
}

/** Each command line by its first words, which is what is looked at, and once. */
function distinct(all: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(all.map((argv) => [JSON.stringify(argv.slice(0, 4)), argv])).values()];
}
