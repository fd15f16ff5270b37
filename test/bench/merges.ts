/**
 * Merges, on a file system that has a disk to sync to.
 *
 * @module
 */
import { type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { discoArgv } from "./contenders.ts";
import { measure, median } from "./measure.ts";
import { NODE, UNIVERSE } from "./universe.ts";

/** Seconds of one thing that was done. */
export interface MergeRow {
  readonly what: string;
  readonly seconds: number;
}

const FILES = 10_000;
const PER_FOLDER = 100;
/** An ext4 file system of its own, so that the merge has to write to a device. */
const DISK = "/data";
const BALL = `${UNIVERSE}/balls/merge/files${DISK}/merge`;
const COPY = 'cp -a "$1" "$2" && sync --file-system "$2"';

/** Measure merges of many changed files and of one, and their undoing. */
export async function measureMerges(runs = 1): Promise<MergeRow[]> {
  const found: Record<string, number>[] = [];
  for (let run = 0; run < runs; run++) {
    await using host = await throwawayHost();
    await host.mountImage(DISK, "ext4", { size: 512 });
    found.push(await once(host));
  }
  return Object.keys(found[0] ?? {}).map((what) => ({
    what,
    seconds: median(found.map((seconds) => seconds[what]!)),
  }));
}

async function once(host: ThrowawayHost): Promise<Record<string, number>> {
  host.write(`${UNIVERSE}/parameters/${NODE}/modules/merge`, "");
  writeFiles(host, FILES, 0);
  await dance(host);
  writeFiles(host, FILES, 1);
  const copied = await measure(host, ["bash", "-c", COPY, "bash", BALL, `${DISK}/copy`]);
  const many = await dance(host);
  writeFiles(host, 1, 2);
  const one = await dance(host);
  const undoOne = await measure(host, discoArgv("rollback"));
  const undoMany = await measure(host, discoArgv("rollback"));
  return {
    [`cp -a and one syncfs of ${FILES} files`]: copied.seconds,
    [`merge of ${FILES} changed files`]: many,
    [`rollback of these (the whole command)`]: undoMany.seconds,
    "merge of 1 changed file": one,
    "rollback of this (the whole command)": undoOne.seconds,
  };
}

function writeFiles(host: ThrowawayHost, count: number, version: number): void {
  for (let n = 0; n < count; n++) {
    const path = `${BALL}/${Math.floor(n / PER_FOLDER)}/file-${n}.conf`;
    host.write(path, `# file ${n}, version ${version}\n${`a line of file ${n}\n`.repeat(20)}`);
  }
}

/** Dance; the seconds that the merge took of it. */
async function dance(host: ThrowawayHost): Promise<number> {
  const { stdout } = await measure(host, discoArgv("dance", "--json"));
  const metrics: { name: string; time_real: number }[] = JSON.parse(stdout).metrics;
  const found = metrics.find(({ name }) => name === "fs-merge");
  if (!found) throw new Error("Cannot measure a merge: nothing was merged");
  return found.time_real;
}
