/**
 * From changes to operations whose new entries lie ready in the staging areas.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { Change, Difference } from "../changes/mod.ts";
import { DiscoError } from "../error.ts";
import { lstat, O, open, space, syncfs, withFile } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Area } from "./area.ts";
import { ConflictError } from "./conflict.ts";
import { Copier, inodeKey } from "./copy.ts";
import { Live } from "./live.ts";
import { attributesOf, identityOf, type Operation } from "./operation.ts";

/** From what a merge is prepared. */
export interface Sources {
  readonly root: string;
  /** Where the union is mounted. */
  readonly union: string;
  readonly areas: readonly Area[];
  readonly difference: Difference;
}

/**
 * Flatten the changes into operations whose targets do not contain one another (a whole new or
 * deleted tree is one), check them against the live root, and copy the new entries to the areas.
 * Throws {@linkcode ConflictError} if somebody else changed a target since the areas were marked.
 */
export function prepare(sources: Sources): Operation[] {
  const changes = topmost(sources.difference.changes);
  const prefix = sources.root === "/" ? "" : sources.root;
  checkSpace(changes, sources);
  const copier = new Copier(namesThatStay(sources, prefix));
  const live = new Live(sources.root);
  try {
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
  if (change.before === null ? stat : !stat || stat.ctime >= BigInt(area.mark)) {
    throw new ConflictError(path);
  }
  if (stat?.immutable || stat?.appendOnly) {
    throw new DiscoError(
      `Cannot change "${printable(path)}": it is ${stat.immutable ? "immutable" : "append-only"}`,
      { hint: `chattr -${stat.immutable ? "i" : "a"} lets it be changed` },
    );
  }
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

/** The area of the innermost place that a path lies in. */
function areaOf(path: string, areas: readonly Area[]): Area {
  const holds = ({ place }: Area) =>
    place === "/" || path === place || path.startsWith(`${place}/`);
  return areas.filter(holds).toSorted((a, b) => b.place.length - a.place.length)[0]!;
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

function checkSpace(changes: readonly Change[], { areas }: Sources): void {
  for (const area of areas) {
    const own = changes.filter(({ path, after }) => after && areaOf(path, areas) === area);
    const needed = own.reduce((sum, { after }) => sum + (after?.size ?? 0) + 4096, 0);
    const { free, freeInodes } = space(area.folder);
    if (needed <= free && own.length <= freeInodes) continue;
    throw new DiscoError(
      `Cannot stage ${own.length} changes for "${area.place}": ${needed} bytes are needed, ${free} bytes and ${freeInodes} inodes are free`,
      { hint: "make room there, then dance again; nothing has been changed" },
    );
  }
}
