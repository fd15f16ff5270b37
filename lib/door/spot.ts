/**
 * A place where something is mounted, or can be: held without being looked at, because a file system
 * of others may refuse that (FUSE without `allow_other`), fail or not answer.
 *
 * @module
 */
import { close, type MountIdentity, mountOf } from "../posix/mod.ts";

/** A held place. */
export class Spot implements Disposable {
  #identity: MountIdentity | undefined;

  /** @param fd An `O_PATH` descriptor, which belongs to this object from now on. */
  constructor(readonly fd: number, readonly path: string, readonly isDirectory: boolean) {}

  /** The number of the mount that it is in, as in mountinfo. */
  get mount(): number {
    return this.#found.mount;
  }

  /** The identity of that mount, which no later one has; empty where it is not known. */
  get unique(): string {
    return this.#found.unique;
  }

  get #found(): MountIdentity {
    return this.#identity ??= mountOf(this.fd);
  }

  /** A path that leads here and nowhere else, for calls that follow links and take no descriptor. */
  get link(): string {
    return `/proc/thread-self/fd/${this.fd}`;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}
