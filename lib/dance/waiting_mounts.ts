/**
 * Mounts that wait for the merge: what a dance writes below one of their places would reach the file
 * system that is there before, or after, but not the one that the ball meant.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import type { Change } from "../result/mod.ts";
import { Tree } from "../door/mod.ts";
import { commandLine, type Effect } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { initProgram } from "../init/mod.ts";
import { realPath } from "../sandbox/mod.ts";
import { printable } from "../terminal/mod.ts";
import { readMounts } from "../posix/mod.ts";
import { type FstabEntry, readFstab } from "./fstab.ts";

/** What is known of mounts. */
export interface MountTable {
  /** Of the union: the dance may have changed it. */
  readonly fstab: readonly FstabEntry[];
  /** What is mounted now. */
  readonly mounted: readonly { readonly path: string; readonly source: string }[];
}

/** Throw where an effect mounts or unmounts something above a path that the dance changes. */
export function refuseWaitingMounts(
  effects: readonly Effect[],
  changes: readonly Pick<Change, "path">[],
  union: string,
): void {
  if (changes.length === 0 || !effects.some(({ argv }) => isAboutMounts(argv))) return;
  using tree = new Tree(union);
  const table = { fstab: readFstab(tree), mounted: readMounts() };
  for (const effect of effects) {
    for (const place of mountsOf(effect, table)) {
      const real = realPath(tree, place) ?? place;
      const change = changes.find(({ path }) => path.startsWith(real === "/" ? "/" : `${real}/`));
      if (change) throw refusal(effect, real, change.path);
    }
  }
}

function refusal({ ball, script, argv }: Effect, place: string, path: string): DiscoError {
  return new DiscoError(
    `Cannot apply ball "${ball}": "${commandLine(argv)}" of ${
      printable(script)
    } waits for the merge, ` +
      `and the dance changes "${printable(path)}" below "${printable(place)}", which would be on ` +
      "another file system then",
    { hint: "mount in an earlier dance and write afterwards, or do both in post/" },
  );
}

/** Options of mount(8) and umount(8) with a word of their own. */
const WITH_WORD =
  /^(-[tOoLUTNm]|--(types|options|test-opts|label|uuid|fstab|namespace|source|options-source))$/;
const UNIT_VERBS = /^(start|stop|restart|try-restart|reload-or-restart|isolate)$/;

function isAboutMounts(argv: readonly string[]): boolean {
  return /^(mount(\..+)?|umount|systemd-u?mount)$/.test(programOf(argv)) ||
    argv.some((word) => /\.(auto)?mount$/.test(word));
}

function programOf([program = ""]: readonly string[]): string {
  return basename(program);
}

/** The places, absolute, that a command mounts or unmounts. */
export function mountsOf({ argv, cwd }: Pick<Effect, "argv" | "cwd">, table: MountTable): string[] {
  if (!isAboutMounts(argv)) return [];
  const program = programOf(argv);
  const own = initProgram(program)?.isNameFirst === false
    ? placesOfUnits(argv.slice(1), table)
    : placesOfWords(program, argv.slice(1), table);
  return own.map((path) => resolve(cwd, path));
}

function placesOfWords(program: string, argv: readonly string[], table: MountTable): string[] {
  const isUnmount = /umount$/.test(program);
  const words: string[] = [];
  const places: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "--target") places.push(argv[++i] ?? "");
    else if (word.startsWith("--target=")) places.push(word.slice("--target=".length));
    else if (/^(-o|--options)/.test(word) && !isUnmount) {
      const options = /^(-o|--options)$/.test(word)
        ? argv[++i] ?? ""
        : word.replace(/^.*=|^-o/, "");
      // The same file system stays.
      if (options.split(",").includes("remount")) return [];
    } else if (WITH_WORD.test(word)) i++;
    else if (/^--make-|^(-l|--show-labels|-h|-V|--help|--version)$/.test(word) && !isUnmount) {
      return [];
    } else if (!word.startsWith("-")) words.push(word);
  }
  const isAll = argv.some((word) => word === "--all" || /^-[a-zA-Z]*a/.test(word));
  if (isAll) return [...places, ...(isUnmount ? mountedPlaces(table) : notMounted(table))];
  if (isUnmount) return [...places, ...words.flatMap((word) => placesOf(word, table))];
  if (words.length <= 1) return [...places, ...words.flatMap((word) => placesOf(word, table))];
  // With --move the first is a place, too.
  const isMove = argv.some((word) => word === "--move" || word === "-M");
  return [...places, ...words.slice(isMove ? 0 : 1, 2)];
}

/** The places of one word: a place, or the source of one that is mounted or in fstab. */
function placesOf(word: string, { fstab, mounted }: MountTable): string[] {
  const listed = fstab.filter(({ source }) => source === word).map(({ place }) => place);
  const now = mounted.filter(({ source }) => source === word).map(({ path }) => path);
  const found = [...listed, ...now];
  return found.length > 0 ? found : [word];
}

function notMounted({ fstab, mounted }: MountTable): string[] {
  return fstab.filter(({ place, isAutomatic }) =>
    isAutomatic && !mounted.some(({ path }) => path === place)
  ).map(({ place }) => place);
}

function mountedPlaces({ mounted }: MountTable): string[] {
  return mounted.map(({ path }) => path).filter((path) => path !== "/");
}

/** A unit that is started and mounted already stays as it is, as one that is stopped and is not. */
function placesOfUnits(words: readonly string[], { mounted }: MountTable): string[] {
  const [verb = "", ...units] = words.filter((word) => !word.startsWith("-"));
  const isNow = words.includes("--now") && /^(enable|disable|reenable|mask)$/.test(verb);
  if (!UNIT_VERBS.test(verb) && !isNow) return [];
  const isStop = /^(stop|disable|mask)$/.test(verb);
  return units.filter((unit) => /\.(auto)?mount$/.test(unit)).map(placeOfUnit).filter((place) => {
    const isMounted = mounted.some(({ path }) => path === place);
    return /restart$/.test(verb) || isStop === isMounted;
  });
}

/** The path in a unit's name: systemd-escape(1). */
function placeOfUnit(unit: string): string {
  const name = unit.replace(/\.(auto)?mount$/, "");
  if (name === "-") return "/";
  const path = name.replaceAll("-", "/").replaceAll(
    /\\x([0-9a-f]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
  return `/${path}`;
}
