/**
 * The report as one self-contained page.
 *
 * @module
 */
import { describeChange, diffLines, type DiffMark, diffMark, itemise } from "../changes/format.ts";
import type { Change } from "../changes/types.ts";
import { USAGE_FIELDS } from "../metrics/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import { HTML_PAGE } from "./html_page.ts";
import { durationOf, type Result } from "./result.ts";
import { ballSeconds, stepName } from "./steps.ts";
import { outcome, owedWords } from "./summary.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/** The page; it needs no network, no scripts and no files, and follows the reader's light or dark. */
export async function htmlPage(result: Result): Promise<string> {
  const { Eta } = await import("eta");
  const eta = new Eta({ autoEscape: true });
  return eta.renderString(HTML_PAGE, printableAll(pageOf(result)));
}

interface Page extends Timeline {
  title: string;
  ok: boolean;
  outcome: string;
  failures: { what: string; why: string }[];
  facts: [string, string][];
  balls: { name: string; status: string; changes: number; seconds: string; error: string }[];
  changes: {
    letters: string;
    path: string;
    words: string;
    balls: string;
    lines: { mark: DiffMark; text: string }[];
  }[];
  checks: { status: string; command: string; ball: string; path: string; error: string }[];
  effects: { status: string; command: string; ball: string; script: string; error: string }[];
  owed: string[];
  notSimulated: { ball: string; script: string; kind: string; what: string }[];
  fields: readonly string[];
  metrics: { name: string; figures: { field: string; text: string }[] }[];
}

function pageOf(result: Result): Page {
  const { metrics } = result;
  return {
    title: `${result.noop ? "Dry run" : "Dance"} of ${result.node}`,
    ok: result.ok,
    outcome: outcome(result),
    failures: failuresOf(result),
    facts: [
      ["mode", modeOf(result)],
      ["universe", result.universe ?? "not recorded"],
      ["dance", result.dance],
      ["started", result.started],
      ["finished", result.finished],
      ["seconds", durationOf(result).toFixed(2)],
      ["generation", result.generation ?? "none"],
    ],
    ...timelineOf(metrics, durationOf(result)),
    balls: result.balls.map((ball) => ({
      ...ball,
      seconds: ballSeconds(metrics, ball.name).toFixed(2),
      error: ball.error ?? "",
    })),
    changes: result.changes.map(changeOf),
    checks: (result.checks ?? []).map(({ argv, error, ...check }) => ({
      ...check,
      command: argv.map(shellWord).join(" "),
      error: error ?? "",
    })),
    effects: result.effects.map(({ argv, error, ...effect }) => ({
      ...effect,
      command: argv.map(shellWord).join(" "),
      error: error ?? "",
    })),
    owed: (result.owed ?? []).map(owedWords),
    notSimulated: result.notSimulated,
    fields: USAGE_FIELDS,
    metrics: metrics.map((metric) => ({
      name: stepName(metric),
      figures: USAGE_FIELDS.map((field) => ({
        field,
        text: field.startsWith("time_") ? metric[field].toFixed(2) : String(metric[field]),
      })),
    })),
  };
}

function modeOf({ noop, merged }: Result): string {
  if (noop) return "dry run: nothing was merged";
  return merged ? "live: the changes were merged" : "live: nothing was merged";
}

/** What went wrong: the dance, its balls, its effects, and what is owed. */
function failuresOf(result: Result): Page["failures"] {
  const effects = result.effects.filter(({ status }) => status === "failed");
  const checks = (result.checks ?? []).filter(({ status }) => status === "failed");
  return [
    ...result.error === null ? [] : [{ what: "the dance", why: result.error }],
    ...result.balls.filter(({ status }) => status === "failed")
      .map(({ name, error }) => ({ what: `ball ${name}`, why: error ?? "" })),
    ...checks.map(({ argv, path, error }) => ({
      what: `the check ${argv.map(shellWord).join(" ")} [${shellWord(path)}]`,
      why: error ?? "",
    })),
    ...effects.map(({ argv, ball, script, error }) => ({
      what: `${argv.map(shellWord).join(" ")} [${ball}/${script}]`,
      why: error ?? "",
    })),
    ...(result.owed ?? []).map((one) => ({ what: "owed", why: owedWords(one) })),
  ];
}

function changeOf(change: Change): Page["changes"][number] {
  return {
    letters: itemise(change),
    path: shellWord(change.path),
    words: describeChange(change),
    balls: change.balls.join(", ") + (change.critical ? ", critical" : ""),
    lines: diffLines(change).map((text) => ({ mark: diffMark(text), text })),
  };
}

/** The same value with every text in it printable, except the tabs of a diff's line. */
function printableAll<T>(value: T): T {
  const convert = (key: string, one: unknown) =>
    typeof one === "string" && key !== "text" ? printable(one) : one;
  return JSON.parse(JSON.stringify(value), convert);
}
