/**
 * What an attack from outside of the sandbox's walls is: plain data, a row of the table.
 *
 * @module
 */
import type { Limits } from "./limited.ts";
import type { BallFiles } from "../host/scene.ts";

/** How the attacked command is run. */
export const MODES = {
  dry: "dry run",
  live: "live run",
  check: "check",
  shell: "exec-shell",
  stages: "stage by stage",
  rollback: "rollback",
  recovery: "recovery",
} as const;

/** One of them. */
export type Mode = keyof typeof MODES;

/** Balls by their name; they are danced in the order of the names. */
export type Balls = Readonly<Record<string, BallFiles>>;

/** One attack. */
export interface Attack {
  /** What the ball, user or server does. */
  readonly what: string;
  readonly modes: readonly Mode[];
  /** Bash, as root, before anything: how the administrator has set this host up. */
  readonly host?: string;
  /** Dances that went well before, all live. */
  readonly earlier?: readonly Balls[];
  /** Bash, as alice, before the attacked command (for recovery: after the power cut). */
  readonly user?: string;
  /**
   * Bash of the host that prints "ready" and goes on while the command runs; root's, unless "alice:"
   * begins it. `$DISCO` starts DISCO.
   */
  readonly during?: string;
  /** What is danced. */
  readonly balls: Balls;
  readonly options?: readonly string[];
  /** What is run instead, where it is no dance. */
  readonly command?: readonly string[];
  /** Bash in the universe's folder, once the balls are there. */
  readonly universe?: string;
  /** The address that is fetched from, where it is not the universe's folder. */
  readonly server?: string;
  readonly limits?: Limits;
  /** What the command must come to. */
  readonly then: Outcome;
  /** It takes long, or is much like another one: test/faults tries it, `deno task test` does not. */
  readonly isSlow?: boolean;
  /** The mistake (see `controls.ts`) with which it succeeds. */
  readonly control?: string;
  /** The mode in which it succeeds then, where it is not the live run. */
  readonly controlIn?: Mode;
}

/** Always: nothing precious has changed, no stack trace, in time, and in little memory. */
export interface Outcome {
  /** Exit codes; anything that is no crash unless told. */
  readonly code?: readonly number[];
  /** What it says, on either stream. */
  readonly says?: RegExp;
  /** What it never says. */
  readonly hides?: RegExp;
  /** Paths of the host that the attacked command may change in a live run, besides DISCO's own. */
  readonly changes?: RegExp;
  /** Paths that `during` changes all the time. */
  readonly noise?: RegExp;
  /** Bash, as root on the host, that must succeed afterwards. */
  readonly holds?: string;
}
