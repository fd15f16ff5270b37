/**
 * Commands that run another one, as shell scripts write them.
 *
 * @module
 */

import { commandName } from "./command_name.ts";

const SHELLS = ["sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"];
/** What may stand in front of a command; its exit code is that of the command. */
const WRAPPERS = [
  ...["sudo", "doas", "env", "nice", "ionice", "chrt", "taskset", "timeout", "command", "builtin"],
  ...["exec", "nohup", "setsid", "stdbuf", "unbuffer", "xargs", "parallel", "chroot", "unshare"],
  ...["nsenter", "flock", "runuser", "su", "setpriv", "script", "time", "disco-effect", "fakeroot"],
  ...["setarch", "linux32", "linux64", "prlimit", "strace", "watch", ...SHELLS],
];

/** The command line behind the wrappers and assignments in front of it. */
export function wrapped(words: readonly string[]): readonly string[] {
  let at = 0;
  for (; at < words.length - 1; at++) {
    const word = words[at]!;
    const isInFront = /^\w+\+?=/.test(word) || /^[-\d]/.test(word) || isWrapper(word);
    if (!isInFront) break;
  }
  return words.slice(at);
}

/** Whether what stands behind a command may be a command, after words of its own. */
export function isWrapping(words: readonly string[]): boolean {
  const [first = "", second = ""] = words.filter((word) => !/^\w+\+?=/.test(word));
  // `command -v` only asks.
  return isWrapper(first) && !(first === "command" && /^-[vV]/.test(second));
}

/** Text in a command line that is a script: of `eval`, and behind the `-c` of a shell. */
export function scriptsIn(words: readonly string[]): string[] {
  const rest = words.filter((word, i) => i > 0 || !/^\w+\+?=/.test(word));
  const at = rest.indexOf("eval");
  if (at === 0 || (at > 0 && isWrapping(rest))) return [rest.slice(at + 1).join(" ")];
  if (!isWrapping(rest)) return [];
  return rest.flatMap((word, i) => {
    const [, joined] = /^--(?:session-)?command=(.*)$/s.exec(word) ?? [];
    if (joined !== undefined) return [joined];
    const isCommand = /^-[a-zA-Z]*c$|^--(session-)?command$/.test(word);
    const script = rest[i + 1];
    if (!isCommand || script === undefined) return [];
    return [/^-\w*e\w*c$/.test(word) ? `set -e; ${script}` : script];
  });
}

/** The commands that `find` runs, and whether one decides about what stands behind it. */
export function executedBy(
  words: readonly string[],
): { command: readonly string[]; decides: boolean }[] {
  if (commandName(words[0] ?? "") !== "find") return [];
  return words.flatMap((word, i) => {
    if (!/^-(exec|ok)(dir)?$/.test(word)) return [];
    const length = words.slice(i + 1).findIndex((one) => one === ";" || one === "+");
    const end = length < 0 ? words.length : i + 1 + length;
    const behind = words.slice(end + 1);
    const decides = words[end] === ";" &&
      behind.some((one) => /^-(exec|ok|delete|fprint|fls|o$|or$)/.test(one));
    return [{ command: words.slice(i + 1, end), decides }];
  });
}

function isWrapper(word: string): boolean {
  return WRAPPERS.includes(commandName(word));
}
