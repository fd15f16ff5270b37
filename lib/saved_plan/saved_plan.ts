/**
 * A saved plan: what a dry run predicted, so that a later dance merges that and nothing else.
 *
 * @module
 */
import type { Change, ChangeKind, Entry } from "../result/mod.ts";
import { type Tree, walk } from "../door/mod.ts";
import type { Effect } from "../effects/mod.ts";

/** What a path is on one side, without its times; of secrets hashes with salt stand for the values. */
export type PlannedEntry = Omit<Entry, "mtime">;

/** A change as a plan has it. */
export interface PlannedChange {
  /** Absolute. */
  readonly path: string;
  /** What happens to it. */
  readonly kind: ChangeKind;
  /** The balls that do it. */
  readonly balls: readonly string[];
  /** The base: what is live before; null if it is created. */
  readonly before: PlannedEntry | null;
  /** The outcome; null if it is deleted. */
  readonly after: PlannedEntry | null;
  /** A hash of all that lies below a directory which goes. */
  readonly below: string | null;
}

/** An effect, or a post script, as a plan has it. */
export interface PlannedEffect {
  /** The ball that asks for it. */
  readonly ball: string;
  /** The script that asks for it, relative to the ball. */
  readonly script: string;
  /** The folder that it runs in. */
  readonly cwd: string;
  /** The command line. */
  readonly argv: readonly string[];
  /** A hash with salt of what it reads from standard input. */
  readonly input: string | null;
  /** A hash with salt of the variables that it is given. */
  readonly environment: string | null;
}

/** The universe that a plan was made with: hashes of the merged parameters and of each ball. */
export interface PlannedUniverse {
  /** Of the node's merged parameters. */
  readonly parameters: string;
  /** By the name of the ball. */
  readonly balls: Readonly<Record<string, string>>;
}

/** The document. */
export interface SavedPlan {
  /** The version of this document. */
  readonly schema: 1;
  /** The dry run that made it. */
  readonly dance: string;
  /** The node that it is for. */
  readonly node: string;
  /** The tree that it is for. */
  readonly root: string;
  /** When, ISO 8601 in UTC. */
  readonly made: string;
  /** What hashes of secrets begin with. */
  readonly salt: string;
  /** What was applied. */
  readonly universe: PlannedUniverse;
  /** Sorted by path. */
  readonly changes: readonly PlannedChange[];
  /** In the order in which they are carried out. */
  readonly effects: readonly PlannedEffect[];
}

/** What a plan is made of. */
export interface Outcome {
  readonly universe: PlannedUniverse;
  /** With the hashes of secrets. */
  readonly changes: readonly Change[];
  readonly effects: readonly Effect[];
  readonly live: Tree;
}

/** The parts of a plan that are compared, with secrets behind a salt. */
export async function planned(
  { universe, changes, effects, live }: Outcome,
  salt: string,
): Promise<Pick<SavedPlan, "universe" | "changes" | "effects">> {
  const hide = (text: string) => digest(`${salt}\0${text}`);
  return {
    universe,
    changes: await Promise.all(changes.map((change) => plannedChange(change, live, hide))),
    effects: await Promise.all(effects.map((effect) => plannedEffect(effect, hide))),
  };
}

/** A new salt. */
export function newSalt(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}

type Hide = (text: string) => Promise<string>;

async function plannedChange(change: Change, live: Tree, hide: Hide): Promise<PlannedChange> {
  const { path, kind, balls, before, after, secret, contained } = change;
  return {
    path,
    kind,
    balls,
    before: before && await plannedEntry(before, secret ? hide : undefined),
    after: after && await plannedEntry(after, secret ? hide : undefined),
    below: contained ? await hashBelow(live, path) : null,
  };
}

/** A file system lists extended attributes in an order of its own. */
async function plannedEntry(entry: Entry, hide: Hide | undefined): Promise<PlannedEntry> {
  const { mtime: _time, xattrs, ...rest } = entry;
  const sorted = Object.fromEntries(Object.entries(xattrs).sort(([a], [b]) => a < b ? -1 : 1));
  if (!hide) return { ...rest, xattrs: sorted };
  return {
    ...rest,
    ...rest.sha256 === undefined ? {} : { sha256: await hide(rest.sha256) },
    ...rest.target === undefined ? {} : { target: await hide(rest.target) },
    xattrs: await hiddenValues(sorted, hide),
  };
}

async function hiddenValues(
  values: Readonly<Record<string, string>>,
  hide: Hide,
): Promise<Record<string, string>> {
  const pairs = Object.entries(values).map(async ([name, value]) => [name, await hide(value)]);
  return Object.fromEntries(await Promise.all(pairs));
}

async function plannedEffect(effect: Effect, hide: Hide): Promise<PlannedEffect> {
  const { ball, script, cwd, argv, input, environment } = effect;
  return {
    ball,
    script,
    cwd,
    argv,
    input: input === undefined ? null : await hide(input),
    environment: environment === undefined
      ? null
      : await hide(JSON.stringify(Object.entries(environment).sort())),
  };
}

const BOUNDS = { entries: 1_000_000, levels: 250 };

/** Names, kinds, owners, sizes and times: who changed something there is noticed. */
async function hashBelow(live: Tree, folder: string): Promise<string> {
  const parts = [...walk(live, folder, BOUNDS)].map(({ path, stat }) => {
    const { type, mode, uid, gid, size, mtime } = stat;
    return `${path}\0${type} ${mode} ${uid} ${gid} ${type === "file" ? `${size} ${mtime}` : ""}`;
  });
  return await digest(parts.join("\0"));
}

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
