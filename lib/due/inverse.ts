/**
 * What follows an undone merge: units are brought back to what they were. An effect of what is undone
 * is never repeated; what cannot be taken back is named.
 *
 * @module
 */
import type { Effect } from "../effects/mod.ts";
import {
  isUnitPath,
  runningInit,
  unitActionOf,
  unitsOfPaths,
  type UnitState,
} from "../init/mod.ts";
import type { Due } from "./due.ts";

/** What is to be done, and what cannot be. */
export interface Inverse {
  readonly effects: readonly Effect[];
  readonly impossible: readonly Effect[];
}

/** From what the inverse is worked out. */
export interface Undone {
  readonly due: Due;
  /** The paths that change back. */
  readonly paths: readonly string[];
  /**
   * The units as they are now; undefined early at boot, when nothing runs yet, and what runs later is
   * said by the files.
   */
  readonly now: readonly UnitState[] | undefined;
}

/** Verbs after which a service has read its files. */
const READING = /^(re)?start$|^(try-)?(restart|reload)$|reload|condrestart/;
/** Verbs of systemctl that are about no unit, and whose work is done by the files, or by a reload. */
const GENERAL: readonly string[] = ["daemon-reload", "daemon-reexec"];
/** Who asked for what follows an undo. */
const SCRIPT = "rollback";

/** Work out what follows the undo of a merge. */
export function inverseOf({ due, paths, now }: Undone): Inverse {
  const all = due.effects.map(({ effect }) => effect);
  const { control } = runningInit();
  if (control === undefined) return { effects: [], impossible: all };
  const effects: Effect[] = [];
  const isReloaded = paths.some(isUnitPath);
  const ask = (ball: string, ...argv: string[]) =>
    effects.push({ ball, script: SCRIPT, cwd: "/", argv: [control, ...argv] });
  if (isReloaded) ask("(rollback)", "daemon-reload");
  for (const unit of due.units) {
    const own = all.filter(({ argv }) => unitActionOf(argv)?.units.includes(unit.name));
    const ball = own[0]?.ball ?? "(rollback)";
    const current = now?.find(({ name }) => name === unit.name);
    const again = rereading(own, unitsOfPaths(paths).includes(unit.name));
    for (const argv of bringBack(unit, current, now === undefined, again)) ask(ball, ...argv);
  }
  const known = new Set(due.units.map(({ name }) => name));
  return { effects, impossible: all.filter((effect) => !isInvertible(effect, known)) };
}

function isInvertible({ argv }: Effect, known: ReadonlySet<string>): boolean {
  const action = unitActionOf(argv);
  if (!action) return false;
  if (GENERAL.includes(action.verb)) return true;
  return action.units.length > 0 && action.units.every((name) => known.has(name)) &&
    /^(start|stop|enable|disable|reenable|mask|unmask)$|restart|reload/.test(action.verb);
}

/** The arguments of systemctl that bring one unit back. */
function bringBack(
  before: UnitState,
  now: UnitState | undefined,
  isEarly: boolean,
  again: string | undefined,
): string[][] {
  const { name } = before;
  const wasActive = isActive(before);
  // The files say what a boot starts; what was started by hand is not known to them.
  if (isEarly) return wasActive ? [["start", name]] : [];
  if (!now) return [];
  const files = enablement(before, now);
  // One that had failed does not fail again, but what runs now has the files that are undone.
  if (!wasActive) return isActive(now) ? [...files, ["stop", name]] : files;
  if (!isActive(now)) return [...files, ["start", name]];
  return again ? [...files, [again, name]] : files;
}

/**
 * How a unit that runs reads its files again, if the effects on it have made it read them: as gently as
 * they did, unless systemd may have started it from another unit file.
 */
function rereading(own: readonly Effect[], isChanged: boolean): string | undefined {
  const verbs = own.map(({ argv }) => unitActionOf(argv)?.verb ?? "")
    .filter((verb) => READING.test(verb));
  if (verbs.length === 0) return undefined;
  const isReloaded = !isChanged && verbs.every((verb) => verb.includes("reload"));
  return isReloaded ? "try-reload-or-restart" : "restart";
}

/** An effect may have enabled a unit by itself, behind the merge's back. */
function enablement({ name, file }: UnitState, now: UnitState): string[][] {
  if (file === now.file) return [];
  const verbs: Record<string, string> = { enabled: "enable", disabled: "disable" };
  const known = Object.hasOwn(verbs, file) && Object.hasOwn(verbs, now.file);
  return known ? [[verbs[file]!, name]] : [];
}

function isActive({ active }: UnitState): boolean {
  return ["active", "reloading", "activating", "refreshing"].includes(active);
}
