/**
 * Mass deletion: whether a merge takes away more than anybody would by intention, without a word.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import type { Change } from "../result/mod.ts";
import { counted } from "../text/counted.ts";
import { isMissing, type Tree } from "../door/mod.ts";
import { SyscallError } from "../posix/mod.ts";
import { printable, shellWord } from "../terminal/printable.ts";
import { lostAccounts } from "./accounts.ts";
import { emptiedFiles, type LostPath, lostPaths } from "./lost.ts";
import { packagesGone } from "../packages/mod.ts";

/** What is about to be merged. */
export interface Merge {
  readonly changes: readonly Change[];
  readonly live: Tree;
  readonly now: Tree;
  /** Where something is mounted in the tree, but for its root. */
  readonly mounts: readonly string[];
  /** Whether the file `purge` of the ball names the path. */
  readonly isPurged: (path: string, ball: string) => boolean;
  /** Whether a ball delivers the path: then it is empty because it is meant to be. */
  readonly isDelivered: (path: string) => boolean;
  /** Globs of critical paths, of which not one may become empty by accident. */
  readonly critical: readonly string[];
}

/** How much may go. */
export interface DeletionLimits {
  /** Paths that may be deleted without a word. */
  readonly paths: number;
  /** What was allowed for this dance; undefined where nothing was said. */
  readonly allowed: number | undefined;
}

/** Why a merge is refused. */
export interface TooMuchLost {
  /** In words, each a sentence without an end. */
  readonly reasons: string[];
  /** What `--allow-deletions` has to allow. */
  readonly count: number;
}

/** Packages that may be removed, and accounts, without a word. */
const MOST_PACKAGES = 25;
const MOST_ACCOUNTS = 10;
/**
 * Paths of a top-level directory, such as /opt, that may go with it or leave it empty: with so few it
 * is not the place of a system or of an application.
 */
const FEW = 10;

/** Judge what goes; undefined where that is not much. */
export function tooMuchLost(merge: Merge, limits: DeletionLimits): TooMuchLost | undefined {
  const { changes, live, now } = merge;
  const lost = lostPaths(changes, live);
  const packages = packagesGone(changes, live, now);
  const own = lost.paths.filter(({ path, balls }) =>
    !packages.owned(path) && !balls.some((ball) => merge.isPurged(path, ball))
  );
  const heaps = lost.heaps.reduce((sum, { contained }) => sum + contained, 0);
  const emptied = emptiedFiles(changes, merge.isDelivered);
  const accounts = lostAccounts(changes, live, now);
  const paths = own.length + heaps + emptied.length;
  const count = paths + packages.removed.length + accounts.length;
  const { allowed } = limits;
  if (allowed !== undefined) {
    if (count <= allowed) return undefined;
    const what = summary(paths, packages.removed.length, accounts.length);
    return { count, reasons: [`${what}, more than the ${allowed} that are allowed${by(own)}`] };
  }
  const wholes = lostWholes(merge, [...own, ...lost.heaps]);
  const blank = emptied.filter(({ path }) => coversPath(merge.critical, path));
  const owners = accounts.filter(({ id, owns }) => id === 0 || owns !== undefined);
  const reasons = [
    ...(paths > limits.paths
      ? [`${counted(paths, "path")} would be deleted, more than ${limits.paths}${by(own)}`]
      : []),
    ...wholes,
    ...(packages.removed.length > MOST_PACKAGES
      ? [`${packages.removed.length} packages would be removed, more than ${MOST_PACKAGES}`]
      : []),
    ...blank.map(({ path, balls }) => `${shellWord(path)} would become empty${ofBalls(balls)}`),
    ...owners.slice(0, 3).map(ownerReason),
    ...(accounts.length > MOST_ACCOUNTS
      ? [`${accounts.length} accounts would be gone, more than ${MOST_ACCOUNTS}`]
      : []),
  ];
  return reasons.length > 0 ? { count, reasons } : undefined;
}

function summary(paths: number, packages: number, accounts: number): string {
  const words = [
    ...(paths > 0 || packages + accounts === 0 ? [counted(paths, "path")] : []),
    ...(packages > 0 ? [counted(packages, "package")] : []),
    ...(accounts > 0 ? [counted(accounts, "account")] : []),
  ];
  return `${words.join(", ")} would be deleted`;
}

/** Directories of the first level, and mounts, of which nothing is left. */
function lostWholes({ now, mounts }: Merge, lost: readonly LostPath[]): string[] {
  const counts = new Map<string, number>();
  const add = (folder: string) => counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const ofMounts = mounts.filter((path) => path !== "/" && now.stat(path)?.type === "directory");
  for (const one of lost) {
    add(`/${one.path.split("/")[1]}`);
    for (const mount of ofMounts) if (one.path.startsWith(`${mount}/`)) add(`mount ${mount}`);
  }
  return [...counts].filter(([key, count]) => {
    const isMount = key.startsWith("mount ");
    return (isMount || count > FEW) && isGone(now, isMount ? key.slice(6) : key);
  }).map(([key, count]) => {
    const isMount = key.startsWith("mount ");
    const what = isMount ? `the mount ${shellWord(key.slice(6))}` : shellWord(key);
    return `all of ${what} would be deleted (${counted(count, "path")})`;
  }).sort();
}

/** Whether nothing is left there; `lost+found` belongs to the file system. */
function isGone(now: Tree, folder: string): boolean {
  try {
    if (now.stat(folder)?.type !== "directory") return now.stat(folder) === undefined;
    return now.list(folder, 10).every(({ name }) => name === "lost+found");
  } catch (error) {
    if (error instanceof SyscallError && isMissing(error)) return true;
    throw error;
  }
}

function ownerReason(account: { name: string; owns: string | undefined }): string {
  const what = `account "${printable(account.name)}" would be gone`;
  return account.owns === undefined
    ? what
    : `${what}, and ${shellWord(account.owns)} would still belong to it`;
}

/** Where most of it is. */
function by(lost: readonly LostPath[]): string {
  const groups = Map.groupBy(lost, ({ path, balls }) => {
    const parts = path.split("/").slice(0, 3);
    return `${shellWord(parts.join("/"))}${ofBalls(balls)}`;
  });
  const sorted = [...groups].map(([where, { length }]) => ({ where, length }))
    .sort((a, b) => b.length - a.length);
  if (sorted.length === 0) return "";
  const shown = sorted.slice(0, 3).map(({ where, length }) => `${length} at ${where}`);
  const rest = sorted.length - shown.length;
  return `: ${shown.join(", ")}${rest > 0 ? `, and ${rest} more places` : ""}`;
}

function ofBalls(balls: readonly string[]): string {
  return balls.length > 0 ? ` [${balls.map(printable).join(", ")}]` : "";
}
