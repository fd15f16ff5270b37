/**
 * The live root, as the merge writes to it: through the door, with the slots of its areas beside it.
 *
 * @module
 */
import { type Inode, isMissing, Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { E, type Stat, SyscallError } from "../posix/mod.ts";
import type { Area } from "./area.ts";
import { ConflictError } from "./conflict.ts";
import {
  type Attributes,
  attributesOf,
  type AttributesOperation,
  isBetween,
  valuesOf,
} from "./operation.ts";
import { Staging } from "./staging.ts";

/** A root that operations are applied to. */
export class Live implements Disposable {
  readonly tree: Tree;
  readonly staging: Staging;

  /**
   * @param root Its path, which is root's.
   * @param generations DISCO's folder of generations.
   * @param areas Where the slots are, if any are needed.
   */
  constructor(root: string, generations: string, areas: readonly Area[] = []) {
    this.tree = openRoot(root);
    this.staging = new Staging(this.tree, generations, areas);
  }

  /** What is at a path; undefined also where no directories without links lead there. */
  stat(path: string): Stat | undefined {
    return this.tree.stat(path);
  }

  /** What is in a slot. */
  slot({ path, slot }: Slot): Stat | undefined {
    return this.staging.of(path).stat(`/${slot}`);
  }

  /** The attributes of a path, read from the very inode; undefined where nothing is. */
  attributes(path: string): Found | undefined {
    try {
      using inode = this.tree.hold(path);
      const { ino, mtime } = inode.stat;
      return { ...attributesOf(inode), ino: String(ino), mtime: String(mtime) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Set owner, mode and extended attributes of the inode that the operation is about. Throws a
   * {@linkcode ConflictError} if it is not there, or has got other ones.
   */
  setAttributes({ path, ino, before, after }: AttributesOperation): void {
    using inode = this.#hold(path, ino);
    if (!isBetween(attributesOf(inode), before, after)) throw new ConflictError(path);
    inode.chown(after.uid, after.gid);
    if (inode.stat.type !== "symlink") inode.chmod(after.mode);
    inode.writeXattrs(valuesOf(after));
    if (after.mtime !== undefined) inode.utimens(BigInt(after.mtime));
  }

  /** Bring a slot to a path, or a path to a slot, or let them change places. */
  move({ path, slot }: Slot, direction: "in" | "out" | "swap"): void {
    const [a, b] = [{ tree: this.tree, path }, { tree: this.staging.of(path), path: `/${slot}` }];
    // What is known of the way to it may be old.
    this.tree.forget();
    if (direction === "swap") exchange(a, b);
    else if (direction === "out") moveTo(a, b);
    else moveTo(b, a);
  }

  /** Give a slot another name. */
  renameSlot({ path, slot }: Slot, to: Slot): void {
    this.staging.of(path).rename(`/${slot}`, `/${to.slot}`, "noreplace");
  }

  /** Whether a swap without an exchange in one step was cut off between its steps. */
  isHalfSwapped({ path, slot }: Slot): boolean {
    return !this.stat(path) && this.slot({ path, slot: slot + ASIDE }) !== undefined;
  }

  /** Set a directory's modification time back, if it is one. */
  setTime(path: string, mtime: bigint): void {
    setTime(this.tree, path, mtime);
  }

  /** The same for what is in a slot. */
  setSlotTime({ path, slot }: Slot, mtime: bigint): void {
    setTime(this.staging.of(path), `/${slot}`, mtime);
  }

  [Symbol.dispose](): void {
    this.staging[Symbol.dispose]();
    this.tree[Symbol.dispose]();
  }

  #hold(path: string, ino: string): Inode {
    this.tree.forget();
    const inode = this.#holdAny(path);
    if (String(inode.stat.ino) === ino) return inode;
    inode[Symbol.dispose]();
    throw new ConflictError(path);
  }

  #holdAny(path: string): Inode {
    try {
      return this.tree.hold(path);
    } catch (error) {
      if (isMissing(error)) throw new ConflictError(path);
      throw error;
    }
  }
}

/** Attributes of an inode, and which one it is. */
export type Found = Attributes & { readonly ino: string; readonly mtime: string };

function openRoot(root: string): Tree {
  try {
    return new Tree(root);
  } catch (cause) {
    throw new DiscoError(`Cannot open the root of the merge: ${messageOf(cause)}`, { cause });
  }
}

/** What an operation names. */
interface Slot {
  readonly path: string;
  readonly slot: string;
}

/** A path of a tree. */
interface Place {
  readonly tree: Tree;
  readonly path: string;
}

/** Where what is live lies while it is swapped in more than one step. */
const ASIDE = ".aside";

function setTime(tree: Tree, path: string, mtime: bigint): void {
  if (tree.stat(path)?.type !== "directory") return;
  using inode = tree.hold(path);
  if (inode.stat.type === "directory") inode.utimens(mtime);
}

function exchange(a: Place, b: Place): void {
  const aside = { tree: b.tree, path: b.path + ASIDE };
  if (stat(aside)) return exchangeInSteps(a, b, aside);
  try {
    b.tree.rename(b.path, a.path, "exchange", a.tree);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    moveTo(a, aside);
    exchangeInSteps(a, b, aside);
  }
}

/** The rest of a swap: what was live is aside already. */
function exchangeInSteps(a: Place, b: Place, aside: Place): void {
  if (!stat(a)) moveTo(b, a);
  moveTo(aside, b);
}

function moveTo(from: Place, to: Place): void {
  try {
    from.tree.rename(from.path, to.path, "noreplace", to.tree);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    if (stat(to)) throw new SyscallError("rename", E.EXIST, "File exists", to.path);
    from.tree.rename(from.path, to.path, "replace", to.tree);
  }
}

function stat({ tree, path }: Place): Stat | undefined {
  return tree.stat(path);
}

/** File systems without the flags of renameat2(2) answer so. */
function isUnsupported(error: unknown): boolean {
  const codes: readonly number[] = [E.INVAL, E.NOSYS, E.OPNOTSUPP];
  return error instanceof SyscallError && codes.includes(error.errno);
}
