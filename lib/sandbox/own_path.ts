/**
 * Scripts that set their search path anew, and so would no longer meet the policy by the names of
 * commands.
 *
 * @module
 */
import { nameOf, readSmallFile } from "../posix/mod.ts";
import type { Refusal } from "./refusals.ts";

/** Bytes of a script that are looked at; what is longer is data for the most part. */
const LONGEST = 1 << 20;

/** `PATH=...` as a command of its own, or a file that sets it on Debian. */
const ASSIGNED =
  /(?:^|[;&|({\s])(?:(?:export|readonly|declare -x|declare -gx|typeset -x|local)\s+)?PATH=(.*)/;
const SOURCED = /(?:^|[;&|({\s])(?:\.|source)\s+\/etc\/(?:profile|environment)\b/;
const HERE_DOCUMENT = /(?<!<)<<-?\s*(["']?)([A-Za-z_]\w*)\1/;

/** How often a script sets its search path without what it was before. */
export function ownPaths(script: string): number {
  const text = nameOf(readSmallFile(script, LONGEST) ?? new Uint8Array());
  let times = 0;
  let end: string | undefined;
  for (const line of text.split("\n")) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    end = HERE_DOCUMENT.exec(line)?.[2];
    const value = ASSIGNED.exec(line)?.[1];
    if ((value !== undefined && !/\$\{?PATH\b/.test(value)) || SOURCED.test(line)) times++;
  }
  return times;
}

/** The variable that makes bash put the shims in front again (see `bash_env.sh`). */
export function keepPath(times: number): Record<string, string> {
  return times > 0 ? { DISCO_KEEP_PATH: String(times) } : {};
}

/** Another shell than bash does not put them in front again. */
export function pathRefusals(times: number, interpreter: readonly string[]): Refusal[] {
  const names = interpreter.map((word) => word.slice(word.lastIndexOf("/") + 1));
  const shell = names[0] === "env" ? names[1] : names[0];
  const isOther = ["sh", "dash", "ash", "ksh", "mksh", "zsh", "busybox"].includes(shell ?? "");
  if (times === 0 || !isOther) return [];
  return [{
    kind: "path",
    what: "it sets PATH without $PATH: ss, df, blkid and others answer for the sandbox",
  }];
}
