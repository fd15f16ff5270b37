/**
 * Everything of a throw-away host that a dry run must leave alone.
 *
 * @module
 */
import { lstat } from "../../lib/posix/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import { seeDisks, seeMemory } from "./files.ts";
import { type Part, seeKernel } from "./kernel.ts";
import { seeCgroups, seeProcesses } from "./processes.ts";
import { compareSeen, type Seen, seenLines } from "./seen.ts";

/** What there is to be seen. */
export type Category =
  | Part
  | "disks"
  | "memory"
  | "processes"
  | "cgroups"
  | "mounts"
  | "loops"
  | "clock";

/** A host at one moment. */
export interface Observation {
  readonly seen: Readonly<Record<Exclude<Category, "clock">, Seen>>;
  /** By how much the clock of the day is ahead of the one that nobody can set, in milliseconds. */
  readonly clock: number;
}

/**
 * Look at a host whose programs wait. Looking starts one program in it (bash, and what it calls);
 * everything else is looked at from outside, through mounts that keep no access times.
 */
export async function observe(host: ThrowawayHost): Promise<Observation> {
  const kernel = await seeKernel(host);
  await settled(host);
  return {
    seen: {
      ...kernel,
      disks: seeDisks(host),
      memory: seeMemory(host),
      processes: seeProcesses(host),
      cgroups: seeCgroups(host),
      mounts: seenLines(host.mounts()),
      loops: await seeLoops(host),
    },
    clock: clockOffset(),
  };
}

/** What differs, a line each: `category: what: how`. None if nothing was touched. */
export function compareObserved(before: Observation, after: Observation): string[] {
  const categories = Object.keys(before.seen) as (keyof Observation["seen"])[];
  const lines = categories.flatMap((category) =>
    compareSeen(before.seen[category], after.seen[category]).map((line) => `${category}: ${line}`)
  );
  const step = after.clock - before.clock;
  return Math.abs(step) > CLOCK_NOISE ? [...lines, `clock: was set by ${step} ms`] : lines;
}

/** The categories of the lines of {@linkcode compareObserved}, sorted. */
export function categoriesOf(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.slice(0, line.indexOf(":"))))].sort();
}

/**
 * Milliseconds. NTP slews both clocks alike, so that only a step changes the difference; what is left
 * is that the clock of the day is read in whole milliseconds, and the process may be paused between
 * the two readings.
 */
const CLOCK_NOISE = 20;

/** The nearest of some readings: each can only be late. */
function clockOffset(): number {
  const readings = Array.from({ length: 50 }, () => {
    const before = performance.now();
    const day = Date.now();
    return { day, before, took: performance.now() - before };
  });
  const best = readings.reduce((a, b) => b.took < a.took ? b : a);
  return best.day - best.before;
}

/** The program that looked has ended, but the kernel may not have buried it yet. */
async function settled(host: ThrowawayHost): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (host.processes().every(({ argv }) => argv.length > 0)) return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Loop devices are the machine's: the host's are those that hold a file on a mount of its own. */
async function seeLoops(host: ThrowawayHost): Promise<Seen> {
  const folders = host.disks.flatMap(({ view, layers }) => [view, layers?.upper ?? view]);
  const own = new Set(folders.map((folder) => lstat(`${folder}/`)!.dev));
  const mounts = host.mounts().map((line) => line.split(" "));
  for (const words of mounts) if (words[5]?.startsWith("rw")) own.add(words[2]!);
  const { stdout } = await new Deno.Command("losetup", {
    args: ["--list", "--noheadings", "--output", "BACK-MAJ:MIN,NAME,BACK-FILE"],
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n").map((line) =>
    line.trim().replace(/\s+/g, " ")
  );
  return seenLines(lines.filter((line) => own.has(line.split(" ")[0]!)));
}
