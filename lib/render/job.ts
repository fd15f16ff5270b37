/**
 * What delivering, placing and setting permissions have in common: one ball, one tree, the places
 * that are refused, and how failures are told.
 *
 * @module
 */
import { type Ball, matchesGlob, MatchingWork, type PermissionRule } from "../ball/mod.ts";
import { ChangedError, describeUnsafe, FollowError, TooMuchError, Tree } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { Accounts } from "./accounts.ts";
import { Refused } from "./refused.ts";
import { Inside, PathError } from "./resolve.ts";

/** How to write into a tree. */
export interface RenderOptions {
  /** Absolute paths inside the tree where nothing is written; without it, `REFUSED`. */
  readonly refused?: readonly string[];
  /** Gets the real places of all files and links, written or as they should be already. */
  readonly delivered?: Set<string>;
  /** The tree is that of the running system, whose name services may know more accounts. */
  readonly isLive?: boolean;
  /** Gets the lines of the rules of `permissions` that matched anything. */
  readonly matched?: Set<number>;
}

/** Mode and owner that an entry should have. */
export interface Wanted {
  /** The lower twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const FAILURES = [PathError, FollowError, ChangedError, TooMuchError, SyscallError];

/** One ball on its way into one tree, which is open as long as this object is. */
export class Job implements Disposable {
  readonly tree: Tree;
  readonly inside: Inside;
  readonly refused: Refused;
  /** Takes note of a file or link that is as it should be. */
  readonly note: (real: string) => void;
  readonly #matched: Set<number> | undefined;
  readonly #accounts: Accounts;
  readonly #work = new MatchingWork();

  constructor(readonly ball: Ball, target: string, options: RenderOptions) {
    this.tree = new Tree(target);
    this.inside = new Inside(this.tree);
    this.refused = new Refused(this.tree, options.refused);
    this.note = (real) => void options.delivered?.add(real);
    this.#matched = options.matched;
    this.#accounts = new Accounts(this.tree, options.isLive);
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
  }

  /**
   * What the rules of `permissions` make of mode and owner: for each field the last rule that
   * matches. A path is matched as the ball has it and as it really is.
   */
  wanted(path: string, real: string, standard: Wanted): Wanted {
    if (this.ball.permissions.length === 0) return standard;
    const wanted = { ...standard };
    for (const rule of this.ball.permissions) {
      const { mode, owner, group, glob, line } = rule;
      this.#work.spend(glob, path, `permissions of ball "${this.ball.name}", line ${line}`);
      if (!matchesGlob(glob, path) && (real === path || !matchesGlob(glob, real))) continue;
      this.#matched?.add(line);
      if (mode !== undefined) wanted.mode = mode;
      if (owner !== undefined) {
        wanted.uid = this.#accounts.uid(owner) ?? this.#unknown(rule, "user", owner);
      }
      if (group !== undefined) {
        wanted.gid = this.#accounts.gid(group) ?? this.#unknown(rule, "group", group);
      }
    }
    return wanted;
  }

  /** A user's name in the tree, for an error; the number where there is none. */
  userName(uid: number): string {
    return this.#accounts.shown(uid);
  }

  /** Do something for one path; failures name it and the ball. */
  attempt<T>(action: string, path: string, what: () => T): T {
    try {
      return what();
    } catch (cause) {
      if (!FAILURES.some((failure) => cause instanceof failure)) throw cause;
      throw this.#failure(action, path, cause as Error);
    }
  }

  #failure(action: string, path: string, cause: Error): DiscoError {
    const link = cause instanceof FollowError ? cause.link : undefined;
    const why = link ? describeUnsafe(link, (uid) => this.userName(uid)) : cause.message;
    return new DiscoError(
      `Cannot ${action} "${printable(path || "/")}" of ball "${this.ball.name}": ${why}`,
      link ? { hint: "let root own the link, or deliver to its target", cause } : { cause },
    );
  }

  #unknown({ line }: PermissionRule, kind: "user" | "group", name: string): never {
    throw new DiscoError(
      `Cannot apply "permissions" of ball "${this.ball.name}", line ${line}: ` +
        `there is no ${kind} "${printable(name)}"`,
      { hint: `let a ball that this one comes after create the ${kind}` },
    );
  }
}
