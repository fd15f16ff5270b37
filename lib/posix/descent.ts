/**
 * A way down into a tree and up again, however deep it is: few descriptors, and no recursion.
 *
 * @module
 */
import { close, O, open, openBeneath } from "./file.ts";
import { E, SyscallError } from "./errno.ts";
import { machineView } from "./machine_view.ts";
import { fstat, type Stat } from "./stat.ts";

/** A directory that was entered: the one that it is in, and its name there. */
interface Entered {
  readonly from: Pick<Stat, "dev" | "ino">;
  readonly name: string;
}

/** Directories that are kept open where `..` leads nowhere. */
const MOST_NEAR = 64;

/**
 * The directory of a tree that one is in. No link is followed, and no mount is entered: either is an
 * error. Going up throws, too, if the directory has been moved meanwhile: it has another parent then.
 */
export class Descent implements Disposable {
  readonly #base: number;
  #fd: number;
  #stat: Stat;
  readonly #way: Entered[] = [];
  /** The directories above this one, as far as they are open; the next one up is the last. */
  readonly #near: number[] = [];

  /** @param fd A directory that is open for reading; it belongs to this object from now on. */
  constructor(fd: number) {
    this.#base = fd;
    this.#fd = fd;
    this.#stat = fstat(fd);
  }

  /** The directory, open for reading. It is closed on the way down and up. */
  get fd(): number {
    return this.#fd;
  }

  /** Directories between this one and the one where it began. */
  get depth(): number {
    return this.#way.length;
  }

  /** Go into a directory of this one; returns what it is. */
  enter(name: string): Stat {
    const fd = openIn(this.#fd, name);
    const stat = fstat(fd);
    if (stat.mount !== this.#stat.mount || stat.dev !== this.#stat.dev) {
      close(fd);
      throw new SyscallError("enter", E.XDEV, "another file system is mounted there", name);
    }
    this.#way.push({ from: { dev: this.#stat.dev, ino: this.#stat.ino }, name });
    this.#dropNear();
    this.#become(fd, stat);
    return stat;
  }

  /** Go back to the directory that this one was entered from. */
  leave(): void {
    const { from } = this.#way.at(-1)!;
    const fd = this.depth === 1 ? this.#base : this.#near.pop() ?? this.#up();
    const stat = fstat(fd);
    if (stat.ino !== from.ino || stat.dev !== from.dev) {
      if (fd !== this.#base) close(fd);
      throw new SyscallError("leave", E.STALE, "the directory was moved meanwhile", "..");
    }
    this.#way.pop();
    this.#become(fd, stat);
  }

  [Symbol.dispose](): void {
    this.#dropNear();
    if (this.#fd !== this.#base) close(this.#fd);
    close(this.#base);
  }

  #up(): number {
    try {
      return open("..", O.RDONLY | O.DIRECTORY | noatime(), 0, this.#fd);
    } catch (error) {
      // The kernel goes up only below the root folder of the mount, and a handle leads elsewhere, too.
      if (error instanceof SyscallError && error.errno === E.NOENT) return this.#again();
      throw error;
    }
  }

  /** Walk from the beginning to the directory above this one. */
  #again(): number {
    const names = this.#way.slice(0, -1).map(({ name }) => name);
    let at = openIn(this.#base, names[0]!);
    for (const name of names.slice(1)) {
      this.#near.push(at);
      if (this.#near.length > MOST_NEAR) close(this.#near.shift()!);
      at = openIn(at, name);
    }
    return at;
  }

  #dropNear(): void {
    this.#near.splice(0).forEach(close);
  }

  #become(fd: number, stat: Stat): void {
    if (this.#fd !== this.#base) close(this.#fd);
    this.#fd = fd;
    this.#stat = stat;
  }
}

function openIn(dir: number, name: string): number {
  return openBeneath(dir, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW | noatime());
}

function noatime(): number {
  return machineView().keepsAccessTimes ? O.NOATIME : 0;
}
