/**
 * The difference between the live root and the union, path by path.
 *
 * @module
 */
import { lstat, readdir, readlink, readXattrs, type Stat } from "../posix/mod.ts";
import type { Snapshot, Union } from "../union/mod.ts";
import { Accounts } from "./accounts.ts";
import { contentUpTo, isReadable, sameContent, sha256 } from "./content.ts";
import { DiffCutter } from "./cut.ts";
import { entryOf } from "./entry.ts";
import { sameOwner } from "./owner.ts";
import { type Touch, touchedPaths } from "./touched.ts";
import type { Change, ChangeKind, Entry } from "./types.ts";

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
}

/** What shall not be shown. */
export type IsSecret = (path: string) => boolean;

/** How changes are worked out. */
export interface ComputeOptions {
  /** Compare with this, and what was changed after it only, instead of the live root. */
  readonly since?: Snapshot | undefined;
  /** Put the content of secrets into the changes, for who compares it, or shows it to a person. */
  readonly reveal?: boolean;
}

/** Compare what the layers mention. The calling thread must be in the union's namespace. */
export async function computeChanges(
  union: Union,
  isSecret: IsSecret,
  { since, reveal = false }: ComputeOptions = {},
): Promise<Difference> {
  const comparison = new Comparison(union, since);
  const found = comparison.run();
  const changes: Change[] = [];
  const cutter = new DiffCutter();
  for (const item of found) {
    changes.push(await describe(item, comparison, isSecret(item.path), { cutter, reveal }));
  }
  const { skipped } = comparison;
  return { changes, linked: comparison.linked(), copied: comparison.copied(changes), skipped };
}

interface Found {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly balls: string[];
  readonly before: Stat | undefined;
  readonly after: Stat | undefined;
  readonly contentDiffers: boolean;
}

class Comparison {
  readonly skipped: { path: string; why: string }[] = [];
  readonly live: string;
  readonly now: string;
  readonly accounts: { before: Accounts; after: Accounts };
  readonly #touched: Map<string, Touch>;
  readonly #names = new Map<string, string[]>();
  readonly #found: Found[] = [];

  constructor(union: Union, since: Snapshot | undefined) {
    const before = since?.mountpoint ?? union.root;
    this.live = before === "/" ? "" : before;
    this.now = union.mountpoint;
    this.accounts = { before: new Accounts(before), after: new Accounts(union.mountpoint) };
    this.#touched = touchedPaths(union, since?.last);
  }

  run(): Found[] {
    for (const [path, touch] of this.#touched) {
      this.#visit(path, touch);
      if (touch.whole) this.#compareBelow(path, touch);
    }
    return withoutGone(this.#found).sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  }

  linked(): string[][] {
    return [...this.#names.values()].filter((paths) => paths.length > 1);
  }

  copied(changes: readonly Change[]): string[] {
    return changes.filter(({ kind, path }) => kind === "created" && this.#touched.get(path)?.isCopy)
      .map(({ path }) => path);
  }

  /** Everything below a directory that hides or moves what the live root has there. */
  #compareBelow(path: string, touch: Touch): void {
    const names = new Set([...this.#list(this.live + path), ...this.#list(this.now + path)]);
    for (const name of names) {
      const below = `${path === "/" ? "" : path}/${name}`;
      if (this.#touched.has(below)) {
        if (this.#touched.get(below)!.whole) continue;
      } else this.#visit(below, { ...touch, metadataOnly: false });
      if (lstat(this.now + below)?.type === "directory") this.#compareBelow(below, touch);
    }
  }

  #list(folder: string): string[] {
    return lstat(folder)?.type === "directory" ? readdir(folder).map(({ name }) => name) : [];
  }

  #visit(path: string, touch: Touch): void {
    const before = lstat(this.live + path);
    const after = lstat(this.now + path);
    if (after?.type === "file" && after.nlink > 1) this.#note(after, path);
    if (after?.type === "socket") {
      if (before?.type !== "socket") {
        this.skipped.push({ path, why: "a socket is made by the program that listens" });
      }
      return;
    }
    const { kind, contentDiffers } = this.#kindOf(path, before, after, touch);
    if (kind) this.#found.push({ path, kind, balls: touch.balls, before, after, contentDiffers });
  }

  #note(stat: Stat, path: string): void {
    const id = `${stat.dev}/${stat.ino}`;
    this.#names.set(id, [...this.#names.get(id) ?? [], path]);
  }

  #kindOf(
    path: string,
    before: Stat | undefined,
    after: Stat | undefined,
    touch: Touch,
  ): { kind: ChangeKind | undefined; contentDiffers: boolean } {
    if (!before && !after) return { kind: undefined, contentDiffers: false };
    if (!before) return { kind: "created", contentDiffers: true };
    if (!after) return { kind: "deleted", contentDiffers: true };
    if (before.type !== after.type) return { kind: "replaced", contentDiffers: true };
    if (!touch.metadataOnly && this.#contentDiffers(path, before, after)) {
      return { kind: "modified", contentDiffers: true };
    }
    const isSame = sameAttributes(before, after) && this.#sameXattrs(path);
    return { kind: isSame ? undefined : "attributes", contentDiffers: false };
  }

  #contentDiffers(path: string, before: Stat, after: Stat): boolean {
    switch (after.type) {
      case "file":
        if (before.size !== after.size) return true;
        return before.size > 0 &&
          !(isReadable(this.live + path) && sameContent(this.live + path, this.now + path));
      case "symlink":
        return readlink(this.live + path) !== readlink(this.now + path);
      case "char":
      case "block":
        return before.rdev !== after.rdev;
      default:
        return false;
    }
  }

  #sameXattrs(path: string): boolean {
    const before = readXattrs(this.live + path);
    const after = readXattrs(this.now + path);
    return before.size === after.size &&
      [...before].every(([name, value]) => `${value}` === `${after.get(name)}`);
  }
}

/** What a ball changed and a later one deleted with its directory goes with the directory. */
function withoutGone(found: readonly Found[]): Found[] {
  const gone = new Set(
    found.filter(({ kind, before }) => kind !== "attributes" && before?.type === "directory")
      .map(({ path }) => path),
  );
  const isGone = (path: string): boolean => path !== "" && (gone.has(path) || isGone(above(path)));
  return found.filter(({ path, kind }) => kind !== "deleted" || !isGone(above(path)));
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** A symbolic link's mode has no meaning; the time alone is no change. */
function sameAttributes(a: Stat, b: Stat): boolean {
  return sameOwner(a, b) && (a.type === "symlink" || a.mode === b.mode);
}

async function describe(
  found: Found,
  comparison: Comparison,
  secret: boolean,
  { cutter, reveal }: { cutter: DiffCutter; reveal: boolean },
): Promise<Change> {
  const { path, kind, balls, before, after } = found;
  const [livePath, nowPath] = [comparison.live + path, comparison.now + path];
  const { accounts } = comparison;
  const change: Change = {
    path,
    kind,
    balls,
    before: before ? entryOf(livePath, before, accounts.before) : null,
    after: after ? entryOf(nowPath, after, accounts.after) : null,
    diff: null,
    secret,
  };
  if (before?.type === "directory" && kind !== "attributes") change.contained = count(livePath);
  if (!found.contentDiffers) {
    // The content was not copied up: the union may show a stand-in's size.
    if (change.before?.size !== undefined) change.after!.size = change.before.size;
    return change;
  }
  if (before?.type === "file" && !isReadable(livePath)) leaveUnread(change);
  if (secret && !reveal) return change;
  if (before?.type === "file" && !change.unread) change.before!.sha256 = await sha256(livePath);
  if (after?.type === "file") change.after!.sha256 = await sha256(nowPath);
  if (!change.unread) await addDiff(change, livePath, nowPath, cutter);
  return change;
}

/** Of what may not be read nothing is compared; the file in the union may be made from a stand-in. */
function leaveUnread(change: Change): void {
  change.unread = true;
  delete change.before!.size;
  delete change.after?.size;
}

async function addDiff(
  change: Change,
  livePath: string,
  nowPath: string,
  cutter: DiffCutter,
): Promise<void> {
  const { unifiedDiff, DIFF_LIMIT } = await import("./text_diff.ts");
  const content = (entry: Entry | null, path: string) =>
    entry?.type === "file" ? contentUpTo(path, entry.size!, DIFF_LIMIT) : null;
  const [old, now] = [content(change.before, livePath), content(change.after, nowPath)];
  if (old === null && now === null) return;
  const diff = old === undefined || now === undefined ? null : unifiedDiff(change.path, old, now);
  if (diff === null) change.binary = true;
  else Object.assign(change, cutter.cut(diff));
}

/** Everything below a directory. */
function count(folder: string): number {
  return readdir(folder).reduce(
    (sum, { name, type }) => sum + 1 + (type === "directory" ? count(`${folder}/${name}`) : 0),
    0,
  );
}
