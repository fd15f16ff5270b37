/**
 * The difference between the live root and the union, path by path.
 *
 * @module
 */
import type { Snapshot, Union } from "../union/mod.ts";
import { Bounds } from "./bounds.ts";
import { Comparison } from "./comparison.ts";
import type { Found } from "./found.ts";
import { Describer } from "./describe.ts";
import { movedApart } from "./moved_names.ts";
import { Pace } from "./pace.ts";
import { Side } from "./side.ts";
import { type Parted, partedFrom } from "./parted.ts";
import { partedLater } from "./parted_later.ts";
import { NEVER, type Since } from "./since.ts";
import { steadily, told } from "./steadily.ts";
import { touchedPaths } from "./touched.ts";
import type { Change } from "../result/change.ts";

/** What a dance would change. */
export interface Difference {
  /** Sorted by path, in the order of code units. */
  readonly changes: Change[];
  /** Paths that are names of one file in the union; those that did not change are among them. */
  readonly linked: string[][];
  /** Created, and yet copied from below: a file that was moved, or that is live no more. */
  readonly copied?: string[];
  /** What is there but cannot be carried over, and why. */
  readonly skipped: { path: string; why: string }[];
  /** Names of files that change while other names of the same file stay as they are. */
  readonly parted?: readonly Parted[];
}

/** Which paths have content that must not be shown. */
export type IsSecret = (path: string) => boolean;

/** How changes are worked out. */
export interface ComputeOptions {
  /** Compare with this, and what was changed after it only, instead of the live root. */
  readonly since?: Snapshot | undefined;
  /** Put the content of secrets into the changes, for who compares it and does not show it. */
  readonly reveal?: boolean;
  /** What others may have done to the live root meanwhile; nothing, unless told. */
  readonly others?: Since;
  /** Calls the work off. */
  readonly signal?: AbortSignal;
}

/**
 * Compare what the layers mention. The calling thread must be in the union's namespace. Secret is
 * what `isSecret` says, and what not everybody can read, before or after.
 */
export async function computeChanges(
  union: Union,
  isSecret: IsSecret,
  { since, reveal = false, others = NEVER, signal }: ComputeOptions = {},
): Promise<Difference> {
  const [pace, bounds] = [new Pace(signal), new Bounds()];
  using live = new Side(since?.mountpoint ?? union.root, union.root === "/");
  using now = new Side(union.mountpoint, union.root === "/");
  const trees = { live, now, pace, bounds, since: others };
  const touched = await touchedPaths(union, { pace, bounds, after: since?.last ?? 0 });
  const comparison = new Comparison(trees, touched);
  const describer = new Describer({ ...trees, isSecret, reveal });
  const changes: Change[] = [];
  const all = await comparison.run();
  for (const found of all) {
    const change = await told(found, () => changeOf(found, comparison, describer, trees));
    if (change) changes.push(change);
  }
  const linked = comparison.linked();
  const isCopied = ({ kind, path }: Change) => kind === "created" && touched.get(path)?.isCopy;
  const copied = changes.filter(isCopied).map(({ path }) => path);
  return {
    changes,
    linked,
    copied,
    skipped: comparison.skipped,
    parted: [
      ...partedFrom(all),
      ...movedApart(all, { linked, isTouched: (path) => touched.has(path) }),
      ...partedLater(touched, all, (path) => now.tree.stat(path)),
    ],
  };
}

/** Others may change a path between two looks: then it is looked at as a whole once more. */
async function changeOf(
  first: Found,
  comparison: Comparison,
  describer: Describer,
  sides: { live: Side; now: Side },
): Promise<Change | undefined> {
  let isFirst = true;
  return await steadily(async () => {
    const found = isFirst ? first : await comparison.again(first);
    isFirst = false;
    return found && await describer.describe(found);
  }, sides);
}
