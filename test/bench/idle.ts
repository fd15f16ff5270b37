/**
 * What a dance that changes nothing pays for what could be due, react or be checked.
 *
 * @module
 */
import { parseOptions } from "../../lib/command_line/mod.ts";
import { makeContext } from "../../lib/context/mod.ts";
import { closeStale, listOwed } from "../../lib/dance/due.ts";
import { loadLines } from "../../lib/on_change/mod.ts";
import { median } from "./measure.ts";

/** One of the parts. */
export interface IdleRow {
  readonly what: string;
  /** The median, and the first time in a process, when what is needed is compiled. */
  readonly milliseconds: number;
  readonly first: number;
  /** How many times as long as to list an empty folder. */
  readonly ratio: number;
}

const RUNS = 200;

/** Measure them on a node that has never danced; nothing of this machine is looked at or changed. */
export async function measureIdle(runs = RUNS): Promise<IdleRow[]> {
  const state = Deno.makeTempDirSync({ prefix: "disco-bench-" });
  try {
    const context = await makeContext(parseOptions(["--state", state, "--node", "n"]));
    const { etc, parameters } = context.roots;
    const lines = (kind: "reactions" | "checks") => () =>
      loadLines(kind, {}, { etc, params: `${parameters}/n`, balls: [] });
    const parts: readonly (readonly [what: string, part: () => unknown])[] = [
      ["an empty folder", () => [...Deno.readDirSync(state)]],
      ["lines of reactions", lines("reactions")],
      ["lines of checks", lines("checks")],
      ["what is due", () => closeStale(context)],
      ["what is owed", () => listOwed(context)],
    ];
    const times: [string, number[]][] = [];
    for (const [what, part] of parts) times.push([what, await timesOf(part, runs)]);
    const base = median(times[0]![1]);
    return times.map(([what, all]) => {
      const milliseconds = median(all);
      return { what: `idle: ${what}`, milliseconds, first: all[0]!, ratio: milliseconds / base };
    });
  } finally {
    Deno.removeSync(state, { recursive: true });
  }
}

async function timesOf(part: () => unknown, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const before = performance.now();
    await part();
    times.push(performance.now() - before);
  }
  return times;
}
