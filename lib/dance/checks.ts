/**
 * The finished tree is tried before the merge: by the checks of the paths that change.
 *
 * @module
 */
import type { Change, TriedCheck } from "../result/mod.ts";
import { type Check, checksOf, SHIPPED_CHECKS } from "../checks/mod.ts";
import { Tree } from "../door/mod.ts";
import { commandLine } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { LastLines } from "../text/last_lines.ts";
import { groundOf, placeOf } from "../on_change/mod.ts";
import { machineView } from "../posix/mod.ts";
import { describeOutcome, freshVolatile, isSuccess, runTrial } from "../sandbox/mod.ts";
import { during, printable, shellWord, shortened, warning } from "../terminal/mod.ts";
import type { Ready } from "./values.ts";
import { withOutput } from "./output.ts";
import { changedPaths, linesOf } from "./reactions.ts";
import { identityOf, sandboxOf } from "./sandbox_options.ts";
import { whileWaiting } from "./signals.ts";
import { own } from "../text/own.ts";

/** Seconds that a check may take, and lines and characters of its output that are shown. */
const MOST = { seconds: 60, lines: 100, characters: 1000 } as const;
/** By this exit code a check says that it could not be tried, as tests of many programs do. */
const NOT_TRIED = 77;

/**
 * Try the finished tree. What the checks write is thrown away. Throws for those that fail, all of which
 * are said first; the balls that changed the paths have failed then.
 */
export async function runChecks(
  dance: Ready,
  changes: readonly Change[],
  { isPart = false } = {},
): Promise<void> {
  const checks = chosenChecks(dance, changes);
  dance.progress.checks = [];
  if (checks.length === 0) return;
  if (!machineView().readsAll) {
    // They would fail for what only root may read.
    dance.progress.checks = checks.map(({ argv, changed: { path, ball } }) => (
      { argv: [...argv], path, ball, status: "not-tried", error: "it needs root" }
    ));
    return;
  }
  if (isPart) {
    warning("the checks try the tree with all changes, of which only a part is merged");
  }
  await dance.meter.measure("fs-diff", "checks", null, async () => {
    dance.mounted.seal();
    freshVolatile(dance.mounted);
    try {
      for (const check of checks) dance.progress.checks.push(await tried(dance, check));
    } finally {
      dance.mounted.drop();
      freshVolatile(dance.mounted);
    }
  });
  const failed = dance.progress.checks.filter(({ status }) => status === "failed");
  for (const { ball, error } of failed) {
    const result = own(dance.progress.balls, ball);
    if (result) dance.progress.balls[ball] = { ...result, status: "failed", error: error ?? null };
  }
  if (failed.length === 0) return;
  throw new DiscoError(`Cannot merge: ${failed.map(({ error }) => error).join("; ")}`, {
    hint: "the lines above are what it printed; nothing is merged; see disco checks",
  });
}

function chosenChecks(dance: Ready, changes: readonly Change[]): Check[] {
  // The node's own lines are read in any case: a mistake there must not wait for a change.
  const lines = linesOf(dance, "checks", changes.length > 0 ? SHIPPED_CHECKS : {});
  if (changes.length === 0) return [];
  using finished = new Tree(dance.mounted.mountpoint);
  using live = new Tree(dance.context.root);
  return checksOf(changedPaths(changes), lines, groundOf(finished, live));
}

async function tried(dance: Ready, check: Check): Promise<TriedCheck> {
  dance.checkInterrupt();
  const { argv, changed, line, missing } = check;
  const entry = { argv: [...argv], path: changed.path, ball: changed.ball };
  const said: string[] = [];
  const end = missing === undefined
    ? await during(`check: ${commandLine(argv)}`, () => endOf(dance, check, said))
    : undefined;
  dance.mounted.drop();
  dance.checkInterrupt();
  if (end?.isSuccess) return { ...entry, status: "passed" };
  const why = missing ?? end!.why;
  const error = `the check ${shortened(commandLine(argv), MOST.characters)} ${
    missing === undefined ? why : `cannot be tried, ${why}`
  }: ${changed.ball === "" ? "the dance" : `ball "${changed.ball}"`} changed ${
    shellWord(changed.path)
  } (${placeOf(line)})`;
  const isTried = !end?.isSkipped;
  const status = line.warns ? "warned" : isTried ? "failed" : "not-tried";
  const shown = said.slice(-MOST.lines).map((text) =>
    `  ${printable(shortened(text, MOST.characters))}`
  );
  if (said.length > MOST.lines) shown.unshift("  (more lines, which are not shown)");
  warning(...(isTried ? [error] : [`${error}: it could not be tried here`]), ...shown);
  const last = new LastLines();
  said.forEach((line) => last.add(line));
  return { ...entry, status, error, ...withOutput(last.list) };
}

interface End {
  readonly isSuccess: boolean;
  readonly isSkipped: boolean;
  readonly why: string;
}

async function endOf(dance: Ready, { argv, changed }: Check, said: string[]): Promise<End> {
  const { settings } = dance.context;
  const seconds = settings.number("disco/client/timeout");
  const outcome = await whileWaiting(dance, () =>
    runTrial({
      ...sandboxOf(dance),
      identity: identityOf(dance, changed.ball, "checks"),
      argv,
      seconds: Math.min(seconds, MOST.seconds),
      signal: dance.interrupt.signal,
      onLine: (text) => {
        said.push(text.replace(/\r$/, ""));
        // One more than is shown, to know that there were more.
        if (said.length > MOST.lines + 1) said.shift();
      },
    }));
  const isSkipped = outcome.kind === "exited" && outcome.code === NOT_TRIED;
  return { isSuccess: isSuccess(outcome), isSkipped, why: describeOutcome(outcome) };
}
