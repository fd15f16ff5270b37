/**
 * From changes to operations whose new entries lie ready in the staging areas.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Change, Difference } from "../changes/mod.ts";
import { lstat, O, open, syncfs, withFile } from "../posix/mod.ts";
import { type Area, areaOf } from "./area.ts";
import { Copier, inodeKey } from "./copy.ts";
import { Live } from "./live.ts";
import { attributesOf, identityOf, type Operation } from "./operation.ts";
import { withOwnInodes } from "./own_inode.ts";
import { preflight } from "./preflight.ts";

/** From what a merge is prepared. */
export interface Sources {
  readonly root: string;
  /** Where the union is mounted. */
  readonly union: string;
  readonly areas: readonly Area[];
  readonly difference: Difference;
  /** Mount points inside the root. */
  readonly mountpoints: readonly string[];
}

/**
 * Flatten the changes into operations whose targets do not contain one another (a whole new or
 * deleted tree is one), check them against the live root, and copy the new entries to the areas.
 * Throws {@linkcode ConflictError} if somebody else changed a target since the areas were marked.
 */
export function prepare(sources: Sources): Operation[] {
  const prefix = sources.root === "/" ? "" : sources.root;
  const live = new Live(sources.root);
  try {
    const { difference } = sources;
    const changes = withOwnInodes(
      topmost(difference.changes),
      difference,
      (path) => live.stat(path),
    );
    preflight({ ...sources, changes, live });
    const copier = new Copier(namesThatStay(sources, prefix));
    // Attributes last: a directory's must not change under the renames below it.
    const moves = changes.filter(({ kind }) => kind !== "attributes");
    const rest = changes.filter(({ kind }) => kind === "attributes");
    const operations = [...moves, ...rest].map((change, i) =>
      operationFor(change, `${i}`, sources, live, copier, prefix)
    );
    for (const { folder } of sources.areas) {
      withFile(open(folder, O.RDONLY | O.DIRECTORY), (fd) => syncfs(fd, folder));
    }
    return operations;
  } finally {
    live.close();
  }
}

/** Changes that do not lie below a tree that appears, vanishes or is replaced as a whole. */
export function topmost(changes: readonly Change[]): Change[] {
  const trees = new Set<string>();
  const result: Change[] = [];
  for (const change of changes) {
    if (isBelowAny(change.path, trees)) continue;
    result.push(change);
    if (["created", "deleted", "replaced"].includes(change.kind)) trees.add(change.path);
  }
  return result;
}

function isBelowAny(path: string, trees: ReadonlySet<string>): boolean {
  for (let at = dirname(path); at !== "/" && at !== "."; at = dirname(at)) {
    if (trees.has(at)) return true;
  }
  return false;
}

function operationFor(
  change: Change,
  number: string,
  { areas, union }: Sources,
  live: Live,
  copier: Copier,
  prefix: string,
): Operation {
  const { path } = change;
  const area = areaOf(path, areas);
  const stat = live.stat(path);
  if (change.kind === "attributes") {
    return {
      kind: "attributes",
      path,
      before: attributesOf(prefix + path, stat!),
      after: attributesOf(union + path, lstat(union + path)!),
      ino: String(stat!.ino),
    };
  }
  const slot = `${area.folder}/${number}`;
  const before = stat ? identityOf(stat) : null;
  if (change.after === null) return { kind: "delete", path, slot, before, after: null };
  copier.copy(union + path, slot);
  const after = identityOf(lstat(slot)!);
  return { kind: before ? "swap" : "add", path, slot, before, after };
}

/** Names of an inode that are as they were: a new name beside them becomes a link to the live file. */
function namesThatStay({ difference, union }: Sources, prefix: string): Map<string, string> {
  const changed = new Set(difference.changes.map(({ path }) => path));
  const known = new Map<string, string>();
  for (const names of difference.linked) {
    const stays = names.find((name) => !changed.has(name));
    const stat = stays === undefined ? undefined : lstat(union + stays);
    if (stat) known.set(inodeKey(stat), prefix + stays);
  }
  return known;
}
