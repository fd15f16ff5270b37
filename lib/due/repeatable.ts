/**
 * Which effects may run twice: one that was cut off in the middle is repeated only then.
 *
 * @module
 */
import { basename } from "@std/path";
import { initProgram } from "../init/mod.ts";

/** One row a kind of command: the program, and whether these words after it may run twice. */
const REPEATABLE: Readonly<Record<string, (words: readonly string[]) => boolean>> = {
  sysctl: () => true,
  modprobe: () => true,
  udevadm: ([verb = ""]) => ["control", "trigger", "settle"].includes(verb),
  "systemd-sysusers": () => true,
  "systemd-tmpfiles": () => true,
  ldconfig: () => true,
  newaliases: () => true,
  hostnamectl: () => true,
  timedatectl: () => true,
  localectl: () => true,
};

/** Whether a command may run twice; what is not known may not. */
export function isRepeatable(argv: readonly string[]): boolean {
  const [program = "", ...words] = argv;
  const known = initProgram(program);
  if (known) return known.mayRepeat(words);
  const name = basename(program);
  return Object.hasOwn(REPEATABLE, name) && REPEATABLE[name]!(words);
}
