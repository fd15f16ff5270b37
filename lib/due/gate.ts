/**
 * How an effect is begun, so that one of a killed dance is found and ended before it is repeated.
 *
 * The effect's shell writes down who it is, then looks whether its gate is still open, and only then
 * becomes the command. Recovery shuts the gate first, and looks who was written down afterwards: so
 * either the command is known to recovery, or it never begins.
 *
 * @module
 */
import { killGroup } from "../process/kill_group.ts";
import { lstat, nameOf, readSmallFile } from "../posix/mod.ts";

const SCRIPT = 'read -r me <"/proc/$$/stat" && printf "%s\\n" "$me" >"$1.who" && ' +
  '[ -e "$1" ] || exit 125; shift; exec "$@"';

/** The command behind a gate; `path` names the gate's file, in a folder of DISCO's own. */
export function gated(argv: readonly string[], path: string): string[] {
  return ["/bin/sh", "-c", SCRIPT, "sh", path, ...argv];
}

/** Open a gate for the next effect. */
export function openGate(path: string): void {
  remove(`${path}.who`);
  Deno.writeTextFileSync(path, "", { mode: 0o600 });
}

/** Shut a gate after its effect. */
export function closeGate(path: string): void {
  remove(path);
  remove(`${path}.who`);
}

/** Shut a gate that a killed dance has left open, and end what went through it; whether it ran on. */
export function endOrphan(path: string): boolean {
  if (!lstat(path) && !lstat(`${path}.who`)) return false;
  remove(path);
  const who = parse(readSmallFile(`${path}.who`));
  const group = who && groupOf(who);
  if (group !== undefined) killGroup(group);
  remove(`${path}.who`);
  return group !== undefined;
}

interface Who {
  readonly pid: number;
  readonly group: number;
  /** Clock ticks after the boot. */
  readonly start: number;
}

/** The group that runs on. A process with the same number that began later is another one. */
function groupOf({ pid, group, start }: Who): number | undefined {
  const now = parse(readSmallFile(`/proc/${pid}/stat`));
  if (now?.start === start) return now.group;
  // The command has ended; what measures it leads its group, and began before it.
  const leader = parse(readSmallFile(`/proc/${group}/stat`));
  return leader?.group === group && leader.start <= start ? group : undefined;
}

/** The fields of proc_pid_stat(5). */
function parse(bytes: Uint8Array | undefined): Who | undefined {
  if (bytes === undefined) return undefined;
  const text = nameOf(bytes);
  const fields = text.slice(text.lastIndexOf(")") + 2).trim().split(" ");
  const who = {
    pid: parseInt(text, 10),
    group: Number(fields[2]),
    start: Number(fields[19]),
  };
  return Object.values(who).every((n) => Number.isInteger(n) && n > 0) ? who : undefined;
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
