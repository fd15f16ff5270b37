/**
 * The outcome of a check for people.
 *
 * @module
 */
import { isRestart, RESTART_ADVICE } from "../lint/mod.ts";
import type { Change } from "../result/mod.ts";
import { diffColour, formatChange } from "../changes/mod.ts";
import { counted } from "../text/counted.ts";
import { commandLine } from "../effects/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import type { CheckResult, EffectSurprise, RoundName, Surprise } from "./result.ts";

/** A line, and how it is printed; `plain` stands without a prefix, in the colour of its code (SGR). */
export interface Line {
  readonly kind: "info" | "warning" | "error" | "report" | "plain";
  readonly text: string;
  readonly colour?: string;
}

/**
 * What was found, then the outcome; with `all` the changes of the live run, too. Why a ball failed
 * was said when it did.
 */
export function checkLines(result: CheckResult, { all = false } = {}): Line[] {
  return [
    ...(all ? result.changes.flatMap((change) => changeLines(change)) : []),
    ...(result.needsNetwork ? NETWORK : []),
    ...refusalLines(result),
    ...result.surprises.flatMap(surpriseLines),
    ...result.effectSurprises.map(effectSurpriseLine),
    ...result.again.flatMap(againLines),
    ...result.effectsAgain.map(effectAgainLine),
    ...summary(result).map((text) => line("report", text)),
  ];
}

const NAMES: Record<RoundName, string> = {
  prediction: "round 1, prediction",
  result: "round 2, result",
  again: "round 3, again",
};

const NETWORK = [
  line(
    "error",
    "the prediction could not be made: the ball needs the network, and a dry run has none",
  ),
  line(
    "error",
    "  what to do: allow it to dry runs of this node: echo yes | disco param set disco/client/noop/network",
  ),
];

function line(kind: Line["kind"], text: string): Line {
  return { kind, text: printable(text) };
}

function refusalLines({ refusal }: CheckResult): Line[] {
  if (!refusal) return [];
  return [
    line("error", `a live run would be refused: ${refusal.error}`),
    line("error", `  what to do: ${refusal.hint}`),
  ];
}

function changeLines(change: Change, label = ""): Line[] {
  return formatChange(change).map((text, i) => ({
    kind: "plain",
    text: i === 0 ? label + text : text,
    colour: diffColour(text),
  }));
}

function surpriseLines({ path, predicted, result }: Surprise): Line[] {
  const side = (label: string, change: Change | null) =>
    change
      ? changeLines(change, label)
      : [line("plain", `${label}no change of ${shellWord(path)}`)];
  const isSecret = predicted?.secret || result?.secret;
  return [
    line(
      "error",
      `not as predicted: ${shellWord(path)}${isSecret ? ", of which no content is shown" : ""}`,
    ),
    ...side("predicted: ", predicted),
    ...side("came:      ", result),
  ];
}

function effectSurpriseLine({ ball, argv, predicted }: EffectSurprise): Line {
  const how = predicted ? "predicted, and not asked for" : "asked for, and not predicted";
  return line("error", `effect ${how}: ${commandLine(argv)} [${shellWord(ball)}]`);
}

function againLines(change: Change): Line[] {
  const balls = change.balls.map((ball) => `"${ball}"`).join(", ");
  return [
    line("error", `not idempotent: ${shellWord(change.path)} is changed again by ball ${balls}`),
    ...changeLines(change),
  ];
}

function effectAgainLine({ ball, argv, isNew }: CheckResult["effectsAgain"][number]): Line {
  const what = `${commandLine(argv)} [${shellWord(ball)}]`;
  if (isNew) {
    return line("error", `not idempotent: effect asked for only when it runs again: ${what}`);
  }
  return isRestart(argv)
    ? line("warning", `restarts on every run: ${what}: ${RESTART_ADVICE}`)
    : line("info", `effect asked for on every run: ${what}`);
}

function summary(result: CheckResult): string[] {
  const others = result.balls.filter((name) => name !== result.ball);
  const failed = (round: RoundName) => result.failures.some((failure) => failure.round === round);
  const amount = `${counted(result.changes.length, "change")}, ${
    counted(result.effects.length, "effect")
  }`;
  return [
    `check of ball "${result.ball}" on ${result.node}${
      others.length > 0 ? `, with ${others.join(", ")}` : ""
    }`,
    ...result.notSimulated.map(({ what }) => `not simulated: ${what}`),
    `prediction: ${failed("prediction") ? "failed" : "made"}`,
    `result: ${failed("result") ? "failed" : `${amount}${likePredicted(result)}`}`,
    ...(failed("result") ? [] : [`again: ${failed("again") ? "failed" : onceMore(result)}`]),
    result.ok
      ? "success: a dry run tells what a live run does, which then has nothing left to change"
      : `failed: ${reasons(result)}`,
  ];
}

function likePredicted({ predictable, surprises, effectSurprises }: CheckResult): string {
  if (predictable) return ", as predicted";
  const number = surprises.length + effectSurprises.length;
  return number > 0 ? `, ${number} of which not as predicted` : "";
}

function onceMore({ again, effectsAgain }: CheckResult): string {
  const changes = again.length === 0 ? "nothing changes" : counted(again.length, "change");
  return effectsAgain.length === 0
    ? changes
    : `${changes}, ${counted(effectsAgain.length, "effect")}`;
}

function reasons(result: CheckResult): string {
  const words = [
    ...result.failures.map(({ round, ball }) => `ball "${ball}" in ${NAMES[round]}`),
    ...(result.refusal ? ["a live run would be refused"] : []),
    ...(result.surprises.length + result.effectSurprises.length > 0 ? ["not as predicted"] : []),
    ...(result.again.length > 0 || result.effectsAgain.some(({ isNew }) => isNew)
      ? ["not idempotent"]
      : []),
  ];
  return words.join("; ");
}
