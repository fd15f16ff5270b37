/**
 * What is done to a merge. Each resolves to how often which verdict was met.
 *
 * @module
 */
import { messageOf } from "../../lib/error/mod.ts";
import { bash } from "../union/child.ts";
import { appendTo, type BlockLog, readBlockLog, startBlockLog } from "./block_log.ts";
import { judgeDue, prepareCommands, ran, setRan } from "./dueing.ts";
import { copyImage, mountImage, unmount } from "./image.ts";
import { judge, mergeOnce, type Verdict } from "./merging.ts";
import { BASE, HOME, IMAGE, LIVE, picture, readScene, type Scene } from "./scene.ts";
import { failAt, killAt, type Point, tracePoints } from "./trace.ts";

/** What came of an experiment. */
export interface Findings {
  /** Times that something was tried. */
  readonly points: number;
  /** Verdict to how often it was met. */
  readonly verdicts: Record<string, number>;
  /** Verdicts that are neither old nor new, or a message that is no message; with their points. */
  readonly bad: readonly string[];
}

class Tally {
  points = 0;
  readonly verdicts: Record<string, number> = {};
  readonly bad: string[] = [];

  add(where: string, verdict: Verdict, expected: readonly string[] = ["old", "new"]): void {
    this.points++;
    const isGood = expected.includes(verdict);
    const key = isGood ? verdict : "bad";
    this.verdicts[key] = (this.verdicts[key] ?? 0) + 1;
    if (!isGood) this.bad.push(`${where}: ${verdict}`);
  }
}

/** How to call this program. */
function self(verb: string): string[] {
  return [Deno.execPath(), "run", "-A", "--no-prompt", Deno.mainModule, verb];
}

function onFresh<T>(scene: Scene, image: string, use: () => Promise<T> | T): Promise<T> {
  copyImage(image, IMAGE);
  return onImage(scene, IMAGE, use);
}

async function onImage<T>({ fs }: Scene, image: string, use: () => Promise<T> | T): Promise<T> {
  mountImage(image, LIVE, fs);
  try {
    return await use();
  } finally {
    unmount(LIVE);
  }
}

/** The calls of one merge. */
function pointsOfMerge(scene: Scene): Promise<Point[]> {
  return onFresh(scene, BASE, () => tracePoints(self("merge")));
}

/**
 * Kill a merge at each changing call. What the processes of the machine see then is recovered
 * and judged; and so is what the disk held at that moment, which is what a power cut leaves.
 */
export async function kills(stopAtBad: boolean): Promise<Record<"kill" | "power cut", Findings>> {
  const scene = readScene();
  const [killed, cut] = [new Tally(), new Tally()];
  const disk = `${HOME}/cut.img`;
  const end = { call: "getpid", k: 1_000_000, text: "after the end" };
  for (const point of [...await pointsOfMerge(scene), end]) {
    await onFresh(scene, BASE, async () => {
      const ending = killAt(point, self("merge"));
      copyImage(IMAGE, disk);
      // Merged is merged: once the command has ended, nothing can take it away.
      const expected = ending.code === 0 ? ["new"] : undefined;
      killed.add(point.text, await judge(scene), expected);
      return expected;
    }).then((expected) =>
      onImage(scene, disk, async () => cut.add(point.text, await judge(scene), expected))
    );
    if (stopAtBad && killed.bad.length + cut.bad.length > 0) break;
  }
  return { "kill": killed, "power cut": cut };
}

/**
 * Kill a merge and what is due after it at every n-th changing call from the moment that something is
 * due; and cut it off from power there.
 */
export async function killsOfDue(step: number, stopAtBad: boolean): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const disk = `${HOME}/cut.img`;
  prepareCommands();
  const all = await onFresh(scene, BASE, () => tracePoints(self("due")));
  const first = all.findIndex(({ text }) => text.includes("/disco/due"));
  const points = all.slice(Math.max(0, first)).filter((_, i) => i % step === 0);
  for (const point of points) {
    prepareCommands();
    const [then, isOver] = await onFresh(scene, BASE, async () => {
      const { code } = killAt(point, self("due"));
      copyImage(IMAGE, disk);
      const before = ran();
      tally.add(`${point.text}, killed`, await judgeDue(), code === 0 ? ["new"] : undefined);
      return [before, code === 0] as const;
    });
    setRan(then);
    await onImage(scene, disk, async () => {
      tally.add(`${point.text}, power cut`, await judgeDue(), isOver ? ["new"] : undefined);
    });
    if (stopAtBad && tally.bad.length > 0) break;
  }
  return tally;
}

/** Kill the recovery of a merge that was cut in two, at each of its calls, and recover again. */
export async function killsOfRecovery(): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const renames = (await pointsOfMerge(scene)).filter(({ call }) => call === "renameat2");
  const half = `${HOME}/half.img`;
  await onFresh(scene, BASE, () => killAt(renames[renames.length >> 1]!, self("merge")));
  copyImage(IMAGE, half);
  const points = await onFresh(scene, half, () => tracePoints(self("recover")));
  for (const point of points) {
    await onFresh(scene, half, async () => {
      killAt(point, self("recover"));
      tally.add(point.text, await judge(scene), ["new"]);
    });
  }
  return tally;
}

/** Another process takes the staging folder away, and puts root's own files in its place. */
const MOVE = "[ ! -d .disco ] || { touch -r . /run/time; mv .disco away; cp -a away .disco; " +
  "touch -r /run/time .; " +
  "find .disco -type f -exec sh -c 'echo fake >\"$1\"' sh {} \\; ; }";
const LOOK = "[ ! -d .disco ] || find .disco | sort | xargs -d '\\n' stat -c '%n %i %s'";

/** Cut a merge off at each of its renames, and let its staging be moved before it is recovered. */
export async function moved(): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const renames = (await pointsOfMerge(scene)).filter(({ call }) => call.startsWith("renameat"));
  for (const point of renames) {
    await onFresh(scene, BASE, async () => {
      killAt(point, self("merge"));
      bash(MOVE, LIVE);
      const before = bash(LOOK, LIVE);
      const verdict = await judge(scene, ["/away"]);
      tally.add(point.text, verdict);
      if (bash(LOOK, LIVE) !== before) tally.bad.push(`${point.text}: it has changed root's files`);
    });
  }
  return tally;
}

/** What an error is called in a message. */
const ERRORS: Readonly<Record<string, RegExp>> = {
  EIO: /Input\/output error/,
  ENOSPC: /No space left on device/,
  EROFS: /Read-only file system/,
  EDQUOT: /Disk quota exceeded/,
};

/** Let each changing call of a merge fail. */
export async function errors(names: readonly string[]): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const points = await pointsOfMerge(scene);
  for (const name of names) {
    for (const point of points) {
      await onFresh(scene, BASE, async () => {
        const { code, stdout } = failAt(point, name, self("merge"));
        const isSaid = code === 0 || (ERRORS[name]!.test(stdout) && /"\/|\/run/.test(stdout));
        const verdict = await judge(scene);
        const expected = code === 0 ? ["new"] : ["old", "new"];
        tally.add(`${name} at ${point.text}`, verdict, expected);
        if (!isSaid) tally.bad.push(`${name} at ${point.text}: it says ${stdout}`);
      });
    }
  }
  return tally;
}

/** Kibibytes that are left free. */
const FREE = [0, 4, 16, 32, 64, 96, 128, 160, 192, 224, 256, 320, 384, 512, 1024];

/** Merge to a file system with little room, and to one without inodes. */
export async function full(): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const fill = (kib: number) =>
    `head -c ${kib}K /dev/zero >reserve; cat /dev/zero >filling 2>/dev/null; sync -f .; rm reserve; sync -f .`;
  const noInodes = "mkdir inodes; i=0; while : >inodes/$((i++)); do :; done 2>/dev/null";
  const merge = async (name: string, script: string) => {
    await onFresh(scene, BASE, async () => {
      bash(`cd var/disco; set +e; ${script}; true`, LIVE);
      const said = await mergeOnce(scene).then(() => "", messageOf);
      // On btrfs files of nothing but zeros are not small: what is judged is the tree beside them.
      const verdict = await judge(scene);
      tally.add(name, verdict, said ? ["old"] : ["new"]);
      const isSaid = /(free|No space left|quota)/.test(said);
      if (said && !isSaid) tally.bad.push(`${name}: it says ${said}`);
    });
  };
  for (const kib of FREE) await merge(`${kib} KiB free`, fill(kib));
  if (scene.fs === "ext4") await merge("no inodes", noInodes);
  return tally;
}

/** Writes of one merge as the disk got them. */
async function record(scene: Scene): Promise<BlockLog> {
  copyImage(BASE, IMAGE);
  const log = await startBlockLog(IMAGE, HOME);
  try {
    mountImage(log.device, LIVE, scene.fs);
    await mergeOnce(scene);
    // What comes later is not the merge's.
    log.mark();
    unmount(LIVE);
  } finally {
    await log.stop();
  }
  return readBlockLog(log.file);
}

/**
 * The disk loses writes: after each prefix of what it got, and after prefixes of which some writes
 * since the last flush are lost (a disk may reorder those), the merge is recovered and judged.
 */
export async function lostWrites(rounds: number, stopAtBad: boolean): Promise<Findings> {
  const scene = readScene();
  const tally = new Tally();
  const log = await record(scene);
  const random = generator(42);
  const lost = `${HOME}/lost.img`;
  const flushed = `${HOME}/flushed.img`;
  const all = `${HOME}/prefix.img`;
  copyImage(BASE, flushed);
  copyImage(BASE, all);
  let since: number[] = [];
  for (const [i, entry] of log.entries.entries()) {
    if (i >= log.end) break;
    appendTo(all, log, [i]);
    if (entry.isFlush) {
      copyImage(all, flushed);
      since = [];
    } else since.push(i);
    const images: [string, () => void][] = [[`prefix ${i}`, () => copyImage(all, lost)]];
    for (let r = 0; r < rounds && since.length > 1; r++) {
      const kept = since.filter(() => random() < 0.5);
      images.push([`${kept.length} of ${since.length} writes to ${i}`, () => {
        copyImage(flushed, lost);
        appendTo(lost, log, kept);
      }]);
    }
    for (const [name, make] of images) {
      make();
      const verdict = await onImage(scene, lost, () => judge(scene)).catch(messageOf);
      tally.add(name, verdict);
    }
    if (stopAtBad && tally.bad.length > 0) return tally;
  }
  copyImage(all, lost);
  const verdict = await onImage(scene, lost, () => judge(scene)).catch(messageOf);
  tally.add("all writes", verdict, ["new"]);
  return tally;
}

/** mulberry32: the same numbers every time. */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What is there, for a look by hand. */
export function show(): Promise<string> {
  return onImage(readScene(), IMAGE, () => picture().join("\n"));
}
