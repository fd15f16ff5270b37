/**
 * What a ball has of its own besides the union: /run, /tmp and /dev/shm, with no file in them at first.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { changeClock, lstat, mkdir } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import { layResolverPlace } from "./resolver.ts";
import { layRun, runFolders } from "./run_image.ts";
import { freshService } from "./service.ts";
import { takeAway } from "./take_away.ts";

const PARTS = ["run", "tmp", "shm"] as const;

type Part = typeof PARTS[number];

/** Change times (ns) of the directories of a part, by path. */
type Stamps = ReadonlyMap<string, bigint>;

/**
 * How a part was when the first script began after it was laid. `new`: no script was there yet.
 * `unsure`: a change might not show, because the clock that stamps changes had not gone on since.
 */
type Before = Stamps | "new" | "unsure";

/** The parts of each union that this process has laid. */
const laid = new WeakMap<Union, Map<Part, Before>>();

/**
 * New /run, /tmp and /dev/shm without a file in them, and nothing asked for: each ball has its own.
 * What no script has touched is new still.
 */
export function freshVolatile(union: Union): void {
  for (const part of PARTS) {
    if (!isUntouched(union, part)) lay(union, part);
  }
  freshService(union);
}

/** To be called when all is laid, just before a script can begin to work. */
export function noteStart(union: Union): void {
  const parts = laid.get(union);
  if (!parts) return;
  const now = changeClock();
  for (const part of PARTS) {
    if (parts.get(part) !== "new") continue;
    const stamps = stampsOf(union, part);
    const isSure = stamps !== undefined && [...stamps.values()].every((ctime) => ctime < now);
    parts.set(part, isSure ? stamps : "unsure");
  }
}

/** Whether no script has made, changed or removed anything in a part since it was laid. */
export function isUntouched(union: Union, part: Part): boolean {
  const before = laid.get(union)?.get(part);
  if (before === undefined || before === "unsure") return false;
  if (before === "new") return true;
  const now = stampsOf(union, part);
  return now !== undefined && [...before].every(([path, ctime]) => now.get(path) === ctime);
}

/**
 * The same as long as nothing was written where the sandbox has mounts of its own: in the union, or,
 * where name resolution is shown there, in /run. Undefined where something was.
 */
export function placesState(union: Union): string | undefined {
  const { untouched } = union;
  if (untouched === undefined || !isUntouched(union, "run")) return undefined;
  return String(untouched);
}

/** Of the directories that {@linkcode lay} makes; undefined where one is gone. */
function stampsOf(union: Union, part: Part): Stamps | undefined {
  using tree = new Tree(union.folder("volatile"));
  const inner = part === "run"
    ? ["/run/lock", "/run/disco", ...runFolders(union).map(({ path }) => path)]
    : [];
  const stamps = new Map<string, bigint>();
  for (const path of [`/${part}`, ...inner]) {
    const stat = tree.stat(path);
    if (stat?.type !== "directory") return undefined;
    stamps.set(path, stat.ctime);
  }
  return stamps;
}

function lay(union: Union, part: Part): void {
  const folder = `${union.folder("volatile")}/${part}`;
  takeAway(union, folder);
  mkdir(folder, part === "run" ? 0o755 : 0o1777);
  if (part === "run") {
    layRun(union, folder);
    if (!lstat(`${folder}/lock`)) mkdir(`${folder}/lock`, 0o1777);
    mkdir(`${folder}/disco`);
    layResolverPlace(union);
  }
  const parts = laid.get(union) ?? new Map<Part, Before>();
  laid.set(union, parts.set(part, "new"));
}
