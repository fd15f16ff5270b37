/**
 * Scripts that have taken an effect's exit code for an answer.
 *
 * @module
 */
import { type Ball, interpreterName, isShell } from "../ball/mod.ts";
import { decidedBy, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error.ts";
import { nameOf, readSmallFile } from "../posix/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";

/** Characters of a command line in the message. */
const LONGEST = 300;
/** Bytes of a script that are looked at; what is longer is no script that a person has written. */
const LONGEST_SCRIPT = 1 << 18;

/**
 * Fail a ball whose shell script decides something by the exit code of an effect: it was told 0,
 * because the effect was only written down. `path` is the script's in the ball's folder.
 */
export function requireNoneDecided(ball: Ball, path: string, effects: readonly Effect[]): void {
  const own = effects.filter(({ ifChanged }) => ifChanged === undefined);
  if (own.length === 0) return;
  const bytes = readSmallFile(`${ball.dir}/${path}`, LONGEST_SCRIPT);
  if (bytes === undefined || !isShell(interpreterName(bytes))) return;
  const decision = decidedBy(nameOf(bytes), distinct(own.map(({ argv }) => argv)));
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

/** Each command line by its first words, which is what is looked at, and once. */
function distinct(all: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(all.map((argv) => [JSON.stringify(argv.slice(0, 4)), argv])).values()];
}
