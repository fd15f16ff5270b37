/**
 * The dance between stages that run alone: `<run>/<id>/dance.json` keeps the value that the last stage
 * has handed on, without what other processes cannot have.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Observation, Transaction } from "../merge/mod.ts";
import { Meter, type Metric } from "../metrics/mod.ts";
import type { Plan } from "../plan/mod.ts";
import { usage } from "../posix/mod.ts";
import { redactChange } from "../result/mod.ts";
import type { Chroot } from "../sandbox/mod.ts";
import {
  currentDance,
  type Fetched as FetchedUniverse,
  runFolder,
  setCurrentDance,
} from "../state/mod.ts";
import { jsonPieces } from "../terminal/mod.ts";
import { openUnion, type UnionState } from "../union/mod.ts";
import { Dance, type DanceOptions, emptyProgress, type Progress, WAYS } from "./dance.ts";
import { PlannedBalls } from "./planned_balls.ts";
import {
  Applied,
  Compared,
  type Comparison,
  Fetched,
  Listed,
  type Listing,
  Merged,
  Mounted,
  type Outcome,
  Planned,
  Ready,
} from "./values.ts";

interface AtMounted {
  readonly fetched: FetchedUniverse;
  readonly plan: Plan;
  readonly union: UnionState;
  readonly observed: Observation | null;
  readonly transaction: Transaction | null;
}

interface AtReady extends AtMounted {
  readonly chroot: Chroot;
}

interface AtListed extends AtReady {
  readonly comparison: Comparison;
  readonly listing: Listing;
}

/** What has been found out, by how far the dance has come. */
type Found =
  | { readonly at: "mounted" } & AtMounted
  | { readonly at: "ready" } & AtReady
  | { readonly at: "listed" } & AtListed
  | { readonly at: "merged"; readonly outcome: Outcome } & AtListed;

interface Session {
  readonly schema: 2;
  readonly noop: boolean;
  readonly began: number;
  readonly metrics: readonly Metric[];
  readonly progress: Omit<Progress, "refused">;
  readonly found: Found;
}

/** Keep a value for the next stage. */
export function saveSession(dance: Mounted): void {
  const { context, id, meter } = dance;
  const { refused: _, ...progress } = dance.progress;
  const session: Session = {
    schema: 2,
    noop: context.noop,
    began: meter.began,
    metrics: meter.list,
    progress,
    found: foundBy(dance),
  };
  writeOwn(sessionPath(context, id), jsonPieces(session));
  setCurrentDance(context, id);
}

/** The id of the dance in progress; undefined where none is, or another DISCO has left it. */
export function danceInProgress(context: Context): string | undefined {
  const id = currentDance(context);
  return id !== undefined && readSession(context, id) ? id : undefined;
}

/**
 * The value that the last stage has left, inside its union; undefined where no dance is in progress.
 * The options are those of the stage that goes on.
 */
export function loadSession(context: Context, options: DanceOptions): Mounted | undefined {
  const id = currentDance(context);
  const session = id === undefined ? undefined : readSession(context, id);
  if (id === undefined || session === undefined) return undefined;
  const { noop, began, metrics, progress, found } = session;
  const dance = Dance.begin({ ...context, noop }, options, {
    id,
    way: WAYS.alone,
    meter: new Meter({ began, metrics, usage }),
    progress: { ...emptyProgress(), ...progress },
  });
  return valueOf(dance, found);
}

function foundBy(dance: Mounted): Found {
  const { fetched, plan, mounted, union: { observed, transaction } } = dance;
  const atMounted = { fetched, plan, union: mounted.state, observed, transaction };
  if (!(dance instanceof Ready)) return { at: "mounted", ...atMounted };
  const atReady = { ...atMounted, chroot: dance.chroot };
  if (!(dance instanceof Listed)) return { at: "ready", ...atReady };
  const { comparison, listing: { wanted }, results } = dance;
  const atListed = {
    ...atReady,
    comparison: withoutSecrets(comparison),
    listing: { wanted, results },
  };
  if (!(dance instanceof Merged)) return { at: "listed", ...atListed };
  return { at: "merged", ...atListed, outcome: dance.outcome };
}

/** What a person was shown of secrets is not handed on. */
function withoutSecrets(comparison: Comparison): Comparison {
  const { difference } = comparison;
  const changes = difference.changes.map(redactChange);
  return { ...comparison, difference: { ...difference, changes } };
}

function valueOf(dance: Dance, found: Found): Mounted {
  const { fetched, plan, observed, transaction } = found;
  const planned = new Planned(
    new Fetched(dance, fetched),
    new PlannedBalls(dance.context, plan),
  );
  const entered = openUnion(dance.folder, found.union);
  const mounted = new Mounted(planned, { entered, observed, transaction });
  if (found.at === "mounted") return mounted;
  const ready = new Ready(mounted, found.chroot);
  if (found.at === "ready") return ready;
  const listed = new Listed(new Compared(new Applied(ready), found.comparison), found.listing);
  return found.at === "listed" ? listed : new Merged(listed, found.outcome);
}

function readSession(context: Context, id: string): Session | undefined {
  try {
    const session = JSON.parse(Deno.readTextFileSync(sessionPath(context, id))) as Session;
    return session.schema === 2 ? session : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new DiscoError(`Cannot read the dance in progress: ${messageOf(error)}`, {
      hint: "a whole dance throws it away",
    });
  }
}

function sessionPath(context: Context, id: string): string {
  return `${runFolder(context, id)}/dance.json`;
}
