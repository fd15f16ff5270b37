/**
 * What a script is written for.
 *
 * @module
 */
import { basename } from "@std/path";

const SHELLS = ["sh", "bash", "dash", "ksh"];

/** The name of the interpreter that the first line names, else bash, which DISCO uses. */
export function interpreterName(script: Uint8Array): string {
  const [first = ""] = new TextDecoder().decode(script).split("\n", 1);
  const [, program, argument] = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(first) ?? [];
  if (program === undefined) return "bash";
  return basename(basename(program) === "env" ? argument ?? "" : program);
}

/** Whether an interpreter is one of the shells that are like bash. */
export function isShell(name: string): boolean {
  return SHELLS.includes(name);
}
