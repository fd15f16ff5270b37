/**
 * The units that a dance has to do with, and how they are.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Effect } from "../effects/mod.ts";
import { lstat } from "../posix/mod.ts";
import { run } from "../process/run.ts";
import type { UnitState } from "./due.ts";

/** Units of one dance that are asked about at most. */
const MOST = 200;
/** Milliseconds that systemd has to answer. */
const PATIENCE = 5000;

/** Whether systemd is the machine's init; sd_booted(3). */
export function isSystemdRunning(): boolean {
  return lstat("/run/systemd/system") !== undefined;
}

/** What is done to units by an effect; undefined for one that does something else. */
export interface UnitAction {
  readonly verb: string;
  readonly units: readonly string[];
}

/** The unit action of a command line. */
export function unitActionOf(argv: readonly string[]): UnitAction | undefined {
  const [program = "", ...words] = argv;
  const plain = words.filter((word) => !word.startsWith("-"));
  const [first = "", ...rest] = plain;
  switch (basename(program)) {
    case "systemctl":
    case "deb-systemd-invoke":
      return words.includes("--user") || words.includes("--global")
        ? undefined
        : { verb: first, units: rest.flatMap(unitName) };
    case "service":
    case "invoke-rc.d":
      return { verb: rest[0] ?? "", units: unitName(first) };
    default:
      return program.startsWith("/etc/init.d/")
        ? { verb: first, units: unitName(program.slice("/etc/init.d/".length)) }
        : undefined;
  }
}

const ENDINGS = "service|socket|timer|path|mount|automount|swap|target|slice|scope|device";
const UNIT = new RegExp(`^[A-Za-z0-9:_.\\\\@-]{1,240}\\.(${ENDINGS})$`);
const FOLDER = /^\/(?:etc|run|usr\/lib|usr\/local\/lib|lib)\/systemd\/system\/(.+)$/;

/** A name as systemctl completes it; none for a pattern. */
function unitName(word: string): string[] {
  const name = /\.[a-z]+$/.test(word) && UNIT.test(word) ? word : `${word}.service`;
  return UNIT.test(name) ? [name] : [];
}

/** Whether a changed path makes `systemctl daemon-reload` necessary. */
export function isUnitPath(path: string): boolean {
  return FOLDER.test(path) || path.startsWith("/etc/init.d/");
}

/** The units that changed paths are about: unit files, drop-ins, and links in `.wants`. */
export function unitsOfPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const [first = "", second] = FOLDER.exec(path)?.[1]?.split("/") ?? [];
    const isLink = /\.(wants|requires|upholds)$/.test(first);
    const name = isLink ? second ?? "" : first.replace(/\.d$/, "");
    return UNIT.test(name) ? [name] : [];
  });
}

/** The units that effects and changed paths name. */
export function namedUnits(effects: readonly Effect[], paths: readonly string[]): string[] {
  const named = effects.flatMap(({ argv }) => unitActionOf(argv)?.units ?? []);
  return [...new Set([...named, ...unitsOfPaths(paths)])].slice(0, MOST);
}

/**
 * How units are. Without systemd nothing is asked, and nothing known; throws where it does not answer
 * in time.
 */
export async function unitStates(names: readonly string[]): Promise<UnitState[]> {
  if (names.length === 0 || !isSystemdRunning()) return [];
  const properties = "--property=ActiveState,UnitFileState,LoadState";
  // One that the pattern does not fit is not found: a template without its instance.
  const asked = names.filter((name) => !/@\.[a-z]+$/.test(name));
  if (asked.length === 0) return [];
  const text = await run(["systemctl", "show", properties, "--", ...asked], { timeout: PATIENCE });
  const blocks = text.trim().split(/\n\s*\n/);
  return asked.flatMap((name, i) => {
    const value = (key: string) =>
      new RegExp(`^${key}=(.*)$`, "m").exec(blocks[i] ?? "")?.[1]?.trim() ?? "";
    const [active, file, load] = [
      value("ActiveState"),
      value("UnitFileState"),
      value("LoadState"),
    ];
    return active === "" ? [] : [{ name, active, file, load }];
  });
}
