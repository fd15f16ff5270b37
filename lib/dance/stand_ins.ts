/**
 * What stands in for a command in the sandbox must not reach the live root, nor what a script makes of
 * it, nor the places that only the sandbox has.
 *
 * @module
 */
import { type Change, DANCE_ID } from "../result/mod.ts";
import type { Difference } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { isOwnTarget, STAND_IN_MARK } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { nameOf } from "../posix/mod.ts";
import { ADVICE, type Refusal } from "../sandbox/mod.ts";
import { printable } from "../terminal/mod.ts";
import { archivesStandIn } from "./archived_stand_ins.ts";
import type { Mounted } from "./values.ts";

/** How a stand-in shows in the diff of a file that has got it. */
const IN_DIFF = `\n+${STAND_IN_MARK.split("\n")[1]}`;
/** No stand-in is longer, in bytes. */
const LONGEST = 1 << 16;

/** Places that only the sandbox has; `$(command -v ip)` and `$PATH` hold such. */
const OWN_PLACE = new RegExp(
  `/run/disco/(bin|by-name|shims|strict|real|live|ball|out|ask|effects|time|${DANCE_ID})` +
    "\\b[^\\s:;,\"'`<>|&)]*|\\bdisco-union\\b",
  "g",
);
/** A text without one of these holds no such place. */
const SIGNS = ["/run/disco/", "disco-union"];
/** What to do instead, by what the place shows that was looked at. */
const INSTEAD: readonly (readonly [place: RegExp, hint: string])[] = [
  [
    /^disco-union|^\/run\/disco\/(\d|live)/,
    "it looks at the mounts of the sandbox (/proc/mounts, /etc/mtab): ask findmnt, or mount",
  ],
  [
    /apt\.conf$/,
    "it looks at the environment of the sandbox, of which APT_CONFIG is a part: name the variables " +
    "that are meant",
  ],
  [
    /^/,
    "name the command by its own path, such as /usr/sbin/ip, and a search path by its folders; " +
    "`command -v` and $PATH are the sandbox's (a file in files/ may hold anything)",
  ],
];
/** Bytes of a text that are looked at for them, where no diff shows what is new. */
const LONGEST_TEXT = 1 << 20;
/** Nothing relies on what is there; and DISCO's own code names its places. */
const NOT_LOOKED_AT = /^\/var\/(log|cache)\/|\/\.bash_history$|\/disco(\/|[^/]*$)/;

/** Throw if a ball has copied a stand-in, or a link to one, or names a place that only the sandbox has. */
export async function refuseStandIns({ changes }: Difference, dance: Mounted): Promise<void> {
  using tree = new Tree(dance.mounted.mountpoint);
  for (const change of changes) {
    if (await isStandIn(change, tree)) throw copyError(change, tree);
  }
  refusePlaces(changes, tree, dance);
}

/** Fail a ball whose script has read what stands in for a command: what it made of it is wrong. */
export function requireNoStandIn(
  ball: string,
  script: string,
  refusals: readonly Refusal[],
): void {
  const read = refusals.find(({ kind }) => kind === "stand-in");
  if (!read) return;
  throw new DiscoError(`Cannot apply ball "${ball}": ${printable(script)}: ${read.what}`, {
    hint: ADVICE["stand-in"],
  });
}

function refusePlaces(changes: readonly Change[], tree: Tree, dance: Mounted): void {
  using live = new Tree(dance.mounted.root);
  for (const change of changes) {
    const place = newPlace(change, tree, live);
    if (place === undefined || isDelivered(change, dance)) continue;
    throw new DiscoError(
      `Cannot merge "${printable(change.path)}" of ball ${ballsOf(change)}: it holds ` +
        `"${printable(place)}", which only the sandbox has`,
      { hint: INSTEAD.find(([pattern]) => pattern.test(place))![1] },
    );
  }
}

/** A place of the sandbox that a text holds more often than before. */
function newPlace(change: Change, tree: Tree, live: Tree): string | undefined {
  const { path, kind, before, after, diff, diffCut = 0, binary = false } = change;
  if (after?.type !== "file" || kind === "attributes" || NOT_LOOKED_AT.test(path)) return undefined;
  if (diff !== null && diffCut === 0) return newOf(linesOf(diff, "-"), linesOf(diff, "+"));
  if (binary && (after.size ?? 0) > LONGEST_TEXT) return undefined;
  const now = textOf(tree, path);
  if (!SIGNS.some((sign) => now.includes(sign))) return undefined;
  return newOf(before?.type === "file" ? textOf(live, path) : "", now);
}

function newOf(before: string, after: string): string | undefined {
  const places = after.match(OWN_PLACE) ?? [];
  return places.length > (before.match(OWN_PLACE) ?? []).length ? places[0] : undefined;
}

function linesOf(diff: string, sign: "+" | "-"): string {
  if (!SIGNS.some((word) => diff.includes(word))) return "";
  return diff.split("\n").filter((line) => line.startsWith(sign)).join("\n");
}

/** The content of a text; nothing of what is binary, or too long. */
function textOf(tree: Tree, path: string): string {
  const bytes = tree.read(path, LONGEST_TEXT);
  return bytes === undefined || bytes.includes(0) ? "" : nameOf(bytes);
}

/** Whether the author of a ball wrote it so: its own file holds such a place, too. */
function isDelivered({ path, balls }: Change, dance: Mounted): boolean {
  return balls.filter((name) => dance.order.includes(name)).some((name) => {
    using ball = new Tree(dance.ball(name).dir);
    return ball.stat(`/files${path}`)?.type === "file" &&
      textOf(ball, `/files${path}`).search(OWN_PLACE) >= 0;
  });
}

function ballsOf({ balls }: Change): string {
  return balls.map((ball) => `"${ball}"`).join(", ");
}

function copyError(copy: Change, tree: Tree): DiscoError {
  const what = `Cannot merge "${printable(copy.path)}" of ball ${ballsOf(copy)}: it is a copy of ` +
    "what stands in for a command in the sandbox";
  if (copy.after?.type === "symlink") {
    return new DiscoError(
      `${what}, or leads to "${printable(tree.readlink(copy.path))}", which only the sandbox has`,
      { hint: "name the command, or the file, by its own path, such as /usr/sbin/ip" },
    );
  }
  return new DiscoError(`${what}, not of the command`, {
    hint: "copy, link, archive or change managers of services (systemctl, service) in post/",
  });
}

async function isStandIn(
  { path, kind, after, diff, secret, binary }: Change,
  tree: Tree,
): Promise<boolean> {
  if (after === null || kind === "attributes") return false;
  if (after.type === "symlink") return isOwnTarget(tree.readlink(path));
  if (after.type !== "file") return false;
  if (diff !== null) return diff.includes(IN_DIFF);
  if ((binary || secret) && await archivesStandIn(tree, path)) return true;
  // Of a secret there is no diff.
  return secret && nameOf(tree.read(path, LONGEST) ?? new Uint8Array()).startsWith(STAND_IN_MARK);
}
