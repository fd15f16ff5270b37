/**
 * The changes of a dance for people: what matters in full, what is many folded.
 *
 * @module
 */
import { diffColour, formatChange } from "../changes/format.ts";
import type { Change } from "../result/change.ts";
import { printable } from "../terminal/printable.ts";
import { directoryGroups, type Group, kindCounts } from "./fold.ts";

/** How much of the diffs is shown. */
export type DiffMode = "full" | "short" | "none";

/** How changes are shown. */
export interface ShownOptions {
  /** `short` if it is not given: what packages bring is only counted, and long diffs are cut. */
  readonly diff?: DiffMode;
  /** Nothing but counts. */
  readonly stat?: boolean;
  /** The content of secrets, too, as far as the changes hold it. */
  readonly secrets?: boolean;
}

/** A line, and its colour (SGR). */
export interface ShownLine {
  readonly text: string;
  readonly colour: string;
}

/** Changes that are shown one by one: of more, those that are alike are folded. */
const FEW = 40;
/** Lines of one diff, and of all of them. */
const LONGEST_DIFF = 100;
const ALL_DIFFS = 1000;
/** What programs keep for themselves: its text is nobody's concern. */
const BOOKKEEPING = /^\/var\/(lib\/(dpkg|apt|rpm|pacman|systemd)|cache|log|backups)\//;

/** Critical changes first, then the others, then what is folded. */
export function shownChanges(
  changes: readonly Change[],
  { diff = "short", stat = false, secrets = false }: ShownOptions = {},
): ShownLine[] {
  if (diff === "full" && !stat) {
    return bySeverity(changes).flatMap((list) => list.flatMap((one) => linesOf(one, secrets)));
  }
  const { alone, groups } = stat ? { alone: [], groups: groupsOf(changes) } : arranged(changes);
  let left = diff === "none" ? 0 : ALL_DIFFS;
  const lines = alone.flatMap((change) => {
    const most = isQuiet(change) ? 0 : Math.min(LONGEST_DIFF, left);
    const shown = cut(linesOf(change, secrets), most, diff === "none" || isQuiet(change));
    left -= shown.length - 1;
    return shown;
  });
  return [...lines, ...groups.map(({ line }) => ({ text: line, colour: "" }))];
}

/** Changes that stand alone, critical ones first, and the others in groups. */
export interface Arranged {
  readonly alone: readonly Change[];
  readonly groups: readonly Group[];
}

/** What of the changes a reader should see one by one. */
export function arranged(changes: readonly Change[]): Arranged {
  const [critical, others] = bySeverity(changes);
  if (changes.length <= FEW) return { alone: [...critical, ...others], groups: [] };
  const [alone, folded] = apart(critical, others);
  return { alone, groups: groupsOf(folded) };
}

function bySeverity(changes: readonly Change[]): [critical: Change[], others: Change[]] {
  return partition(changes, (change) => change.critical === true);
}

/** Of many, those alone that are critical, or that change what a person may have written by hand. */
function apart(critical: readonly Change[], others: readonly Change[]): [Change[], Change[]] {
  const [quiet, own] = partition(others, isQuiet);
  if (own.length <= FEW) return [[...critical, ...own], quiet];
  const [changed, rest] = partition(own, ({ kind, diff }) => kind === "modified" && diff !== null);
  return changed.length <= FEW
    ? [[...critical, ...changed], [...rest, ...quiet]]
    : [[...critical], [...own, ...quiet]];
}

/** Whether a change is a package's, or bookkeeping: its text is not shown. */
export function isQuiet({ path, package: name }: Change): boolean {
  return name !== undefined || BOOKKEEPING.test(path);
}

function linesOf(change: Change, secrets: boolean): ShownLine[] {
  return formatChange(change, { secrets })
    .map((text) => ({ text, colour: diffColour(text) }));
}

/** The first line, and at most so many of the diff. */
function cut([first, ...diff]: ShownLine[], most: number, isSilent: boolean): ShownLine[] {
  const more = diff.length - most;
  if (more <= 0 || isSilent) return [first!, ...isSilent ? [] : diff];
  const text = `    ... ${more} more ${more === 1 ? "line" : "lines"} of the diff: see --diff full`;
  return [first!, ...diff.slice(0, most), { text, colour: "" }];
}

/** Packages that are named, and directories that are. */
const MOST_LINES = 20;

function groupsOf(changes: readonly Change[]): Group[] {
  const [ofPackages, others] = partition(changes, (change) => change.package !== undefined);
  const packages = [...Map.groupBy(ofPackages, (change) => change.package!)]
    .sort(([a], [b]) => a < b ? -1 : 1);
  const named = packages.length > MOST_LINES ? packages.slice(0, MOST_LINES - 1) : packages;
  const rest = packages.slice(named.length);
  const more = rest.flatMap(([, list]) => list);
  return [
    ...directoryGroups(others, MOST_LINES),
    ...named.map(([name, list]) => groupOf(`package ${printable(name)}`, list)),
    ...rest.length > 0 ? [groupOf(`${rest.length} more packages`, more)] : [],
  ];
}

function groupOf(what: string, changes: readonly Change[]): Group {
  return { line: `${what}: ${kindCounts(changes)}${ballsOf(changes)}`, changes };
}

function ballsOf(changes: readonly Change[]): string {
  const balls = [...new Set(changes.flatMap((change) => change.balls))];
  return balls.length > 0 ? ` [${balls.map(printable).join(", ")}]` : "";
}

function partition<T>(list: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [list.filter(is), list.filter((one) => !is(one))];
}
