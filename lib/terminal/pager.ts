/**
 * The pager, by the rules of git: `DISCO_PAGER`, else `PAGER`, else less, unless that is `cat` or
 * nothing. It is a program and words, and no shell command.
 *
 * @module
 */
import { give } from "../process/give.ts";
import { spawn } from "../process/spawn.ts";

/** The pager's words, and how many lines need none. */
export interface Pager {
  readonly words: readonly string[];
  readonly rows: number;
}

/** The pager for a stream; undefined where there is none, or no terminal. */
export function pagerOf(to: { isTerminal(): boolean }): Pager | undefined {
  if (!to.isTerminal() || !Deno.stdin.isTerminal()) return undefined;
  const given = Deno.env.get("DISCO_PAGER") ?? Deno.env.get("PAGER") ?? "less";
  const words = given.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 || words[0] === "cat" || Deno.env.get("TERM") === "dumb") return undefined;
  const { rows } = Deno.consoleSize();
  return rows > 0 ? { words, rows } : undefined;
}

/** Show text; false where it is short, or the pager cannot be started: then it is not shown. */
export async function showInPager(
  { words, rows }: Pager,
  text: readonly Uint8Array[],
): Promise<boolean> {
  if (linesIn(text) < rows) return false;
  let child: Deno.ChildProcess;
  try {
    const env = Deno.env.get("LESS") === undefined ? { LESS: "FRX" } : {};
    child = spawn(words, { env, stdin: "piped" });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
  // Ctrl-C is for the pager.
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  try {
    // A reader that has seen enough is not a failure.
    await give(child.stdin, text);
    await child.status;
  } finally {
    Deno.removeSignalListener("SIGINT", ignore);
  }
  return true;
}

function linesIn(text: readonly Uint8Array[]): number {
  let lines = 0;
  for (const bytes of text) for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}
