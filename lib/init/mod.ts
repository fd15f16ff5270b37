/**
 * Init systems: which one runs, and how one speaks to it. Rules for its commands are data of the policy,
 * and lines of its reactions data of those.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { lstat } from "../posix/mod.ts";
import type {
  BootUnit,
  BootUnitOptions,
  InitProgram,
  InitSystem,
  UnitAction,
} from "./init_system.ts";
import { openrc } from "./openrc.ts";
import { systemd } from "./systemd.ts";
import { SCRIPTS, sysvinit } from "./sysvinit.ts";
import { unitName } from "./unit_name.ts";

export { SCRIPTS } from "./sysvinit.ts";
export type {
  BootUnit,
  BootUnitOptions,
  InitProgram,
  InitSystem,
  UnitAction,
  UnitState,
} from "./init_system.ts";

/** All that are known; the last one is taken where no other runs. */
export const INIT_SYSTEMS: readonly [...InitSystem[], InitSystem] = [systemd, openrc, sysvinit];

/** The init system that runs on the system at `root`. */
export function runningInit(root = "/"): InitSystem {
  const prefix = root === "/" ? "" : root;
  const found = INIT_SYSTEMS.find(({ mark }) => mark && lstat(`${prefix}${mark}`) !== undefined);
  return found ?? INIT_SYSTEMS.at(-1)!;
}

/** The init systems that `if=` of a reaction can name, with what is there while they run. */
export const INIT_PLACES: ReadonlyMap<string, InitSystem & { readonly mark: string }> = new Map(
  INIT_SYSTEMS.flatMap((one) => {
    const { name, mark } = one;
    return mark === undefined ? [] : [[name, { ...one, mark }]];
  }),
);

/** Programs that reach nobody unless an init system runs, with its name. */
export const NEEDED_INIT: Readonly<Record<string, string>> = Object.fromEntries(
  INIT_SYSTEMS.flatMap(({ name, programs }) =>
    programs.filter(({ needsRunning }) => needsRunning).map((program) => [program.name, name])
  ),
);

const PROGRAMS = INIT_SYSTEMS.flatMap(({ programs }) => programs);

/** The program of an init system with this name or path; undefined for any other. */
export function initProgram(program: string): InitProgram | undefined {
  const name = basename(program);
  return PROGRAMS.find((one) => one.name === name);
}

/**
 * Programs that start and stop services, by their names. They have a stand-in at their own path in the
 * sandbox: scripts call them by path, and they would act on nothing and succeed. Every other command is
 * met by its name in the search path; called by its path it fails between the walls.
 */
export const SERVICE_MANAGERS: readonly string[] = PROGRAMS
  .filter(({ isManager }) => isManager).map(({ name }) => name);

/** Those of them whose words are `NAME ACTION`. */
export const NAME_FIRST: readonly string[] = PROGRAMS
  .filter(({ isManager, isNameFirst }) => isManager && isNameFirst).map(({ name }) => name);

/** Whether a program starts and stops services: a manager, or an init script. */
export function isServiceManager(program: string): boolean {
  return SERVICE_MANAGERS.includes(basename(program)) || dirname(program) === SCRIPTS;
}

/** What all tools of init systems read in the sandbox, so that they change files and ask nobody. */
export const OFFLINE: Readonly<Record<string, string>> = Object.assign(
  {},
  ...INIT_SYSTEMS.map(({ offline }) => offline),
);

/** What a command line does to units; undefined for one that does something else. */
export function unitActionOf([program = "", ...words]: readonly string[]): UnitAction | undefined {
  const known = initProgram(program);
  if (known) return known.actionOf?.(words);
  if (!program.startsWith(`${SCRIPTS}/`)) return undefined;
  const [verb = ""] = words.filter((word) => !word.startsWith("-"));
  return { verb, units: unitName(program.slice(SCRIPTS.length + 1)) };
}

/** Whether a changed path makes an init system read its configuration again. */
export function isUnitPath(path: string): boolean {
  return INIT_SYSTEMS.some((one) => one.isUnitPath(path));
}

/** The units that changed paths are about: unit files, drop-ins, and links in `.wants`. */
export function unitsOfPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => INIT_SYSTEMS.flatMap((one) => one.unitsOfPath(path)));
}

/** What finishes at boot what was cut off, for every init system that can do so. */
export function bootUnits(options: BootUnitOptions): BootUnit[] {
  return INIT_SYSTEMS.flatMap((one) => one.bootUnits(options));
}
