/**
 * Changes as lines for people.
 *
 * A change begins with eleven letters, much as rsync itemises:
 *
 * ```text
 * >fcstpogaxz
 * ||||||||||+- z  SELinux label
 * |||||||||+-- x  other extended attributes
 * ||||||||+--- a  access control list
 * |||||||+---- g  group
 * ||||||+----- o  owner
 * |||||+------ p  permissions
 * ||||+------- t  modification time
 * |||+-------- s  size
 * ||+--------- c  content, a symlink's target, a device's number
 * |+---------- f file, d directory, L symlink, D device, S fifo or socket
 * +----------- > content, c made or changed without content, . attributes only
 * ```
 *
 * `.` is a letter that did not change, `+` one of a new path; a deleted path has `*deleting`.
 *
 * @module
 */
import { printable, printableLine, shellWord } from "../terminal/printable.ts";
import type { Change, Entry, EntryType } from "../result/change.ts";
import { describeXattr } from "./xattr_value.ts";

const INDENT = "    ";

/** What is shown of secrets. */
export interface ShowOptions {
  /** The diff of a secret path, if the change holds one: for a terminal only. */
  readonly secrets?: boolean;
}

/**
 * The change as lines: letters, path and what happened in words with the balls that did it, then
 * the diff, indented by four spaces. Everything is printable, and names are quoted as in a shell
 * where they hold anything that could be taken for the words around them; of a secret path nothing
 * is shown that tells its content. For the colour of a line of the diff see {@linkcode diffColour}.
 */
export function formatChange(change: Change, options: ShowOptions = {}): string[] {
  const balls = change.balls.length > 0 ? ` [${change.balls.map(label).join(", ")}]` : "";
  const shown = options.secrets && change.diff !== null ? { ...change, secret: false } : change;
  const words = describeChange(shown) + (change.secret && !shown.secret ? ", secret" : "");
  const critical = change.critical ? " (critical)" : "";
  const first = `${itemise(change)} ${shellWord(change.path)}: ${words}${balls}${critical}`;
  return [first, ...diffLines(shown).map((line) => INDENT + line)];
}

/** The lines of the diff, made printable, and how many are left out; none for a secret path. */
export function diffLines(change: Change): string[] {
  const { secret, diff, diffCut } = change;
  if (secret || diff === null) return [];
  const lines = diff === "" ? [] : diff.replace(/\n$/, "").split("\n").map(printableLine);
  return diffCut ? [...lines, `... ${diffCut} more lines of the diff are not shown`] : lines;
}

/** What a line of a diff is. */
export type DiffMark = "header" | "hunk" | "added" | "removed" | "same";

/** What a line of {@linkcode diffLines} is. */
export function diffMark(line: string): DiffMark {
  if (/^(---|\+\+\+) (\/dev\/null$|[ab]\/)/.test(line)) return "header";
  if (line.startsWith("@@")) return "hunk";
  return line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
}

const SGR: Record<DiffMark, string> = {
  header: "1",
  hunk: "36",
  added: "32",
  removed: "31",
  same: "",
};

/** The colour (SGR) of a line of {@linkcode formatChange}; none for its first line. */
export function diffColour(line: string): string {
  return line.startsWith(INDENT) ? SGR[diffMark(line.slice(INDENT.length))] : "";
}

const TYPE_LETTER: Record<EntryType, string> = {
  file: "f",
  directory: "d",
  symlink: "L",
  block: "D",
  char: "D",
  fifo: "S",
  socket: "S",
};

/** The eleven letters. */
export function itemise(change: Change): string {
  const { before, after, kind } = change;
  if (after === null) return "*deleting  ";
  const update = kind === "attributes" ? "." : after.type === "file" ? ">" : "c";
  const letters = before === null ? "+".repeat(9) : compare(change, before, after);
  return update + TYPE_LETTER[after.type] + letters;
}

const SELINUX = "security.selinux";
const isAcl = (name: string) => name.startsWith("system.posix_acl_");

function compare(change: Change, before: Entry, after: Entry): string {
  const names = changedXattrs(before, after);
  const changed: [string, boolean][] = [
    ["c", hasOtherContent(change, before, after)],
    ["s", before.size !== after.size],
    ["t", before.mtime !== after.mtime],
    ["p", before.mode !== after.mode],
    ["o", before.uid !== after.uid],
    ["g", before.gid !== after.gid],
    ["a", names.some(isAcl)],
    ["x", names.some((name) => !isAcl(name) && name !== SELINUX)],
    ["z", names.includes(SELINUX)],
  ];
  return changed.map(([letter, yes]) => yes ? letter : ".").join("");
}

/** A secret path has no hash: there the kind tells. */
function hasOtherContent(change: Change, before: Entry, after: Entry): boolean {
  if (before.type !== after.type) return true;
  if (before.target !== after.target || before.rdev !== after.rdev) return true;
  if (before.sha256 === undefined || after.sha256 === undefined) return change.kind === "modified";
  return before.sha256 !== after.sha256;
}

function changedXattrs(before: Entry, after: Entry): string[] {
  const names = new Set([...Object.keys(before.xattrs), ...Object.keys(after.xattrs)]);
  return [...names].filter((name) => before.xattrs[name] !== after.xattrs[name]).sort();
}

/** What happened, in words, such as `modified, size 3 -> 5, mode 0644 -> 0600`. */
export function describeChange(change: Change): string {
  const { kind, before, after, secret } = change;
  const words: string[] = [];
  if (before === null && after !== null) {
    words.push(named("created", after), ...properties(after, secret));
  } else if (before !== null && after === null) {
    words.push(named("deleted", before));
  } else if (before !== null && after !== null) {
    words.push(kind === "replaced" ? `replaced ${before.type} by ${after.type}` : kind);
    words.push(...differences(change, before, after));
  }
  if (change.contained) words[0] += ` (with ${change.contained} below it)`;
  if (change.unread) words.push("what was there may not be read");
  if (secret) words.push("secret");
  else if (change.binary) words.push("binary");
  if (change.tooLarge) words.push("too large for a hash");
  return words.join(", ");
}

function named(what: string, entry: Entry): string {
  return entry.type === "file" ? what : `${what} ${entry.type}`;
}

function properties(entry: Entry, secret: boolean): string[] {
  const owners = entry.uid < 0 ? [] : [`owner ${owner(entry)}`, `group ${group(entry)}`];
  const words = [`mode ${entry.mode}`, ...owners];
  if (entry.size !== undefined && entry.type === "file") words.push(`size ${entry.size}`);
  if (entry.target !== undefined && !secret) words.push(`target ${shellWord(entry.target)}`);
  if (entry.rdev !== undefined) words.push(`device ${printable(entry.rdev)}`);
  const names = Object.keys(entry.xattrs).sort();
  return [...words, ...names.map((name) => `xattr +${valued(name, entry, secret)}`)];
}

function differences(change: Change, before: Entry, after: Entry): string[] {
  const { secret } = change;
  const words: string[] = [];
  const add = (what: string, from: string | undefined, to: string | undefined) => {
    if (from === to) return;
    words.push(from === undefined ? `${what} ${to}` : `${what} ${from} -> ${to ?? "none"}`);
  };
  const files = before.type === "file" || after.type === "file";
  if (files) add("size", before.size?.toString(), after.size?.toString());
  if (!secret) add("target", show(before.target), show(after.target));
  add("device", show(before.rdev), show(after.rdev));
  add("mode", before.mode, after.mode);
  if (before.uid !== after.uid) add("owner", ...apart(owner, before, after, "uid"));
  if (before.gid !== after.gid) add("group", ...apart(group, before, after, "gid"));
  words.push(...xattrWords(before, after, secret));
  if (words.length === 0 && hasOtherContent(change, before, after)) words.push("other content");
  if (words.length === 0 || change.touched) {
    add("time", printable(before.mtime), printable(after.mtime));
  }
  return words;
}

/** With their values: what a capability or an access list allows is the change. */
function xattrWords(before: Entry, after: Entry, secret: boolean): string[] {
  return changedXattrs(before, after).map((name) => {
    if (!(name in before.xattrs)) return `xattr +${valued(name, after, secret)}`;
    const was = valued(name, before, secret);
    if (!(name in after.xattrs)) return `xattr -${was}`;
    return isHidden(name, secret) ? `xattr ${was}` : `xattr ${was} -> ${valueOf(name, after)}`;
  });
}

function valued(name: string, entry: Entry, secret: boolean): string {
  const word = shellWord(name);
  return isHidden(name, secret) ? word : `${word} ${valueOf(name, entry)}`;
}

function valueOf(name: string, { xattrs }: Entry): string {
  return describeXattr(name, xattrs[name]!);
}

/** What users put there may be the secret itself. */
function isHidden(name: string, secret: boolean): boolean {
  return secret && !/^(security|system)\./.test(name);
}

/** A ball's name; names of balls cannot be taken for anything else, those in a file may. */
function label(ball: string): string {
  return /^\(\w+\)$/.test(ball) ? ball : shellWord(ball);
}

/** Both names, with the numbers where one name has two. */
function apart(
  of: (entry: Entry) => string,
  before: Entry,
  after: Entry,
  id: "uid" | "gid",
): [string, string] {
  const [from, to] = [of(before), of(after)];
  return from === to ? [`${from} (${before[id]})`, `${to} (${after[id]})`] : [from, to];
}

function owner(entry: Entry): string {
  return shellWord(entry.owner ?? String(entry.uid));
}

function group(entry: Entry): string {
  return shellWord(entry.group ?? String(entry.gid));
}

function show(text: string | undefined): string | undefined {
  return text === undefined ? undefined : shellWord(text);
}
