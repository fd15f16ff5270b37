/**
 * The report as one self-contained page.
 *
 * @module
 */
import { describeChange, diffLines, type DiffMark, diffMark, itemise } from "../changes/format.ts";
import type { Change } from "../result/change.ts";
import { USAGE_FIELDS } from "../metrics/mod.ts";
import { orphansLine } from "../orphans/line.ts";
import { arranged, isQuiet } from "./shown.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import { type Failure, failuresOf } from "./failures.ts";
import { HTML_PAGE } from "./html_page.ts";
import { durationOf, type Result } from "../result/result.ts";
import { ballSeconds, stepName } from "./steps.ts";
import { outcome } from "./summary.ts";
import { owedWords } from "../result/words.ts";
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
  failures: Failure[];
  facts: [string, string][];
  balls: { name: string; status: string; changes: number; seconds: string; error: string }[];
  /** How many there are. */
  changed: number;
  changes: ShownChange[];
  groups: { line: string; changes: Omit<ShownChange, "lines">[]; more: number }[];
  checks: { status: string; command: string; ball: string; path: string; error: string }[];
  effects: { status: string; command: string; ball: string; script: string; error: string }[];
  owed: string[];
  orphans: string[];
  notSimulated: { ball: string; script: string; kind: string; what: string }[];
  fields: readonly string[];
  metrics: { name: string; figures: { field: string; text: string }[] }[];
}

interface ShownChange {
  letters: string;
  path: string;
  words: string;
  balls: string;
  critical: boolean;
  lines: { mark: DiffMark; text: string }[];
}

/** Changes of one group that are named, and paths of orphans. */
const MOST_NAMED = 1000;

function pageOf(result: Result): Page {
  const { metrics } = result;
  const { alone, groups } = arranged(result.changes);
  return {
    title: `${result.noop ? "Dry run" : "Dance"} of ${result.node}`,
    ok: result.ok,
    outcome: outcome(result),
    failures: failuresOf(result),
    facts: [
      ["mode", modeOf(result)],
      ["universe", result.universe ?? "not recorded"],
      ["DISCO", result.version ?? "not recorded"],
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
    changed: result.changes.length,
    changes: alone.map(changeOf),
    groups: groups.map(({ line, changes }) => ({
      line,
      changes: changes.slice(0, MOST_NAMED).map(namedChange),
      more: Math.max(0, changes.length - MOST_NAMED),
    })),
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
    orphans: [...Map.groupBy(result.orphans ?? [], ({ ball }) => ball)].flatMap(([ball, all]) => {
      const stay = all.filter(({ status }) => status !== "purged");
      return stay.length > 0 ? [orphansLine(ball, stay, "disco status --verbose")] : [];
    }),
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

function changeOf(change: Change): ShownChange {
  return {
    ...namedChange(change),
    lines: isQuiet(change) ? [] : diffLines(change).map((text) => ({ mark: diffMark(text), text })),
  };
}

function namedChange(change: Change): Omit<ShownChange, "lines"> {
  return {
    letters: itemise(change),
    path: shellWord(change.path),
    words: describeChange(change),
    balls: change.balls.join(", "),
    critical: change.critical === true,
  };
}

/** The same value with every text in it printable, except the tabs of a diff's line. */
function printableAll<T>(value: T): T {
  const convert = (key: string, one: unknown) =>
    typeof one === "string" && key !== "text" ? printable(one) : one;
  return JSON.parse(JSON.stringify(value), convert);
}
