/**
 * Which of some files were opened in order to read them, and not in order to run them (fanotify(7)).
 *
 * @module
 */
import { close, read } from "./file.ts";
import { AT_FDCWD, check, libc } from "./libc.ts";
import { SyscallError } from "./errno.ts";
import { cString } from "./names.ts";
import { fstat, lstat } from "./stat.ts";

const FAN_CLOEXEC = 0x1;
const FAN_NONBLOCK = 0x2;
const FAN_UNLIMITED_QUEUE = 0x10;
const FAN_MARK_ADD = 0x1;
const FAN_OPEN = 0x20;
const FAN_OPEN_EXEC = 0x1000;
const FIONREAD = 0x541bn;
/** Bytes of one event: its length, version, mask, descriptor and process. */
const EVENT = 24;
/** Events that are taken at a time: each holds a descriptor. */
const AT_ONCE = 64;
/** Times that events are taken; who opens a file more often than that has opened it. */
const MOST_READS = 1_000;

/** Whether this process may watch files so: that needs `CAP_SYS_ADMIN`, and fanotify in the kernel. */
export function canWatchOpens(): boolean {
  try {
    using _watch = new OpenWatch([]);
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}

/**
 * Watches files until it is disposed of. Running a script and its interpreter opening it are one event,
 * because the kernel merges the events of one process.
 */
export class OpenWatch implements Disposable {
  readonly #fd: number;
  readonly #paths = new Map<string, string>();

  /**
   * Watch files by their inodes; throws a `SyscallError` where that cannot be had (see
   * {@linkcode canWatchOpens}).
   */
  constructor(paths: readonly string[]) {
    const flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE;
    this.#fd = Number(check(libc.fanotify_init(flags, 0), "watch files", "fanotify"));
    try {
      for (const path of paths) this.#add(path);
    } catch (error) {
      close(this.#fd);
      throw error;
    }
  }

  /**
   * Watch these, too, and forget what was opened until now. False if that was too often to be
   * forgotten: then only a new watch says what is opened from now on.
   */
  renew(paths: readonly string[]): boolean {
    this.read();
    for (const path of paths) this.#add(path);
    return !this.#isMore();
  }

  #add(path: string): void {
    const stat = lstat(path);
    if (!stat) return;
    const mask = BigInt(FAN_OPEN | FAN_OPEN_EXEC);
    const result = libc.fanotify_mark(this.#fd, FAN_MARK_ADD, mask, AT_FDCWD, cString(path));
    check(result, "watch", path);
    this.#paths.set(`${stat.dev} ${stat.ino}`, path);
  }

  /** The files that were read so far, each once. */
  read(): string[] {
    const found = new Set<string>();
    const bytes = new Uint8Array(EVENT * AT_ONCE);
    for (let i = 0; i < MOST_READS && this.#isMore(); i++) {
      const length = read(this.#fd, bytes, "events of files");
      const view = new DataView(bytes.buffer, 0, length);
      for (let at = 0; at < length; at += view.getUint32(at, true)) {
        const mask = Number(view.getBigUint64(at + 8, true));
        const fd = view.getInt32(at + 16, true);
        if (fd < 0) continue;
        const { dev, ino } = fstat(fd);
        close(fd);
        const path = this.#paths.get(`${dev} ${ino}`);
        if ((mask & FAN_OPEN_EXEC) === 0 && path !== undefined) found.add(path);
      }
    }
    return [...found];
  }

  #isMore(): boolean {
    const bytes = new Uint32Array(1);
    check(libc.ioctl(this.#fd, FIONREAD, new Uint8Array(bytes.buffer)), "count", "events of files");
    return bytes[0]! > 0;
  }

  /** It takes the kernel about as long as a program takes to start: some milliseconds. */
  [Symbol.dispose](): void {
    close(this.#fd);
  }
}
