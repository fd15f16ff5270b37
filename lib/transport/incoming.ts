/**
 * What one call of rsync brings, until it is DISCO's. rsync writes into a folder of its account's;
 * when everything that ran as that account has ended, the entries are counted, given to root and
 * moved to the staging, where that account never gets.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import {
  chmod,
  lchown,
  lstat,
  mkdir,
  O,
  open,
  readdir,
  rename,
  type Stat,
  SyscallError,
  withFile,
} from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { ACCOUNTS, isWalledByAccount } from "../walled/mod.ts";
import { type Kind, KINDS } from "./address.ts";
import { type Budget, type Spent, weightOf } from "./budget.ts";
import { isThere } from "../files/look.ts";
import type { Places } from "./remote.ts";
import { DEEPEST, removeWhole, weigh } from "./weigh.ts";

const SETUID_SETGID = 0o6000;

/** A folder for one call; it goes with everything in it. */
export class Incoming implements Disposable {
  readonly #budget: Budget;

  constructor(readonly path: string, budget: Budget) {
    this.#budget = budget;
    mkdir(path, 0o700);
    if (isWalledByAccount()) lchown(path, ACCOUNTS.fetch, ACCOUNTS.fetch);
  }

  /** What is over with what has come by now. */
  spent(): Spent | "depth" | undefined {
    const over = ({ files, bytes }: { files: number; bytes: number }) =>
      this.#budget.over(files, bytes);
    const weight = this.#open((fd) => weigh(fd, (w) => over(w) !== undefined));
    return over(weight) ?? (weight.tooDeep ? "depth" : undefined);
  }

  /**
   * Move the items to a folder of DISCO's. Throws a {@linkcode DiscoError} for anything that was not
   * asked for, or is neither file, folder nor symlink; `server` is named in it.
   */
  take(names: readonly string[], to: string, server: string): void {
    explained(server, () => this.#open((fd) => this.#take(fd, names, to, server)));
  }

  /** The same for items that came in one folder a kind. */
  takeEach(names: Readonly<Record<Kind, readonly string[]>>, to: Places, server: string): void {
    const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
    explained(server, () =>
      this.#open((top) => {
        const found = readdir(".", top).map(({ name }) => name);
        refuseOthers(found, KINDS, server);
        for (const kind of KINDS.filter((kind) => found.includes(kind))) {
          withFile(
            open(kind, flags, 0, top),
            (fd) => this.#take(fd, names[kind], to[kind], server),
          );
        }
      }));
  }

  [Symbol.dispose](): void {
    if (isThere(this.path)) removeWhole(this.path);
  }

  #take(fd: number, names: readonly string[], to: string, server: string): void {
    const found = readdir(".", fd).map(({ name }) => name);
    refuseOthers(found, names, server);
    for (const name of found) this.#own(fd, name, name, server, 1);
    for (const name of found) rename(name, join(to, name), "noreplace", fd);
  }

  #open<T>(action: (fd: number) => T): T {
    return withFile(open(this.path, O.RDONLY | O.DIRECTORY | O.NOFOLLOW), action);
  }

  #own(dir: number, name: string, shown: string, server: string, depth: number): void {
    const stat = lstat(name, dir);
    if (!stat) throw refused(server, shown, "it vanished while it was taken over");
    if (!["file", "directory", "symlink"].includes(stat.type)) {
      throw refused(server, shown, "it is neither file, folder nor symlink");
    }
    const bytes = weightOf(stat.size);
    const over = this.#budget.over(1, bytes);
    if (over) {
      const [why, hint] = this.#budget.explain(over);
      throw new DiscoError(`Cannot fetch from "${printable(server)}": ${why}`, { hint });
    }
    this.#budget.spend(1, bytes);
    giveToRoot(dir, name, stat);
    if (stat.type !== "directory") return;
    if (depth === DEEPEST) throw refused(server, shown, tooDeep());
    const flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
    withFile(open(name, flags, 0, dir), (fd) => {
      for (const entry of readdir(".", fd)) {
        this.#own(fd, entry.name, `${shown}/${entry.name}`, server, depth + 1);
      }
    });
  }
}

/** Without root, what the server lets nobody read cannot be taken over. */
function explained(server: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (!(cause instanceof SyscallError)) throw cause;
    throw new DiscoError(`Cannot fetch from "${printable(server)}": ${cause.message}`, { cause });
  }
}

function refuseOthers(found: readonly string[], names: readonly string[], server: string): void {
  const other = found.find((name) => !names.includes(name));
  if (other !== undefined) throw refused(server, other, "it was not asked for");
}

/** A new owner takes setuid and setgid away, which belong to the server's mode. */
function giveToRoot(dir: number, name: string, { type, mode }: Stat): void {
  if (!isWalledByAccount()) return;
  lchown(name, 0, 0, dir);
  if (type !== "symlink" && mode & SETUID_SETGID) chmod(name, mode, dir);
}

/** Why a tree is refused. */
export function tooDeep(): string {
  return `it has folders more than ${DEEPEST} deep`;
}

function refused(server: string, name: string, why: string): DiscoError {
  return new DiscoError(
    `Cannot fetch "${printable(name)}" from "${printable(server)}": ${why}`,
    { hint: "remove it on the server" },
  );
}
