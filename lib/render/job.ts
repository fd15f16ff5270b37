/**
 * What delivering, placing and setting permissions have in common: one ball, one tree, the places
 * that are refused, and how failures are told.
 *
 * @module
 */
import { type Ball, permissionFor, type PermissionRule } from "../ball/mod.ts";
import { DiscoError } from "../error.ts";
import { SyscallError } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import { Accounts } from "./accounts.ts";
import { Inside, PathError } from "./resolve.ts";

/** The sandbox's own places and DISCO's own state: what is written there is not part of the union. */
export const REFUSED: readonly string[] = [
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/var/disco",
  "/etc/disco",
];

/** How to write into a tree. */
export interface RenderOptions {
  /** Absolute paths inside the tree where nothing is written; without it, {@linkcode REFUSED}. */
  readonly refused?: readonly string[];
  /** Gets the real places of all files and links, written or as they should be already. */
  readonly delivered?: Set<string>;
}

/** Mode and owner that an entry should have. */
export interface Wanted {
  /** The lower twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** One ball on its way into one tree. */
export class Job {
  readonly inside: Inside;
  /** Takes note of a file or link that is as it should be. */
  readonly note: (real: string) => void;
  readonly #refused: readonly string[];
  readonly #accounts: Accounts;

  constructor(readonly ball: Ball, target: string, options: RenderOptions) {
    this.inside = new Inside(target);
    this.#refused = options.refused ?? REFUSED;
    this.note = (real) => void options.delivered?.add(real);
    this.#accounts = new Accounts(this.inside);
  }

  /**
   * What the rules of `permissions` make of mode and owner: for each field the last rule that
   * matches. A path is matched as the ball has it and as it really is.
   */
  wanted(path: string, real: string, standard: Wanted): Wanted {
    if (this.ball.permissions.length === 0) return standard;
    const wanted = { ...standard };
    for (const rule of this.ball.permissions) {
      const { mode, owner, group } = {
        ...permissionFor([rule], path),
        ...permissionFor([rule], real),
      };
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

  /** Throw where nothing may be written, for an entry of a directory where it may. */
  refuseEntry(real: string): void {
    if (this.#refused.includes(real)) this.refuse(real);
  }

  /** Throw where nothing may be written; `holding` refuses what such a place lies in, too. */
  refuse(real: string, holding = false): void {
    for (const place of this.#refused) {
      if (real === place || real.startsWith(`${place}/`)) {
        throw new PathError(`"${place}" is not part of what a ball can change`);
      }
      if (holding && place.startsWith(`${real}/`)) {
        throw new PathError(`it is a directory that holds "${place}"`);
      }
    }
  }

  /** Do something for one path; failures name it and the ball. */
  attempt<T>(action: string, path: string, what: () => T): T {
    try {
      return what();
    } catch (cause) {
      if (!(cause instanceof PathError) && !(cause instanceof SyscallError)) throw cause;
      throw new DiscoError(
        `Cannot ${action} "${
          printable(path || "/")
        }" of ball "${this.ball.name}": ${cause.message}`,
        { cause },
      );
    }
  }

  #unknown({ line }: PermissionRule, kind: "user" | "group", name: string): never {
    throw new DiscoError(
      `Cannot apply "permissions" of ball "${this.ball.name}", line ${line}: ` +
        `there is no ${kind} "${printable(name)}"`,
      { hint: `let a ball that this one comes after create the ${kind}` },
    );
  }
}
