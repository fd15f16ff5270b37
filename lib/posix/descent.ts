/**
 * A way down into a tree and up again, however deep it is: one descriptor, and no recursion.
 *
 * @module
 */
import { close, O, open, openBeneath } from "./file.ts";
import { E, SyscallError } from "./libc.ts";
import { isRootless } from "./rootless.ts";
import { fstat, type Stat } from "./stat.ts";

/** What a directory is known by on the way back up. */
type Known = Pick<Stat, "dev" | "ino">;

/**
 * The directory of a tree that one is in. No link is followed, and no mount is entered: either is an
 * error. Going up throws, too, if the directory has been moved meanwhile: it has another parent then.
 */
export class Descent implements Disposable {
  #fd: number;
  #stat: Stat;
  readonly #above: Known[] = [];

  /** @param fd A directory that is open for reading; it belongs to this object from now on. */
  constructor(fd: number) {
    this.#fd = fd;
    this.#stat = fstat(fd);
  }

  /** The directory, open for reading. It is closed on the way down and up. */
  get fd(): number {
    return this.#fd;
  }

  /** Directories between this one and the one where it began. */
  get depth(): number {
    return this.#above.length;
  }

  /** Go into a directory of this one; returns what it is. */
  enter(name: string): Stat {
    const fd = openBeneath(this.#fd, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW | noatime());
    const stat = fstat(fd);
    if (stat.mount !== this.#stat.mount || stat.dev !== this.#stat.dev) {
      close(fd);
      throw new SyscallError("enter", E.XDEV, "another file system is mounted there", name);
    }
    this.#above.push({ dev: this.#stat.dev, ino: this.#stat.ino });
    this.#become(fd, stat);
    return stat;
  }

  /** Go back to the directory that this one was entered from. */
  leave(): void {
    const expected = this.#above.at(-1)!;
    const fd = open("..", O.RDONLY | O.DIRECTORY | noatime(), 0, this.#fd);
    const stat = fstat(fd);
    if (stat.ino !== expected.ino || stat.dev !== expected.dev) {
      close(fd);
      throw new SyscallError("leave", E.STALE, "the directory was moved meanwhile", "..");
    }
    this.#above.pop();
    this.#become(fd, stat);
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }

  #become(fd: number, stat: Stat): void {
    close(this.#fd);
    this.#fd = fd;
    this.#stat = stat;
  }
}

/** Only root and a directory's owner may ask for it. */
function noatime(): number {
  return isRootless() ? 0 : O.NOATIME;
}
