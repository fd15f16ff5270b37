/**
 * A place where something is mounted, or can be: held without being looked at, because a file system
 * of others may refuse that (FUSE without `allow_other`), fail or not answer.
 *
 * @module
 */
import { close, mountOf } from "../posix/mod.ts";

/** A held place. */
export class Spot implements Disposable {
  /** The number of the mount that it is in, as in mountinfo. */
  readonly mount: number;
  /** The identity of that mount, which no later one has; empty where it is not known. */
  readonly unique: string;

  /** @param fd An `O_PATH` descriptor, which belongs to this object from now on. */
  constructor(readonly fd: number, readonly path: string, readonly isDirectory: boolean) {
    ({ mount: this.mount, unique: this.unique } = mountOf(fd));
  }

  /** A path that leads here and nowhere else, for calls that follow links and take no descriptor. */
  get link(): string {
    return `/proc/thread-self/fd/${this.fd}`;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}
