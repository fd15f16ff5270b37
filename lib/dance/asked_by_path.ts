/**
 * Commands that the policy would have decided about, called by their absolute paths where that cannot
 * be led back to the policy.
 *
 * @module
 */
import { type Ball, isShell } from "../ball/mod.ts";
import { shimmedCommands } from "../effects/mod.ts";
import { SERVICE_MANAGERS } from "../init/mod.ts";
import { commandPathsIn, type Refusal } from "../sandbox/mod.ts";
import { commandName } from "../shell/command_name.ts";
import { parseScript } from "../shell/parse.ts";
import { simplesIn } from "../shell/script.ts";
import type { Planned } from "./values.ts";
import { scriptOf, type ScriptText } from "./shell_script.ts";

/** Commands that only look whether a file is there, or make something of it; `command` does with -v. */
const LOOKING = [
  ...["[", "[[", "test", "type", "which", "ls", "stat", "echo", "printf", "file", "ln", "cp", "mv"],
  ...["rm", "chmod", "chown", "install", "touch", "readlink", "realpath", "setcap", "cat", "dpkg"],
  ...["dpkg-divert", "dpkg-query", "update-alternatives", "find", "grep", "sed", "ldd", "tee"],
];
/** In front of them bash takes a path for the name (see `bash_env.sh`, `sudo.sh`). */
const LED_BACK = ["sudo"];

/**
 * What is told of a script that calls such commands: in bash behind a wrapper, such as `timeout`; in
 * other shells anywhere; in other languages as a string of its own. `path` is the script's in the
 * ball's folder.
 */
export function askedByPath({ policies }: Planned, ball: Ball, path: string): Refusal[] {
  const script = scriptOf(ball, path);
  const paths = script ? commandPathsIn(script.text) : [];
  if (script === undefined || paths.length === 0) return [];
  const known = shimmedCommands(policies.of(ball.name))
    .filter((command) => !SERVICE_MANAGERS.includes(command));
  const asked = paths.filter((one) => known.includes(commandName(one)));
  if (asked.length === 0) return [];
  const called = calledIn(script);
  return asked.filter(called).map((one) => ({
    kind: "by-path",
    what: `it calls ${one} by its path, and so past the policy`,
  }));
}

/** Whether a path is called in a script so that the policy is not met. */
function calledIn({ text, interpreter }: ScriptText): (path: string) => boolean {
  if (!isShell(interpreter)) return (path) => ['"', "'", "`"].some((q) => text.includes(q + path));
  const isBash = interpreter === "bash";
  const commands = [...simplesIn(parseScript(text))].map(({ words }) => words);
  return (path) =>
    commands.some((words) => {
      const at = words.indexOf(path);
      const [first = ""] = words;
      const isLooking = first === "command"
        ? words.some((word) => /^-[vV]/.test(word))
        : LOOKING.includes(first);
      if (at > 0 && !isLooking && !LED_BACK.includes(first)) return true;
      // A command in a substitution is part of a word.
      return !isBash && (at === 0 || words.some((word) => isSubstituted(word, path)));
    });
}

function isSubstituted(word: string, path: string): boolean {
  return ["$(", "`", "| ", "; "].some((before) => word.includes(before + path));
}
