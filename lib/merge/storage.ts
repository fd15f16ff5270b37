/**
 * How files are stored: the flags of chattr(1) and the compression of btrfs. No layer has them, so what
 * a merge makes gets those of the live file in whose place it comes; without one, those that its folder
 * hands down.
 *
 * @module
 */
import { ChangedError, isMissing, type Tree } from "../door/mod.ts";
import {
  BTRFS,
  FLAG,
  flagsOf,
  getXattr,
  setFlags,
  setXattr,
  type Stat,
  SyscallError,
  withFile,
} from "../posix/mod.ts";
import { parentOf } from "./conflict.ts";

/** What can be stored in more than one way. */
type Kind = "file" | "directory";

/** How an inode is stored. */
export interface Storage {
  readonly flags: number;
  /** Of btrfs, which sets `c` along with it. */
  readonly compression?: Uint8Array<ArrayBuffer> | undefined;
}

const PLAIN: Storage = { flags: 0 };
const { s, u, c, S, d, A, m, j, t, D, C } = FLAG;
const OF_FILES = s | u | c | S | d | A | m | j | t | C;
const OF: Record<Kind, number> = { file: OF_FILES, directory: OF_FILES | D };
/** What btrfs hands down (btrfs_inherit_iflags); ext4 and the others hand down all of them. */
const BTRFS_HANDS_DOWN = c | m | C;
const COMPRESSION = "btrfs.compression";

/** How what comes to paths of a live root is to be stored. */
export class Storages {
  readonly #live: Tree;
  readonly #handedDown = new Map<string, Storage>();

  constructor(live: Tree) {
    this.#live = live;
  }

  /** Of what comes to a path where `before` is live. */
  at(path: string, type: string, before: Stat | undefined): Storage | undefined {
    if (type !== "file" && type !== "directory") return undefined;
    const own = before?.type === type ? this.#read(path, type) : this.#fromFolder(parentOf(path));
    return { ...own, flags: own.flags & OF[type] };
  }

  #fromFolder(folder: string): Storage {
    const known = this.#handedDown.get(folder);
    if (known) return known;
    const found = this.#read(folder, "directory");
    const isBtrfs = found.flags !== 0 && this.#isBtrfs(folder);
    const handed = isBtrfs ? { ...found, flags: found.flags & BTRFS_HANDS_DOWN } : found;
    this.#handedDown.set(folder, handed);
    return handed;
  }

  #isBtrfs(folder: string): boolean {
    using tree = this.#live.below(folder);
    return tree.space().type === BTRFS;
  }

  #read(path: string, type: Kind): Storage {
    try {
      if (type === "file") return withFile(this.#live.openFile(path), storageOf);
      using folder = this.#live.hold(path);
      return withFile(folder.reopen(), storageOf);
    } catch (error) {
      // Changed meanwhile: the merge meets that as a conflict.
      if (isMissing(error) || error instanceof ChangedError) return PLAIN;
      throw error;
    }
  }
}

/** How an open file or directory is stored. */
export function storageOf(fd: number): Storage {
  const flags = flagsOf(fd);
  return (flags & c) === 0 ? { flags } : { flags, compression: getXattr(fd, COMPRESSION) };
}

/**
 * Store an open, empty file or directory in this way, as far as its file system can: the flags were
 * read on it, but where it is an overlay, what lies above may be of another kind.
 */
export function store(fd: number, type: Kind, { flags, compression }: Storage): void {
  const now = flagsOf(fd);
  const different = (now ^ flags) & OF[type];
  // Those that go go first: btrfs puts no C in the place of c or m, nor the other way round.
  if ((now & different) !== 0) setFlags(fd, now & ~different);
  const missing = flags & different;
  // One that is not taken must not keep the others back.
  if (missing !== 0 && !setFlags(fd, flagsOf(fd) | missing)) {
    for (const flag of Object.values(FLAG)) {
      if ((missing & flag) !== 0) setFlags(fd, flagsOf(fd) | flag);
    }
  }
  if (compression === undefined || `${compression}` === `${getXattr(fd, COMPRESSION)}`) return;
  try {
    setXattr(fd, COMPRESSION, compression);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
}
