/**
 * Compares two trees, where layers say that something may have changed.
 *
 * @module
 */
import { isMissing } from "../door/mod.ts";
import { type DirectoryEntry, type Stat, SyscallError } from "../posix/mod.ts";
import type { Bounds } from "./bounds.ts";
import { isBeginning, sameContent } from "./content.ts";
import { above, type Found, withoutGone } from "./found.ts";
import { sameOwner } from "./owner.ts";
import { Names } from "./names.ts";
import type { Pace } from "./pace.ts";
import { type Side, withBoth } from "./side.ts";
import { refuseReserved, refuseWhiteout } from "./overlays_own.ts";
import { isCopyOfLater, type Since } from "./since.ts";
import { steadily, told } from "./steadily.ts";
import { withTimeOfAll } from "./time_of_all.ts";
import { type Touch, WRITTEN } from "./touched.ts";
import type { ChangeKind } from "../result/change.ts";

/** What is compared. */
export interface Trees {
  readonly live: Side;
  readonly now: Side;
  readonly pace: Pace;
  readonly bounds: Bounds;
  readonly since: Since;
}

/** What is known of a path that is looked at. */
type Known = Pick<Touch, "balls" | "metadataOnly" | "handled"> & Partial<Touch>;

/** A comparison; what is found in it is there when it has run. */
export class Comparison {
  readonly skipped: { path: string; why: string }[] = [];
  readonly #trees: Trees;
  readonly #touched: ReadonlyMap<string, Touch>;
  readonly #names = new Names();
  readonly #found: Found[] = [];
  /** Directories of the union that are none in the live root: nothing can be below them there. */
  readonly #fresh = new Set<string>();

  constructor(trees: Trees, touched: ReadonlyMap<string, Touch>) {
    this.#trees = trees;
    this.#touched = touched;
  }

  /** What differs, sorted by path. */
  async run(): Promise<Found[]> {
    for (const [path, touch] of this.#touched) {
      await this.#visit(path, touch);
      if (touch.whole) await this.#compareBelow(path, touch);
    }
    const found = this.#names.withRelinked(withoutGone(this.#found));
    return withTimeOfAll(found).sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  }

  /** Names of one file in the union, where it has several. */
  linked(): string[][] {
    return this.#names.linked();
  }

  /** Look at a path once more, at which something else was when it was described. */
  async again({ path, balls }: Found): Promise<Found | undefined> {
    this.#trees.live.tree.forget();
    this.#trees.now.tree.forget();
    const touch = this.#touched.get(path) ??
      { balls, metadataOnly: false, handled: WRITTEN };
    return await this.#look(path, { ...touch, balls });
  }

  /** Everything below a directory that hides or moves what the live root has there. */
  async #compareBelow(top: string, touch: Touch): Promise<void> {
    const { live, now, bounds } = this.#trees;
    const folders = [top];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const isFresh = this.#fresh.has(folder);
      const entries = [...isFresh ? [] : entriesIn(live, folder), ...entriesIn(now, folder)];
      // What the union says comes last, and counts.
      for (const [name, type] of new Map(entries.map(({ name, type }) => [name, type]))) {
        const path = `${folder === "/" ? "" : folder}/${name}`;
        const own = this.#touched.get(path);
        if (own?.whole) continue;
        if (!own) {
          bounds.take(path, touch.balls);
          const { balls } = touch;
          await this.#visit(path, { balls, metadataOnly: false, handled: WRITTEN });
        }
        if (type === "char") refuseWhiteout(now, path, touch.balls);
        const isFolder = type === "directory" || type === undefined;
        if (isFolder && now.tree.stat(path)?.type === "directory") folders.push(path);
      }
    }
  }

  async #visit(path: string, touch: Known): Promise<void> {
    await this.#trees.pace.step();
    const { balls } = touch;
    const look = () => steadily(() => this.#look(path, touch, true), this.#trees);
    const found = await told({ path, balls }, look);
    if (found) this.#found.push(found);
  }

  async #look(path: string, touch: Known, isFirst = false): Promise<Found | undefined> {
    const { live, now } = this.#trees;
    const before = isFirst && this.#fresh.has(above(path)) ? undefined : live.tree.stat(path);
    const after = now.tree.stat(path);
    if (after?.type === "directory" && before?.type !== "directory") this.#fresh.add(path);
    const { balls } = touch;
    if (isFirst && after && after.type !== "directory" && after.nlink > 1) {
      const file = touch.inode ?? `union ${after.dev}/${after.ino}`;
      this.#names.note(file, { path, balls, before, after, isCopy: touch.isCopy === true });
    }
    if (after?.type === "socket") {
      if (isFirst && before?.type !== "socket") {
        this.skipped.push({ path, why: "a socket is made by the program that listens" });
      }
      return undefined;
    }
    const { kind, contentDiffers } = await this.#kindOf(path, before, after, touch);
    if (after) {
      const kept = kind === undefined || kind === "attributes" ? live : undefined;
      refuseReserved(now, kept, path, touch.balls);
    }
    const isTouched = this.#isTouched(path, before, after, touch);
    const found = kind ?? (isTouched ? "attributes" : undefined);
    const isShown = isTouched && found === "attributes";
    const marks = { isTouched: isShown, isOnlyTime: isTouched && kind === undefined };
    return found && { path, kind: found, balls, before, after, contentDiffers, ...marks };
  }

  /** Whether the file has got another time on purpose. */
  #isTouched(path: string, before: Stat | undefined, after: Stat | undefined, { handled }: Known) {
    if (!before || before.type === "directory" || before.type !== after?.type) return false;
    const time = before.nlink > 1 ? handled.timeIfLinked : handled.time;
    if (before.mtime === after.mtime || time === "written") return false;
    const { since } = this.#trees;
    // Where others have changed the file, a copy has the time that it had before.
    const isOlder = time === "copied" && since.isChanged(before);
    return !isOlder && !since.isDelivered(path);
  }

  async #kindOf(
    path: string,
    before: Stat | undefined,
    after: Stat | undefined,
    touch: Known,
  ): Promise<{ kind: ChangeKind | undefined; contentDiffers: boolean }> {
    if (!before && !after) return { kind: undefined, contentDiffers: false };
    if (!before) return { kind: "created", contentDiffers: true };
    if (!after) return { kind: "deleted", contentDiffers: true };
    if (before.type !== after.type) return { kind: "replaced", contentDiffers: true };
    const differs = !touch.metadataOnly && await this.#contentDiffers(path, before, after);
    if (differs && !await this.#isOnlyOpened(path, before, after, touch)) {
      return { kind: "modified", contentDiffers: true };
    }
    const isSame = sameAttributes(before, after) && this.#sameXattrs(path);
    return { kind: isSame ? undefined : "attributes", contentDiffers: false };
  }

  /** Whether balls have only opened what others have written to since. */
  async #isOnlyOpened(path: string, before: Stat, after: Stat, { handled }: Known) {
    const { live, now, since, pace } = this.#trees;
    const opened = before.nlink > 1 ? handled.openedIfLinked : handled.opened;
    if (opened === "no" || after.type !== "file" || !since.isChanged(before)) return false;
    const seen = since.seen(path);
    if (opened === "yes" && seen) return isCopyOfLater(after, seen);
    if (opened === "yes" && since.isLater(after.mtime)) return true;
    // Of an empty live file the copy would have an older time: it was emptied.
    if (after.size > before.size || after.size === 0) return false;
    return await withBoth(
      live,
      now,
      path,
      { before, after },
      (one, two) => isBeginning(two, one, after.size, pace),
    );
  }

  async #contentDiffers(path: string, before: Stat, after: Stat): Promise<boolean> {
    const { live, now } = this.#trees;
    switch (after.type) {
      case "file":
        if (before.size !== after.size) return true;
        return before.size > 0 && !await this.#sameFile(path, before, after);
      case "symlink":
        return live.tree.readlink(path) !== now.tree.readlink(path);
      case "char":
      case "block":
        return before.rdev !== after.rdev;
      default:
        return false;
    }
  }

  async #sameFile(path: string, before: Stat, after: Stat): Promise<boolean> {
    const { live, now, pace } = this.#trees;
    return await withBoth(
      live,
      now,
      path,
      { before, after },
      (one, two) => sameContent(one, two, pace),
    );
  }

  #sameXattrs(path: string): boolean {
    const { live, now } = this.#trees;
    const before = live.tree.xattrs(path);
    const after = now.tree.xattrs(path);
    return before.size === after.size &&
      [...before].every(([name, value]) => `${value}` === `${after.get(name)}`);
  }
}

function entriesIn({ tree }: Side, folder: string): DirectoryEntry[] {
  if (tree.stat(folder)?.type !== "directory") return [];
  try {
    return tree.list(folder);
  } catch (error) {
    if (error instanceof SyscallError && isMissing(error)) return [];
    throw error;
  }
}

/** A symbolic link's mode has no meaning. */
function sameAttributes(a: Stat, b: Stat): boolean {
  return sameOwner(a, b) && (a.type === "symlink" || a.mode === b.mode);
}
