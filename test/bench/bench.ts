/**
 * How fast DISCO is, beside rsync and a loop of bash that do the same work. Nothing here fails
 * because something is slow: figures are for people, who know what else the machine was doing.
 *
 * Everything happens in throw-away hosts on a tmpfs, with warm caches. One template in five is
 * bash's, the others are Eta's; the baseline fills those in with one sed each. Memory is that of
 * the largest process, the scratchpad (as large as what changed) comes on top.
 *
 * @module
 */
import { runRow } from "../../tasks/alone.ts";
import { type CommandRow, type Options, usageError } from "../../lib/command_line/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { tableLines } from "../../lib/report/table.ts";
import { info, print, printJson } from "../../lib/terminal/mod.ts";
import { whyNoHost } from "../host/mod.ts";
import { type Lineup, type Peer, PEERS } from "./contenders.ts";
import { measureDances, type Row } from "./dances.ts";
import { type GrowthRow, measureGrowth, SUBJECTS } from "./growth.ts";
import { type IdleRow, measureIdle } from "./idle.ts";
import { measureMerges, type MergeRow } from "./merges.ts";
import { type Profile, profile } from "./profile.ts";
import { measureStarts, type StartRow } from "./starts.ts";
import { type Size, SIZES } from "./universe.ts";

/** How it is called. */
const ROW: CommandRow = {
  name: "bench",
  group: "look",
  summary: "Measure dances and merges beside rsync and bash",
  options: [
    {
      name: "against",
      value: "DIR",
      help: "compare with another copy of the sources, such as a worktree of an older commit",
    },
    {
      name: "beside",
      value: "LIST",
      help: `compare with some of these, with commas between: ${PEERS.join(", ")}`,
    },
    {
      name: "profile",
      help: "say where a second run spends its time, instead (system calls: with strace)",
    },
    {
      name: "growth",
      help: "say what one more file, script, mount ... costs by how many there are, instead",
    },
    {
      name: "of",
      value: "LIST",
      help: `what --growth measures, with commas between: ${Object.keys(SUBJECTS).join(", ")}`,
    },
    {
      name: "size",
      value: "SIZE",
      help: "small, large, huge, merge, script, idle or all (default: all)",
    },
    {
      name: "runs",
      value: "N",
      help: `repetitions of each (default: ${
        Object.entries(SIZES).map(([name, { runs }]) => `${runs} ${name}`).join(", ")
      }, 1 merge, 50 script)`,
    },
  ],
};

type Name = keyof typeof SIZES;

/** Measure, and print tables. */
export async function main({ values, flags }: Options): Promise<number> {
  const { names, merge, script, idle } = parseSize(values.get("size") ?? "all");
  const runs = parseRuns(values.get("runs"));
  const beside = parsePeers(values.get("beside") ?? "");
  const of = values.get("of");
  if (of !== undefined && !flags.has("growth")) throw usageError("--of goes with --growth");
  const lineup = { against: values.get("against"), beside };
  const why = whyNoHost();
  if (why) throw new DiscoError(`Cannot measure: ${why}`);
  if (flags.has("growth")) return await printGrowth(parseSubjects(of), flags.has("json"));
  if (flags.has("profile")) return await printProfiles(names, flags.has("json"));
  const dances: Row[] = [];
  for (const name of names) {
    info(`measuring: ${describe(name)}`);
    const rows = await measureDances(name, lineup, runs);
    if (!flags.has("json")) printDances(rows, isCompared(lineup));
    dances.push(...rows);
  }
  if (merge) info("measuring: merges");
  const merges = merge ? await measureMerges(runs) : [];
  if (merge && !flags.has("json")) printMerges(merges);
  if (script) info("measuring: starts of a script");
  const starts = script ? await measureStarts(runs) : [];
  if (script && !flags.has("json")) printStarts(starts);
  const rest = idle ? await measureIdle() : [];
  if (idle && !flags.has("json")) printIdle(rest);
  if (flags.has("json")) printJson({ schema: 1, dances, merges, starts, idle: rest });
  return 0;
}

async function printProfiles(names: readonly Name[], json: boolean): Promise<number> {
  const profiles: Record<string, Profile> = {};
  for (const name of names) {
    info(`profiling: ${describe(name)}`);
    const { stages, calls } = profiles[name] = await profile(name);
    if (json) continue;
    const cells = stages.map(({ stage, steps, seconds, cpu }) => [
      ...[name, stage, String(steps), seconds.toFixed(3), cpu.toFixed(3)],
    ]);
    const head = ["size", "step", "number", "seconds", "CPU"];
    print(`${tableLines([head, ...cells], { right: [2, 3, 4] }).join("\n")}\n`);
    const counts = calls.map(({ what, count }) => [name, what, String(count ?? "-")]);
    print(`${tableLines([["size", "what", "number"], ...counts], { right: [2] }).join("\n")}\n`);
  }
  if (json) printJson({ schema: 1, profiles });
  return 0;
}

async function printGrowth(subjects: readonly string[], json: boolean): Promise<number> {
  const rows: GrowthRow[] = [];
  for (const what of subjects) {
    info(`measuring: ${what}`);
    const found = await measureGrowth(what);
    rows.push(...found);
    if (json) continue;
    const cells = found.map(({ what, count, seconds, cpu, memory, each, growth }) => [
      ...[what, String(count), seconds.toFixed(2), cpu.toFixed(2), memory.toFixed(0)],
      ...[each?.toFixed(3) ?? "", growth?.toFixed(2) ?? ""],
    ]);
    const head = ["what", "number", "seconds", "CPU", "MiB", "ms each", "growth"];
    print(tableLines([head, ...cells], { right: [1, 2, 3, 4, 5, 6] }).join("\n"));
  }
  if (json) printJson({ schema: 1, growth: rows });
  return 0;
}

function parseSubjects(text: string | undefined): string[] {
  const all = Object.keys(SUBJECTS);
  const names = text?.split(",").filter((name) => name !== "") ?? all;
  const wrong = names.find((name) => !all.includes(name));
  if (wrong === undefined) return names;
  throw usageError(`Cannot measure "${wrong}": expected ${all.join(", ")}`);
}

interface Parts {
  readonly names: Name[];
  readonly merge: boolean;
  readonly script: boolean;
  readonly idle: boolean;
}

function parseSize(text: string): Parts {
  const all = Object.keys(SIZES) as Name[];
  const is = (name: string) => text === name || text === "all";
  const names = all.filter(is);
  if (names.length > 0 || ["merge", "script", "idle"].some(is)) {
    return { names, merge: is("merge"), script: is("script"), idle: is("idle") };
  }
  throw usageError(
    `Cannot measure size "${text}": expected ${all.join(", ")}, merge, script, idle or all`,
  );
}

function parsePeers(text: string): Peer[] {
  const names = text.split(",").filter((name) => name !== "");
  const wrong = names.find((name) => !(PEERS as readonly string[]).includes(name));
  if (wrong === undefined) return names as Peer[];
  throw usageError(`Cannot compare with "${wrong}": expected ${PEERS.join(" or ")}`);
}

function parseRuns(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw usageError(`Cannot run "${text}" times: expected a whole number from 1 to 999`);
}

function describe(name: Name): string {
  const { balls, files, templates, scripts }: Size = SIZES[name];
  return `${name}, ${balls} balls, ${files} files, ${templates} templates, ${scripts} scripts`;
}

/** Beside others processor time says more than wall time, which is that of all that run just then. */
function isCompared({ against, beside = [] }: Lineup): boolean {
  return against !== undefined || beside.length > 0;
}

function printDances(rows: readonly Row[], withCpu: boolean): void {
  const cells = rows.map(({ size, kind, contender, seconds, cpu, ratio, memory }) => [
    ...[size, kind, contender, seconds.toFixed(3), ...(withCpu ? [cpu.toFixed(2)] : [])],
    ...[ratio.toFixed(2), memory.toFixed(0)],
  ]);
  const head = ["size", "what", "by", "seconds", ...(withCpu ? ["CPU"] : []), "ratio", "MiB"];
  print(`${tableLines([head, ...cells], { right: [3, 4, 5, 6] }).join("\n")}\n`);
}

function printMerges(rows: readonly MergeRow[]): void {
  const cells = rows.map(({ what, seconds }) => [what, seconds.toFixed(3)]);
  print(tableLines([["what", "seconds"], ...cells], { right: [1] }).join("\n"));
}

function printIdle(rows: readonly IdleRow[]): void {
  const cells = rows.map(({ what, milliseconds, first, ratio }) => [
    ...[what, milliseconds.toFixed(3), first.toFixed(3), ratio.toFixed(2)],
  ]);
  const head = ["what", "ms", "first", "ratio"];
  print(tableLines([head, ...cells], { right: [1, 2, 3] }).join("\n"));
}

function printStarts(rows: readonly StartRow[]): void {
  const cells = rows.map(({ what, milliseconds, ratio }) => [
    ...[what, milliseconds.toFixed(1), ratio.toFixed(2)],
  ]);
  print(tableLines([["what", "ms", "ratio"], ...cells], { right: [1, 2] }).join("\n"));
}

if (import.meta.main) Deno.exit(await runRow(ROW, main));
