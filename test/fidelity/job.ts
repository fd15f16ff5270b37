/**
 * What a job of the fidelity suite is.
 *
 * @module
 */
import type { RootType } from "../host/mod.ts";
import type { Debs } from "./debs.ts";
import type { BallFiles } from "../host/scene.ts";

/** A piece of an administrator's work as a ball, and the host on which it is done. */
export interface Job {
  /** What is done, in a few words. */
  readonly name: string;
  readonly ball: BallFiles;
  /** Debian packages that the host's repository holds; `meta:NAME` is what NAME depends on. */
  readonly packages?: readonly string[];
  /** Programs of the machine that are used, besides those that every Debian has. */
  readonly tools?: readonly string[];
  /** What the host is before: a script for bash. */
  readonly before?: string;
  /** What its root is; a small one in memory where nothing is said. */
  readonly root?: RootType;
  /** A question, for bash, to which the danced host and the plain one must give the same answer. */
  readonly asks?: string;
  /** A service that must have been started at the end. */
  readonly starts?: string;
  /** Why doing it plainly comes to something else, which the documentation says. */
  readonly notPlain?: string;
  /** What a dance says that cannot succeed; done plainly, it fails, too. The dances change nothing. */
  readonly fails?: string;
  /** What changes all the time, whatever is done: paths of no interest. */
  readonly busy?: RegExp;
  /** Why a second live run changes something again; where this is left out it must not. */
  readonly restless?: string;
}

/** Why a job cannot be done here, or undefined where it can; `debs` or why there are none. */
export function whyNot({ packages, tools = [] }: Job, debs: Debs | string): string | undefined {
  if (packages && typeof debs === "string") return debs;
  const missing = tools.filter((tool) => !hasTool(tool));
  return missing.length > 0 ? `no ${missing.join(", ")} here` : undefined;
}

/** The options of the hosts on which a job is done. */
export function rootOf({ root }: Job): { root?: RootType } {
  return root === undefined ? {} : { root };
}

function hasTool(name: string): boolean {
  // Where hosts look for it.
  const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
  const args = ["-c", `command -v "$1"`, "sh", name];
  return new Deno.Command("sh", { args, env, stdout: "null" }).outputSync().success;
}
