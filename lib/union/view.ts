/**
 * What a program in the sandbox sees: the union, and other things at places of their own, as one tree
 * of mounts, of which bubblewrap makes the root. It could mount each of them itself, but reads the whole
 * table of mounts each time, and follows a link that a script has left at the place.
 *
 * The tree is in a namespace of its own, which has little besides it: a long table is slow to read. It
 * is kept from one program to the next as long as what is seen is the same.
 *
 * @module
 */
import { Spot, Tree } from "../door/mod.ts";
import {
  cloneMount,
  type DetachedMount,
  KeptMounts,
  lstat,
  machineView,
  MS,
  O,
  open,
  pivotRoot,
  readMounts,
  SyscallError,
  unmount,
} from "../posix/mod.ts";

/** A folder or a file that is seen at a place, with everything that is mounted in it. */
export interface Shown {
  readonly from: string;
  readonly at: string;
  readonly isReadOnly: boolean;
  /** Device nodes in it are devices. */
  readonly hasDevices?: boolean;
}

/** Show something that can be read. */
export function readable(from: string, at: string): Shown {
  return { from, at, isReadOnly: true };
}

/** Show something that can be written, too. */
export function writable(from: string, at: string): Shown {
  return { from, at, isReadOnly: false };
}

/** What is to be seen, and what is known of it. */
export interface Sight {
  /** In the order in which it is mounted; the union, at `/`, comes first. */
  readonly shown: readonly Shown[];
  /** Files of the live system that what is started needs; the programs of /usr are there. */
  readonly needed: readonly string[];
  /** While it is the same, nothing was written where the places are; undefined where that is not known. */
  readonly state: string | undefined;
}

/** Mounts of the live system that no program needs to start. */
const LEFT_BEHIND = /^\/(?:boot|dev|home|media|mnt|run|snap|srv|sys|tmp|var)(?:\/|$)|^\/proc\//;

/** The view of one union. */
export class View {
  readonly #scratch: string;
  #mounts: KeptMounts | undefined;
  #needed = "";
  #state: string | undefined;
  #isMounted = false;
  /** What is mounted, by its place: which inode that is, and how. */
  #seen: ReadonlyMap<string, string> = new Map();

  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  /** Where the tree is mounted, in its namespace. */
  get path(): string {
    return `${this.#scratch}/view`;
  }

  /**
   * Call a function where the tree is; it goes with what is started there. Only for what does not wait.
   * Each place must be there: a link is not followed, and is an error.
   */
  start<T>({ shown, needed, state }: Sight, start: () => T): T {
    if (needed.join("\n") !== this.#needed) this.close();
    this.#needed = needed.join("\n");
    const namespace = this.#mounts ??= new KeptMounts(() => this.#leaveBehind(needed));
    const before = this.#seen;
    const now = new Map(shown.map((one) => [one.at, identityOf(one)]));
    const isNew = (one: Shown) => before.get(one.at) !== now.get(one.at);
    const isKept = state !== undefined && state === this.#state && before.size === now.size &&
      shown.every((one) => before.has(one.at) && !(isNew(one) && isAbove(one, shown)));
    if (!isKept) this.clear();
    using clones = new DisposableStack();
    // They are taken here, where the union is, to where the tree is.
    const added = (isKept ? shown.filter(isNew) : shown)
      .map((one) => [one, clones.use(cloneOf(one))] as const);
    this.#state = state;
    this.#seen = new Map();
    return namespace.within(() => {
      this.#isMounted = true;
      for (const [{ at }, clone] of added) {
        if (isKept) unmount(this.path + at, true);
        attach(this.path, at, clone);
      }
      this.#seen = now;
      return start();
    });
  }

  /** Let go of what is mounted: the union is about to be. */
  clear(): void {
    if (this.#isMounted) this.#mounts?.within(() => unmount(this.path, true));
    this.#isMounted = false;
    this.#seen = new Map();
  }

  /** Let go of the namespace. */
  close(): void {
    this.#mounts?.[Symbol.dispose]();
    this.#mounts = undefined;
    this.#isMounted = false;
    this.#seen = new Map();
  }

  /** Leave the mounts behind that nothing needs. Where that may not be done, they stay. */
  #leaveBehind(needed: readonly string[]): void {
    if (!machineView().partsMounts) return;
    const isKept = (path: string) =>
      path === "/" || needed.some((one) => `${one}/`.startsWith(`${path}/`)) ||
      !(LEFT_BEHIND.test(path) || path.startsWith(`${this.#scratch}/`));
    const root = this.path;
    try {
      for (const { path } of readMounts().filter(({ path }) => isKept(path))) {
        using from = held(path);
        using clone = cloneMount(from.fd, false, path);
        attach(root, path, clone);
      }
      pivotRoot(root);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      unmount(root, true);
    }
  }
}

/** Whether something else is seen below it. */
function isAbove({ at }: Shown, shown: readonly Shown[]): boolean {
  return shown.some((other) => other.at !== at && (at === "/" || other.at.startsWith(`${at}/`)));
}

function identityOf({ from, isReadOnly, hasDevices = false }: Shown): string {
  const stat = lstat(from);
  return `${stat?.dev} ${stat?.ino} ${isReadOnly} ${hasDevices} ${from}`;
}

function attach(top: string, at: string, mount: DetachedMount): void {
  if (at === "/") {
    using spot = held(top);
    return mount.attach(spot.fd, spot.path);
  }
  using tree = new Tree(top);
  using spot = tree.spot(at);
  mount.attach(spot.fd, spot.path);
}

function cloneOf({ from, at, isReadOnly, hasDevices }: Shown): DetachedMount {
  using source = held(from);
  const clone = cloneMount(source.fd, true, from);
  clone.restrict(MS.NOSUID | (hasDevices ? 0 : MS.NODEV) | (isReadOnly ? MS.RDONLY : 0), true, at);
  return clone;
}

function held(path: string): Spot {
  return new Spot(open(path, O.PATH), path, true);
}
