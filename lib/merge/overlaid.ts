/**
 * A live root that is an overlay itself, as in containers and on live systems
 * (Documentation/filesystems/overlayfs.rst).
 *
 * A change there first copies a file up, to another inode; and a directory that came with the image
 * cannot be renamed without `redirect_dir`.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import type { Stat } from "../posix/mod.ts";
import { innermost, type MergePlace } from "./area.ts";
import { canMove, keptName } from "./by_steps.ts";
import { ConflictError } from "./conflict.ts";
import { Copier } from "./copy.ts";
import { identityOf, isSame, type MoveOperation } from "./operation.ts";
import type { Staging } from "./staging.ts";

/** OVERLAYFS_SUPER_MAGIC in linux/magic.h. */
const OVERLAYFS = 0x794c7630;

/** Where the live root is an overlay. */
export class Overlaid {
  readonly #live: Tree;
  readonly #places: readonly MergePlace[];
  readonly #known = new Map<string, boolean>();

  constructor(live: Tree, places: readonly MergePlace[]) {
    this.#live = live;
    this.#places = places;
  }

  /**
   * Let overlayfs copy the files up now that are going to be changed, so that their inodes stay; what
   * is known of them is renewed.
   */
  copyUp(changes: readonly Change[], found: Map<string, Stat | undefined>): void {
    for (const { path, kind } of changes) {
      const seen = found.get(path);
      if (!seen || seen.type === "directory" || !this.#isOverlay(path)) continue;
      {
        using inode = this.#live.hold(path, seen);
        inode.touchAccess();
      }
      const now = this.#live.stat(path);
      // Others may go on writing to a file of which only the attributes change.
      const written = kind === "attributes" && now && { size: now.size, mtime: now.mtime };
      const wanted = identityOf({ ...seen, ...written });
      if (!isSame(now && { ...now, ino: seen.ino }, wanted)) throw new ConflictError(path);
      found.set(path, now);
    }
  }

  /** Copy what goes beside its slot, where it is a directory that cannot be moved there. */
  keep(operation: MoveOperation, staging: Staging): MoveOperation {
    const { path, slot, before } = operation;
    if (before?.type !== "directory" || !this.#isOverlay(path)) return operation;
    const slots = staging.of(path);
    if (canMove(this.#live, path, slots)) return operation;
    new Copier().copy(this.#live, path, slots, keptName(slot), "same");
    const copy = slots.stat(`/${keptName(slot)}`);
    if (!copy) throw new ConflictError(path);
    return { ...operation, kept: identityOf(copy) };
  }

  #isOverlay(path: string): boolean {
    const place = innermost(path, this.#places, (one) => one.path)?.path ?? "/";
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    using root = this.#live.below(place);
    const isOverlay = root.space().type === OVERLAYFS;
    this.#known.set(place, isOverlay);
    return isOverlay;
  }
}
