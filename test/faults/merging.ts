/**
 * The merge that is disturbed, its recovery, and the verdict on what is there afterwards.
 *
 * @module
 */
import { messageOf } from "../../lib/error/mod.ts";
import {
  abandon,
  begin,
  commit,
  listGenerations,
  readWhole,
  recover,
  rollback,
} from "../../lib/merge/mod.ts";
import { lstat } from "../../lib/posix/mod.ts";
import { contextOfLive, picture, places, readScene, type Scene } from "./scene.ts";
import { BEGIN, END } from "./trace.ts";

const ID = "20260101T000001Z-000001";

/** Merge the scene's changes to the image, between two marks for a tracer. */
export async function mergeOnce(scene: Scene = readScene()): Promise<void> {
  lstat(BEGIN!);
  const context = contextOfLive();
  const transaction = await begin(context, ID, { places: places() });
  try {
    const { difference, union } = scene;
    const mountpoints = places().map(({ path }) => path).filter((path) => path !== "/");
    await commit(transaction, { context, balls: ["a"], union, difference, mountpoints });
  } finally {
    abandon(transaction);
  }
  lstat(END!);
}

/** Recover, between two marks. */
export async function recoverOnce(): Promise<void> {
  lstat(BEGIN!);
  await recover(contextOfLive(), places());
  lstat(END!);
}

/** `old` or `new`, or what is neither. */
export type Verdict = string;

/**
 * Recover, and say which tree is there; a new one must let itself be undone.
 *
 * @param apartFrom Paths that do not count.
 */
export async function judge(scene: Scene, apartFrom: readonly string[] = []): Promise<Verdict> {
  try {
    await recover(contextOfLive(), places());
    return await look(scene, apartFrom);
  } catch (error) {
    return `recovery failed: ${messageOf(error)}`;
  }
}

async function look(scene: Scene, apartFrom: readonly string[]): Promise<Verdict> {
  const generations = await listGenerations(contextOfLive());
  const states = generations.map(({ status }) => status).join();
  const now = picture(apartFrom);
  if (isSame(now, scene.old)) return ["", "undone"].includes(states) ? "old" : `old, but ${states}`;
  if (!isSame(now, scene.fresh)) return `neither: ${differences(now, scene)}`;
  if (states !== "done") return `new, but "${states}"`;
  const generation = await readWhole(generations[0]!);
  await rollback(contextOfLive(), generation, { id: "20260101T000002Z-000002", force: false });
  const undone = picture(apartFrom);
  return isSame(undone, scene.old) ? "new" : `new, but not undone: ${differences(undone, scene)}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join("\n") === b.join("\n");
}

function differences(now: readonly string[], { old, fresh }: Scene): string {
  const strange = now.filter((line) => !old.includes(line) && !fresh.includes(line));
  const isOf = (tree: readonly string[]) => tree.filter((line) => now.includes(line)).length;
  return `${isOf(old)}/${old.length} lines of old, ${isOf(fresh)}/${fresh.length} of new; ` +
    strange.slice(0, 3).join("; ");
}
