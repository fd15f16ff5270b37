/**
 * From changes to operations whose new entries lie ready in the staging folders.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import { type Difference, parseMtime } from "../changes/mod.ts";
import type { Tree } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";
import type { MergePlace } from "./area.ts";
import { ConflictError, parentOf } from "./conflict.ts";
import { Copier, type KnownName } from "./copy.ts";
import type { Live } from "./live.ts";
import { makeAreas } from "./make_area.ts";
import { isSince } from "./mark.ts";
import { type Attributes, attributesOf, identityOf, type Operation } from "./operation.ts";
import { withOwnInodes } from "./own_inode.ts";
import { Overlaid } from "./overlaid.ts";
import { checkSpace } from "./space.ts";
import { Storages } from "./storage.ts";
import { preflight } from "./preflight.ts";
import { entriesOf, type OnProgress } from "./progress.ts";
import { type Seen, watch } from "./watch.ts";

/** From what a merge is prepared. */
export interface Sources {
  readonly live: Live;
  readonly union: Tree;
  /** The folder of the generation. */
  readonly folder: string;
  /** Every place of the union that can be merged to. */
  readonly places: readonly MergePlace[];
  /** See `timeMark`. */
  readonly mark: bigint;
  /** Paths that were in conflict before, and what was there when the union was mounted. */
  readonly watched: Readonly<Record<string, Seen>>;
  readonly difference: Difference;
  /** Mount points inside the root. */
  readonly mountpoints: readonly string[];
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Flatten the changes into operations whose targets do not contain one another (a whole new or
 * deleted tree is one), check them against the live root, make the areas that they need, and copy the
 * new entries there. Throws {@linkcode ConflictError} if others have changed a target since the mark.
 */
export async function prepare(sources: Sources): Promise<Operation[]> {
  const { live, places, folder } = sources;
  const { changes, found } = await examine(sources);
  // Attributes last: a directory's must not change under the renames below it.
  const moves = changes.filter(({ kind }) => kind !== "attributes");
  const rest = changes.filter(({ kind }) => kind === "attributes");
  const paths = moves.map(({ path }) => path);
  makeAreas({ live: live.tree, generation: folder, places, paths }, live.staging);
  const overlaid = new Overlaid(live.tree, places);
  // First, because to copy up one name of an inode gives the other names a new change time.
  const known = namesThatStay(sources);
  overlaid.copyUp(changes, found);
  const copier = new Copier(known, counter(sources), filesOf(sources.difference));
  const storages = new Storages(live.tree);
  const operations = [...moves, ...rest].map((change, i) => {
    const seen = found.get(change.path);
    const operation = operationFor(change, `${i}`, seen, sources, { copier, storages });
    return operation.kind === "attributes" ? operation : overlaid.keep(operation, live.staging);
  });
  live.staging.sync();
  return operations;
}

/** The changes that become operations, and what is live at their paths, if nothing is in the way. */
export async function examine(
  sources: Omit<Sources, "folder">,
): Promise<{ changes: Change[]; found: Map<string, Stat | undefined> }> {
  const { live, difference } = sources;
  const changes = withOwnInodes(
    topmost(difference.changes),
    difference,
    (path) => live.stat(path),
  );
  const watched = await compareWatched(sources, changes);
  const task = { ...sources, live: live.tree, changes, watched };
  const found = preflight(task);
  await checkSpace(task);
  return { changes, found };
}

/** Changes that do not lie below a tree that appears, vanishes or is replaced as a whole. */
export function topmost(changes: readonly Change[]): Change[] {
  /** Whether a directory is such a tree, or lies in one. */
  const trees = new Map<string, boolean>();
  const isIn = (path: string): boolean => {
    const way: string[] = [];
    let at = path;
    for (; at !== "/" && !trees.has(at); at = parentOf(at)) way.push(at);
    const result = trees.get(at) ?? false;
    for (const one of way) trees.set(one, result);
    return result;
  };
  return changes.filter(({ path, kind }) => {
    if (isIn(parentOf(path))) return false;
    if (["created", "deleted", "replaced"].includes(kind)) trees.set(path, true);
    return true;
  });
}

/** Counts the entries that are copied. */
function counter({ difference, onProgress }: Sources): (() => void) | undefined {
  if (!onProgress) return undefined;
  const total = entriesOf(difference.changes);
  let done = 0;
  return () => onProgress({ step: "copy", done: ++done, total });
}

/** What was watched, as it was and as it is now. */
async function compareWatched(
  { live, watched }: Pick<Sources, "live" | "watched">,
  changes: readonly Change[],
) {
  const paths = changes.map(({ path }) => path).filter((path) => Object.hasOwn(watched, path));
  const now = await watch(live.tree, paths);
  return Object.fromEntries(
    paths.map((path) => [path, { before: watched[path]!, now: now[path]! }]),
  );
}

function operationFor(
  change: Change,
  slot: string,
  stat: Stat | undefined,
  { live, union }: Sources,
  { copier, storages }: { copier: Copier; storages: Storages },
): Operation {
  const { path } = change;
  if (change.kind === "attributes") return attributesFor(change, stat!, live, union);
  const before = stat ? identityOf(stat) : null;
  if (change.after === null) return { kind: "delete", path, slot, before, after: null };
  const storage = storages.at(path, change.after.type, stat);
  copier.copy(union, path, live.staging.of(path), slot, storage);
  const after = identityOf(live.slot({ path, slot })!);
  return { kind: before ? "swap" : "add", path, slot, before, after };
}

function attributesFor(change: Change, seen: Stat, live: Live, union: Tree): Operation {
  const { path, touched } = change;
  const now = live.attributes(path);
  if (!now) throw new ConflictError(path);
  const { ino, mtime, ...rest } = now;
  const before = touched ? { ...rest, mtime } : rest;
  const isAsSeen = ino === String(seen.ino) && before.mode === seen.mode &&
    before.uid === seen.uid && before.gid === seen.gid;
  if (!isAsSeen) throw new ConflictError(path);
  return { kind: "attributes", path, before, after: wantedAttributes(change, union), ino };
}

function wantedAttributes({ path, touched, after }: Change, union: Tree): Attributes {
  using inode = union.hold(path);
  const wanted = attributesOf(inode);
  // Not that of the union: of a file with several names it is the time that was set last.
  return touched ? { ...wanted, mtime: String(parseMtime(after!.mtime)) } : wanted;
}

/** Which file the names are of that are names of one file in the union. */
function filesOf({ linked }: Difference): Map<string, string> {
  return new Map(linked.flatMap((names, i) => names.map((name) => [name, fileKey(i)] as const)));
}

function fileKey(group: number): string {
  return `linked ${group}`;
}

/**
 * Names of an inode that are as they were: a new name beside them becomes a link to the live file.
 * Throws {@linkcode ConflictError} if such a name does not hold what the union saw.
 */
function namesThatStay({ difference, union, live, mark }: Sources): Map<string, KnownName> {
  const changed = new Set(difference.changes.map(({ path }) => path));
  const known = new Map<string, KnownName>();
  for (const [i, names] of difference.linked.entries()) {
    const path = names.find((name) => !changed.has(name));
    const stat = path === undefined ? undefined : union.stat(path);
    if (path === undefined || !stat) continue;
    const seen = live.stat(path);
    // Its time may be another in the union, where it is a copy. The change time tells of all others.
    const isAsSeen = seen?.type === stat.type && seen.size === stat.size &&
      seen.uid === stat.uid && !isSince(seen.ctime, mark);
    if (!isAsSeen) throw new ConflictError(path);
    known.set(fileKey(i), { tree: live.tree, path, seen });
  }
  return known;
}
