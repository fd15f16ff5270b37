/**
 * Restarts that a script asks for in every dance, whether something has changed or not.
 *
 * @module
 */
import { nameOf } from "../posix/mod.ts";
import { printable, shortened } from "../terminal/printable.ts";
import type { Ball } from "../ball/ball.ts";
import type { Finding } from "./finding.ts";
import type { BallFolder } from "../ball/folder.ts";
import { interpreterName, isShell } from "../ball/interpreter.ts";
import { isRestart } from "./restart.ts";
import { shellCode } from "./shell_text.ts";

/** Bytes of a script that are looked at. */
const MOST_BYTES = 1 << 20;
/** Where a command ends, and what stands between it and the next one. */
const SEPARATOR = /(\n|;;?|&&|\|\||[|&])/;
const OPENING = /^(if|while|until|for|case|select|\{|[\w-]+\s*\(\)\s*\{?)$/;
const CLOSING = /^(fi|done|esac|\})$/;
/** Words before a command that do not make it depend on anything. */
const BEFORE = /^(sudo|command|exec|disco-effect|--stdin)$/;

/** What to do instead. */
export const ADVICE = 'a line "PATH-GLOB COMMAND" in the file reactions, or ' +
  "disco-effect --if-changed PATH-GLOB -- COMMAND, does it only when something changed";

/** Find restarts and reloads that depend on nothing. */
export function lintRestarts({ scripts }: Ball, folder: BallFolder): Finding[] {
  return scripts.flatMap((name): Finding[] => {
    const path = `scripts/${name}`;
    const bytes = folder.kind(path) === "file" ? folder.read(path, MOST_BYTES) : undefined;
    if (bytes === undefined || !isShell(interpreterName(bytes))) return [];
    return restartsIn(nameOf(bytes)).map(({ line, command }) => ({
      level: "warning",
      text: `${printable(path)}, line ${line}: "${
        printable(shortened(command, 200))
      }" in every dance: ${ADVICE}`,
    }));
  });
}

/** A command that restarts something. */
export interface Restart {
  readonly line: number;
  readonly command: string;
}

/** The restarts of a script that stand in no condition, loop or function, and behind no `&&` or `||`. */
export function restartsIn(script: string): Restart[] {
  const found: Restart[] = [];
  const parts = shellCode(script).replaceAll("\\\n", "  ").split(SEPARATOR);
  let [line, depth] = [1, 0];
  for (let i = 0; i < parts.length; i += 2) {
    const [command, before] = [parts[i]!, parts[i - 1]];
    const words = command.trim().split(/\s+/);
    if (OPENING.test(words[0]!) || /\)\s*\{$/.test(command)) depth++;
    if (CLOSING.test(words[0]!)) depth = Math.max(0, depth - 1);
    const isAlone = depth === 0 && before !== "&&" && before !== "||";
    const rest = words.slice(words.findIndex((word) => !BEFORE.test(word)));
    if (isAlone && isRestart(rest)) found.push({ line, command: words.join(" ") });
    if (parts[i + 1] === "\n") line++;
  }
  return found;
}
