/**
 * The fetch: from a server's universe to the local store.
 *
 * A fetch that finds nothing new costs three dry calls of rsync, in parallel: the node's parameters,
 * its groups and its balls of last time are compared with the server's, and when all are the same,
 * so are the groups, `modules` and `requires` in them, and nothing is written. Otherwise the walk
 * starts from the node and fetches only what differs. In a universe on this machine the comparison is
 * a look at its files, and what the walk will need can be foreseen and brought at once.
 *
 * @module
 */
import { join } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { mergeTrees, type ParamsTree } from "../params/mod.ts";
import type { Kind } from "./address.ts";
import { connect } from "./connect.ts";
import { type Fetched, readFetched } from "../state/fetched.ts";
import { foresee } from "./foresee.ts";
import { type FetchProgress, Gauge } from "./gauge.ts";
import { refuseLost } from "./lost_source.ts";
import { Mirror } from "./mirror.ts";
import { Store } from "./store.ts";
import { walk } from "./walk.ts";

/** What a step of the fetch took. */
export interface FetchStep {
  /** `check`, `parameters`, `groups`, `balls wave 1`, `merge`... */
  name: string;
  /** Wall time. */
  seconds: number;
  /** Received. */
  bytes?: number;
}

/** What a fetch is asked for besides. */
export interface FetchWish {
  /** Balls to bring besides those of the node, which the server then need not list. */
  readonly asked?: readonly string[];
  /** Whether the universe may have lost most of what the node had of it. */
  readonly allowRemovals?: boolean;
  /** Called often while something comes; without it, rsync is not asked how far it is. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** What a fetch brought, and what of it is new. */
export interface FetchResult extends Fetched {
  /** Names of what was new or different on the server. */
  changed: Record<Kind, string[]>;
}

/**
 * Bring the node's universe here. Afterwards each ball is in `<localstore>/<ball>`, the trees of the
 * node and its groups in `<var>/universe/parameters/<listedAs>` and `<var>/universe/groups/<group>`,
 * and what they and the balls' defaults say together in `<parameters>/<node>`. When anything fails,
 * all of that stays as it was. Throws a {@linkcode DiscoError}; with code 4 while another fetch is
 * in progress. A fetch with balls that are `asked` for needs a state of its own.
 */
export async function fetchUniverse(
  context: Context,
  onStep: (step: FetchStep) => void = () => {},
  { asked = [], allowRemovals = false, onProgress }: FetchWish = {},
): Promise<FetchResult> {
  const { node, roots } = context;
  if (node === "disco") {
    throw new DiscoError('Cannot fetch for node "disco": "disco" holds the client\'s settings', {
      hint: "give another name with --node, DISCO_NODE or disco/client/node",
    });
  }
  using store = new Store(context);
  const last = readFetched(context);
  const gauge = onProgress && new Gauge(onProgress);
  const { remote, listedAs } = connect(context, last?.server, store.work, gauge);
  const mirror = new Mirror(remote, store);
  const timed = (name: string, action: () => Promise<number | void> | void) => {
    gauge?.begin(name);
    return timedStep(name, onStep, action);
  };

  if (last?.node === node && last.listedAs === listedAs && isAsked(last, asked)) {
    await timed("check", () => compareAll(mirror, last));
    if (isSame(mirror, last) && last.server === remote.name) {
      // A person may have edited the merged tree; this writes only if so.
      const clashes = mergeTrees(sources(store, last), join(roots.parameters, node));
      return { ...last, ...withNotes(last, clashes), changed: mirror.changed };
    }
  }
  const foreseen = foresee(remote.server, listedAs, remote.rsync.budget.limits);
  if (foreseen) await timed("at once", () => mirror.obtainAll(foreseen));
  const found = await walk(mirror, listedAs, asked, timed);
  const fetched: Fetched = { schema: 1, node, server: remote.name, ...found };
  if (last && !allowRemovals) refuseLost(last, fetched);
  let clashes: string[] = [];
  await timed("merge", () => {
    clashes = mergeTrees(sources(store, fetched), store.mergedStaging);
    store.commit(fetched);
  });
  return { ...fetched, ...withNotes(fetched, clashes), changed: mirror.changed };
}

function withNotes({ notes = [] }: Fetched, clashes: readonly string[]): Pick<Fetched, "notes"> {
  return notes.length + clashes.length > 0 ? { notes: [...notes, ...clashes] } : {};
}

/** Whether the same balls were asked for last time. */
function isAsked({ listed }: Fetched, asked: readonly string[]): boolean {
  const before = listed.filter(({ by }) => by.kind === "asked").map(({ ball }) => ball);
  return before.length === asked.length && asked.every((ball) => before.includes(ball));
}

/** Compare all items of last time at once. */
async function compareAll(mirror: Mirror, last: Fetched): Promise<void> {
  const outcomes = await Promise.allSettled([
    mirror.compare("parameters", [last.listedAs]),
    mirror.compare("groups", last.groups),
    mirror.compare("balls", last.balls),
  ]);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

function isSame(mirror: Mirror, last: Fetched): boolean {
  return mirror.isSame("parameters", [last.listedAs]) && mirror.isSame("groups", last.groups) &&
    mirror.isSame("balls", last.balls);
}

/** The trees that make the merged one, least important first. */
function sources(store: Store, { balls, groups, listedAs }: Fetched): ParamsTree[] {
  const of = (kind: Kind, name: string, below = "") => ({
    dir: join(store.find(kind, name), below),
    shown: join(kind, name, below),
  });
  return [
    ...balls.map((ball) => of("balls", ball, "parameters")),
    ...groups.map((group) => of("groups", group)),
    of("parameters", listedAs),
  ];
}

async function timedStep(
  name: string,
  onStep: (step: FetchStep) => void,
  action: () => Promise<number | void> | void,
): Promise<void> {
  const start = performance.now();
  const bytes = await action();
  const seconds = (performance.now() - start) / 1000;
  onStep(typeof bytes === "number" ? { name, seconds, bytes } : { name, seconds });
}
