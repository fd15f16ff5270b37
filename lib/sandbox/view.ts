/**
 * What a sandbox sees: the union, and other things at places of their own, as one tree of mounts, of
 * which bubblewrap makes the root. It could mount each of them itself, but reads the whole table of
 * mounts each time, and follows a link that a script has left at the place.
 *
 * @module
 */
import { Spot, Tree } from "../door/mod.ts";
import { cloneMount, inCopyOfMounts, MS, O, open } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** A folder or a file that is seen at a place, with everything that is mounted in it. */
export interface Shown {
  readonly from: string;
  readonly at: string;
  readonly isReadOnly: boolean;
}

/** Show something that can be read. */
export function readable(from: string, at: string): Shown {
  return { from, at, isReadOnly: true };
}

/** Show something that can be written, too. */
export function writable(from: string, at: string): Shown {
  return { from, at, isReadOnly: false };
}

/** Where the tree is mounted, in the namespace in which it is. */
export function viewOf(union: Union): string {
  return union.folder("view");
}

/**
 * Call a function in a namespace of mounts that has the tree, and goes with what is started there.
 * Only for what does not wait. Each place must be there: a link is not followed, and is an error.
 */
export function inView<T>(union: Union, shown: readonly Shown[], start: () => T): T {
  return inCopyOfMounts(() => {
    mountView(union, shown);
    return start();
  });
}

function mountView(union: Union, shown: readonly Shown[]): void {
  const folder = viewOf(union);
  using at = held(folder);
  place(union.mountpoint, at, MS.NOSUID);
  using tree = new Tree(folder);
  for (const { from, at, isReadOnly } of shown) {
    using spot = tree.spot(at);
    place(from, spot, MS.NOSUID | MS.NODEV | (isReadOnly ? MS.RDONLY : 0));
    tree.forget();
  }
}

function place(from: string, at: Spot, flags: number): void {
  using source = held(from);
  using mount = cloneMount(source.fd, true, from);
  mount.restrict(flags, true, from);
  mount.attach(at.fd, at.path);
}

function held(path: string): Spot {
  return new Spot(open(path, O.PATH), path, true);
}
