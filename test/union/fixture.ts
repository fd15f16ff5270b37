/**
 * Lays a union over small trees, lets balls write there, and prints what has changed.
 *
 * @module
 */
import { computeChanges, type Difference } from "../../lib/changes/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { removeTree } from "../../lib/posix/mod.ts";
import {
  createUnion,
  type Layer,
  type Snapshot,
  takeSnapshot,
  type Union,
} from "../../lib/union/mod.ts";
import { bash, readInput, unmountBelow } from "./child.ts";

/** What a ball does to the union, or others to the live root: a script of bash; or a call. */
export type Step =
  | { ball: string; sh: string }
  | { live: string }
  | { call: "seal" | "drop" | "remount" | "snapshot" }
  | { call: "dropBall"; ball: string }
  | { call: "baseFile"; path: string };

/** A live tree and what is done to it; scripts begin in the tree's root. */
export interface Scene {
  readonly live: string;
  readonly steps: readonly Step[];
  readonly secret?: string;
  /** In the union, at the end. */
  readonly look?: string;
  readonly scratch?: { kind: "memory" | "disk"; size: string };
}

/** What came of it; the changes are those since the snapshot, if one was taken. */
export interface Seen extends Difference {
  readonly layers: readonly Layer[];
  readonly looked: string;
  /** KiB that the layers take. */
  readonly used: number;
  readonly refused: readonly string[];
  /** What of those is shown: all of it, nothing, or it is absent. */
  readonly shown: readonly string[];
  /** Why a step was not done; then there are no changes. */
  readonly failed: string;
}

/** Lay the scene, and take it down. */
async function play(scene: Scene): Promise<Seen> {
  const home = Deno.makeTempDirSync({ prefix: "disco-test-" });
  const [root, folder] = [`${home}/root`, `${home}/run`];
  Deno.mkdirSync(root);
  Deno.mkdirSync(folder);
  bash(scene.live, root);
  const { union, leave } = await createUnion({
    root,
    folder,
    hidden: [],
    scratch: { kind: "memory", size: "64M", ...scene.scratch, image: `${home}/image` },
    persist: false,
  });
  let since: Snapshot | undefined;
  try {
    let failed = "";
    try {
      for (const step of scene.steps) since = take(step, union, root) ?? since;
    } catch (error) {
      if (!(error instanceof DiscoError)) throw error;
      failed = error.message;
    }
    const used = bash(`du -sk upper | cut -f1`, `${folder}/scratch`);
    return {
      ...failed === ""
        ? await computeChanges(union, (path) => path === scene.secret, { since })
        : { changes: [], linked: [], skipped: [] },
      failed,
      layers: union.layers,
      looked: scene.look === undefined ? "" : bash(scene.look, union.mountpoint),
      used: Number(used),
      refused: union.places.filter(({ kind }) => kind === "refused").map(({ path }) => path),
      shown: union.places.filter(({ kind }) => kind === "refused")
        .map(({ shown = "all", reason }) => `${shown}: ${reason}`),
    };
  } finally {
    union.close();
    leave();
    unmountBelow(root);
    removeTree(home);
  }
}

function take(step: Step, union: Union, root: string): Snapshot | void {
  if ("live" in step) bash(step.live, root);
  else if (!("call" in step)) {
    if (union.layers.at(-1)?.ball !== step.ball) union.begin(step.ball);
    bash(step.sh, union.mountpoint);
  } else if (step.call === "snapshot") return takeSnapshot(union);
  else if (step.call === "dropBall") union.dropBall(step.ball);
  else if (step.call === "baseFile") {
    union.base.file(step.path, new TextEncoder().encode("base\n"), 0o755);
  } else union[step.call]();
}

if (import.meta.main) {
  const seen: Seen[] = [];
  for (const scene of await readInput<Scene[]>()) seen.push(await play(scene));
  console.log(JSON.stringify(seen));
}
