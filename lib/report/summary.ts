/**
 * The outcome of a dance in a few lines.
 *
 * @module
 */
import { counted } from "../text/counted.ts";
import { printable, printableLine } from "../terminal/printable.ts";
import { durationOf, type NotSimulated, type Result, type TriedCheck } from "../result/result.ts";
import { owedWords, whoOf, wordsOf } from "../result/words.ts";
import { ballSeconds, slowestSteps, stepName } from "./steps.ts";
import { tableLines } from "./table.ts";

/** What of a dance is summed up. */
export interface SummaryOptions {
  /** Only this ball. */
  readonly ball?: string;
  /** Also what failed commands printed: after a dance on a terminal that was already shown. */
  readonly output?: boolean;
}

/** Balls, changes, effects, slowest steps, and how it ended. */
export function summaryLines(result: Result, options: SummaryOptions = {}): string[] {
  const outputOf = ({ output = [] }: { output?: string[] }) =>
    options.output ? output.map((line) => `     | ${printableLine(line)}`) : [];
  const of = <T extends { ball: string | null }>(list: readonly T[]) =>
    options.ball === undefined ? list : list.filter(({ ball }) => ball === options.ball);
  const balls = result.balls.filter(({ name }) => (options.ball ?? name) === name);
  const changes = result.changes.filter((change) =>
    options.ball === undefined || change.balls.includes(options.ball)
  );
  const effects = of(result.effects);
  return [
    `dance ${result.dance} of ${printable(result.node)}: ${describeRun(result)}`,
    ...tableLines([
      ["ball", "status", "changes", "seconds"],
      ...balls.map(({ name, status, changes }) => [
        name,
        status,
        String(changes),
        seconds(ballSeconds(result.metrics, name)),
      ]),
    ], { right: [2, 3] }),
    `changes: ${changes.length}${counts(changes.map(({ kind }) => kind))}`,
    `effects: ${effects.length}${counts(effects.map(({ status }) => status))}`,
    ...effects.filter(({ status }) => status !== "failed").map(effectLine),
    ...checkLines(of(result.checks ?? []), outputOf),
    ...notSimulated(of(result.notSimulated)),
    ...slowestSteps(of(result.metrics)).map((step) =>
      printable(`slowest: ${seconds(step.time_real)} s ${stepName(step)}`)
    ),
    // What went wrong comes last, where the eye is.
    ...balls.flatMap((ball) =>
      ball.error ? [printable(`${ball.name}: ${ball.error}`), ...outputOf(ball)] : []
    ),
    ...effects.filter(({ status }) => status === "failed")
      .flatMap((effect) => [effectLine(effect), ...outputOf(effect)]),
    ...of(result.owed ?? []).map((owed) => printable(`owed: ${owedWords(owed)}`)),
    outcome(result),
  ];
}

/** What was tried before the merge; nothing where nothing was. */
function checkLines(
  checks: readonly TriedCheck[],
  outputOf: (check: TriedCheck) => string[],
): string[] {
  if (checks.length === 0) return [];
  return [
    `checks: ${checks.length}${counts(checks.map(({ status }) => status))}`,
    ...checks.flatMap((check) => {
      const { status, argv, ball, path } = check;
      const who = ball === "" ? "" : whoOf(ball, "");
      return [printable(`   ${status}: ${wordsOf(argv)} [${who}${path}]`), ...outputOf(check)];
    }),
  ];
}

/** What a dance comes to, before all that it consists of. */
export function headline(result: Result): string {
  const { noop, merged, ok, changes, effects } = result;
  const critical = changes.filter((change) => change.critical).length;
  const failed = result.balls.filter(({ status }) => status === "failed").length;
  const words = [
    `${counted(changes.length, "change")}${counts(changes.map(({ kind }) => kind))}`,
    ...critical > 0 ? [`${critical} critical`] : [],
    ...effects.length > 0 ? [counted(effects.length, "effect")] : [],
    ...failed > 0 ? [`${counted(failed, "ball")} failed`] : [],
  ];
  const how = noop ? "dry run" : merged ? "live, merged" : "live, nothing merged";
  return `${how}${ok ? "" : ", failed"}: ${words.join(", ")}`;
}

function effectLine({ status, argv, ball, script, error }: Result["effects"][number]): string {
  return printable(
    `   ${status}: ${wordsOf(argv)} [${whoOf(ball, script)}]${error ? `: ${error}` : ""}`,
  );
}

/** How the dance ended, in one line: why it failed, or what it did. */
export function outcome(result: Result): string {
  if (!result.ok) return `failed: ${printable(result.error ?? reasons(result))}`;
  const count = result.changes.length;
  const changes = counted(count, "change");
  if (result.merged) {
    const undo = result.generation === null
      ? ""
      : `, generation ${printable(result.generation)}: undo it with disco rollback`;
    return `success: ${changes} merged${undo}`;
  }
  const owed = result.owed?.length ?? 0;
  const but = owed === 0 ? "" : `; ${owed === 1 ? "1 effect is" : `${owed} effects are`} owed`;
  if (count === 0) return `success: nothing to change${but}`;
  const what = result.noop ? "would be merged" : "not merged";
  return `success: ${changes}${result.noop ? "" : ","} ${what}${but}`;
}

/** Effects and post scripts stand in the list of effects already. */
function notSimulated(list: readonly NotSimulated[]): string[] {
  return list.filter(({ kind }) => kind !== "effect" && kind !== "post")
    .map(({ ball, script, kind, what }) => {
      const who = ball === "" ? "" : ` [${whoOf(ball, script)}]`;
      return printable(`not simulated: ${what} (${kind})${who}`);
    });
}

function reasons(result: Result): string {
  const failed = result.balls.filter(({ status }) => status === "failed").map(({ name }) => name);
  const effects = result.effects.filter(({ status }) => status === "failed").length;
  const owed = result.owed?.length ?? 0;
  const words = [
    ...(failed.length > 0 ? [`ball ${failed.join(", ")}`] : []),
    ...(effects > 0 ? [`${effects} of ${result.effects.length} effects`] : []),
    ...(owed > 0
      ? [`${owed === 1 ? "1 effect is" : `${owed} effects are`} owed (see disco owed)`]
      : []),
  ];
  return words.join("; ") || "no reason was recorded";
}

function describeRun(result: Result): string {
  const mode = result.noop ? "noop" : "live";
  return printable(`${mode}, ${result.started}, ${seconds(durationOf(result))} s`);
}

function counts(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (word) => word)];
  const parts = groups.map(([word, list]) => `${list.length} ${printable(word)}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function seconds(value: number): string {
  return value.toFixed(2);
}
