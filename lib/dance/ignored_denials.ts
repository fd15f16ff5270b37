/**
 * Scripts that go on after they were refused something.
 *
 * @module
 */
import type { Denial } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { ADVICE, type Refusal } from "../sandbox/mod.ts";
import { uncaughtWrites } from "../shell/written.ts";
import { printable, shortened } from "../terminal/printable.ts";

/** Characters of a command line in the message. */
const LONGEST = 1000;

/**
 * Fail a ball whose script has succeeded although a command of its own was refused: it has taken
 * emptiness for an answer, or a refusal for a failure of the command, which would have run on the live
 * system. What programs ask for that the script calls is only reported, because tools of packages look
 * for services that they can do without.
 */
export function requireNoneIgnored(ball: string, script: string, denied: readonly Denial[]): void {
  const ignored = denied.find(({ byScript }) => byScript);
  if (!ignored) return;
  const what = printable(shortened(ignored.what, LONGEST));
  throw new DiscoError(
    `Cannot apply ball "${ball}": ${
      printable(script)
    } went on after a command was refused: ${what}`,
    {
      hint:
        `${ignored.advice ?? ADVICE.denied}; if it may fail in the sandbox, give it the verdict ` +
        `"run" in a parameter ${printable(ball)}/restricted.d/NAME`,
    },
  );
}

/**
 * Fail a ball whose shell script has succeeded although the kernel refused what it wrote itself below
 * `/proc` or `/sys`: the live system would have taken it. With `|| true` it may fail.
 */
export function requireNoneUnwritten(
  ball: string,
  script: string,
  text: string | undefined,
  refusals: readonly Refusal[],
): void {
  const refused = refusals.filter(({ kind }) => kind === "kernel").map(({ what }) => what);
  if (text === undefined || refused.length === 0) return;
  const write = uncaughtWrites(text).find(({ path }) => refused.includes(path));
  if (!write) return;
  throw new DiscoError(
    `Cannot apply ball "${ball}": ${
      printable(script)
    }, line ${write.line}, went on after a write ` +
      `was refused: ${printable(shortened(write.path, LONGEST))}`,
    { hint: `${ADVICE.kernel}; if it may fail, add || true` },
  );
}
