/**
 * A dance in progress: what the stages hand to one another, in memory during a whole dance, in a
 * file of the run folder between stages that run alone.
 *
 * @module
 */
import { type Ball, readBall } from "../ball/mod.ts";
import type { Difference } from "../changes/mod.ts";
import type { Context } from "../context/mod.ts";
import type { Due, Owed } from "../due/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { type Effect, Policies } from "../effects/mod.ts";
import type { Observation, Selection, Transaction } from "../merge/mod.ts";
import { Meter, type Metric } from "../metrics/mod.ts";
import type { DeliveredRecord } from "../state/mod.ts";
import {
  type BallResult,
  type EffectResult,
  newDanceId,
  type NotSimulated,
  type Orphan,
  redactChange,
  type TriedCheck,
} from "../result/mod.ts";
import type { Plan } from "../plan/mod.ts";
import { usage } from "../posix/mod.ts";
import type { EtaRenderer, TemplateView } from "../render/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Chroot } from "../sandbox/mod.ts";
import type { Reviewer } from "./choose.ts";
import type { GuardOptions } from "./guard.ts";
import type { SavedPlanOptions } from "./saved_plan.ts";
import { INTERRUPTED } from "./signals.ts";
import { currentDance, runFolder, setCurrentDance } from "../state/mod.ts";
import { jsonPieces } from "../terminal/mod.ts";
import type { FetchResult } from "../transport/mod.ts";
import type { EnteredUnion, UnionState } from "../union/mod.ts";

/** How a dance was asked for. */
export interface DanceOptions extends GuardOptions, SavedPlanOptions {
  /** Go on with balls that do not depend on a failed one, and merge those. */
  readonly keepGoing: boolean;
  /** Milliseconds after which the merge is undone, unless it is confirmed. */
  readonly confirm?: number;
  /** The command that confirms the merge, or has it undone. */
  readonly confirmBy?: readonly string[];
  /** Merge only a part of the changes. */
  readonly selection?: Selection;
  /** Work out the diffs of secrets, too, for a person to see; they are never kept. */
  readonly showSecrets?: boolean;
  /** Asks for each change (whole trees count as one) whether it is merged. */
  readonly review?: Reviewer;
}

/** What the stages have found out so far. */
export interface Progress {
  /** The universe, as it was given, once it has been fetched. */
  universe?: string;
  plan: Plan | null;
  chroot: Chroot | null;
  balls: Record<string, Omit<BallResult, "name">>;
  effects: Effect[];
  /** What of it, and which reactions, the changes call for; null until they are known. */
  wanted: Effect[] | null;
  results: EffectResult[];
  /** What was tried before the merge. */
  checks: TriedCheck[];
  /** What each ball delivered: real paths of files and links. */
  delivered: Record<string, string[]>;
  orphans: Orphan[];
  /** Where a part was chosen: balls of which nothing is merged; their post scripts do not run. */
  leftOut: string[] | null;
  /** What is owed of this dance and of earlier ones. */
  owed: Owed[];
  notSimulated: NotSimulated[];
  difference: Difference | null;
  transaction: Transaction | null;
  /** The live root as it was before the union was mounted. */
  observed: Observation | null;
  generation: string | null;
  error: string | null;
}

interface SavedDance {
  readonly schema: 1;
  readonly id: string;
  readonly noop: boolean;
  readonly began: number;
  readonly options: DanceOptions;
  readonly metrics: readonly Metric[];
  readonly progress: Progress;
  readonly union: UnionState | null;
}

/** One dance. */
export class Dance {
  readonly context: Context;
  readonly id: string;
  readonly options: DanceOptions;
  /** What a person allows; a stage that runs alone has its own. */
  guards: GuardOptions;
  readonly meter: Meter;
  readonly progress: Progress;
  /** Ends scripts and stages early. */
  readonly interrupt: AbortController;
  /** The union, while this process is in its namespace. */
  entered: EnteredUnion | null = null;
  /** What renders Eta templates, once one is needed. */
  eta: EtaRenderer | null = null;
  /** What Eta templates see, once one is needed. */
  view: TemplateView | null = null;
  /** What was fetched, by this try or by an earlier one. */
  fetched: FetchResult | null = null;
  /** Paths that were in conflict in earlier tries; see `begin` of the merge. */
  contested: readonly string[] = [];
  /** What was delivered before, once it is known. */
  delivered: DeliveredRecord | undefined;
  /** What is due once the changes are merged, as the journal has it. */
  due: Due | null = null;
  /** Balls that are failed without being applied, and why. */
  excluded: ReadonlyMap<string, string> = new Map();
  /** Balls that stay out because nobody confirmed them, and why. */
  refused: ReadonlyMap<string, string> = new Map();
  /** Whether it has been taken down: there is nothing for a next stage. */
  isOver = false;
  /** The union as another process left it. */
  union: UnionState | null = null;
  readonly #balls = new Map<string, Ball>();
  #policies: Policies | undefined;

  private constructor(
    context: Context,
    saved: Omit<SavedDance, "schema">,
    interrupt = new AbortController(),
  ) {
    this.interrupt = interrupt;
    this.context = { ...context, noop: saved.noop };
    this.id = saved.id;
    this.options = saved.options;
    this.guards = saved.options;
    this.meter = new Meter({ began: saved.began, metrics: saved.metrics, usage });
    this.progress = saved.progress;
    this.union = saved.union;
  }

  /** A new dance; nothing is on disk yet. Several can be ended by one `interrupt`. */
  static begin(context: Context, options: DanceOptions, interrupt?: AbortController): Dance {
    const saved = {
      id: newDanceId(),
      noop: context.noop,
      began: Date.now(),
      options,
      metrics: [],
      progress: emptyProgress(),
      union: null,
    };
    return new Dance(context, saved, interrupt);
  }

  /** The dance that the last stage left, or undefined. */
  static current(context: Context): Dance | undefined {
    try {
      const id = currentDance(context);
      if (id === undefined) return undefined;
      const path = `${runFolder(context, id)}/dance.json`;
      const saved = JSON.parse(Deno.readTextFileSync(path)) as SavedDance;
      return saved.schema === 1 ? new Dance(context, saved) : undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw new DiscoError(`Cannot read the dance in progress: ${messageOf(error)}`, {
        hint: "take it down with fs-unmount",
      });
    }
  }

  /** The dance that the last stage left; an error that names the stage to begin with without one. */
  static inProgress(context: Context, first: string): Dance {
    const dance = Dance.current(context);
    if (dance) return dance;
    throw new DiscoError("Cannot go on: no dance is in progress", {
      hint: `begin with ${first}`,
      code: 3,
    });
  }

  /** Write down everything that the next stage needs. */
  save(): void {
    const { id, options, meter, progress, context } = this;
    Deno.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const saved: SavedDance = {
      schema: 1,
      id,
      noop: context.noop,
      began: meter.began,
      options,
      metrics: meter.list,
      progress: withoutSecrets(progress),
      union: this.entered?.union.state ?? this.union,
    };
    writeOwn(`${this.folder}/dance.json`, jsonPieces(saved));
    setCurrentDance(context, id);
  }

  /** The folder in DISCO's run root: what is gone with the dance. */
  get folder(): string {
    return runFolder(this.context, this.id);
  }

  /** The folder in DISCO's var root: what is kept of the dance. */
  get record(): string {
    return `${this.context.roots.dances}/${this.id}`;
  }

  /** Whether it ends for the way it was asked for, with nothing merged: then nothing is kept of it. */
  isUsedWrongly(error: unknown): boolean {
    return error instanceof DiscoError && error.code === 3 && this.progress.generation === null;
  }

  /** The names of the balls, in the order of the plan. */
  get order(): string[] {
    return this.planned.order.map(({ name }) => name);
  }

  /** The plan; it is an error to ask before there is one. */
  get planned(): Plan {
    if (this.progress.plan) return this.progress.plan;
    throw new DiscoError("Cannot go on: there is no plan", { hint: "run the stage plan", code: 3 });
  }

  /** A ball of the plan, read once from the local store. */
  ball(name: string): Ball {
    const known = this.#balls.get(name);
    if (known) return known;
    if (!this.order.includes(name)) {
      throw new DiscoError(`Cannot apply ball "${name}": it is not in the plan`, {
        code: 3,
        hint: `the plan has ${this.order.join(", ")}`,
      });
    }
    const ball = readBall(`${this.context.roots.localstore}/${name}`, name);
    this.#balls.set(name, ball);
    return ball;
  }

  /** What becomes of the commands of each ball; read once, after the fetch. */
  get policies(): Policies {
    const { roots, node } = this.context;
    return this.#policies ??= new Policies({
      etc: roots.etc,
      params: `${roots.parameters}/${node}`,
    });
  }

  /** The union that this process has entered; it is an error to ask before. */
  get mounted(): EnteredUnion["union"] {
    if (this.entered) return this.entered.union;
    throw new DiscoError("Cannot go on: the union is not mounted", {
      hint: "run the stage fs-mount",
      code: 3,
    });
  }

  /** Whether the dance has been asked to end. */
  checkInterrupt(): void {
    if (this.interrupt.signal.aborted) {
      throw new DiscoError(INTERRUPTED);
    }
  }
}

/** What a person was shown of secrets is not handed on. */
function withoutSecrets(progress: Progress): Progress {
  const { difference } = progress;
  if (difference === null) return progress;
  return {
    ...progress,
    difference: { ...difference, changes: difference.changes.map(redactChange) },
  };
}

function emptyProgress(): Progress {
  return {
    plan: null,
    chroot: null,
    balls: {},
    effects: [],
    wanted: null,
    results: [],
    checks: [],
    delivered: {},
    orphans: [],
    leftOut: null,
    owed: [],
    notSimulated: [],
    difference: null,
    transaction: null,
    observed: null,
    generation: null,
    error: null,
  };
}
