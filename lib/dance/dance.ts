/**
 * A dance: what every stage of it needs to know, and what it gathers as it goes. What a stage finds
 * out, it hands on to the next one: see `values.ts`.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import type { Effect } from "../effects/mod.ts";
import type { Selection } from "../merge/mod.ts";
import { Meter } from "../metrics/mod.ts";
import { usage } from "../posix/mod.ts";
import type { EtaRenderer, Rendered, TemplateView } from "../render/mod.ts";
import { type BallResult, newDanceId, type NotSimulated, type TriedCheck } from "../result/mod.ts";
import { runFolder } from "../state/mod.ts";
import type { Reviewer } from "./choose.ts";
import type { GuardOptions } from "./guard.ts";
import type { SavedPlanOptions } from "./saved_plan.ts";
import { INTERRUPTED } from "./signals.ts";

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

/** In which way the stages are gone through. */
export interface Way {
  /** Each stage is a process of its own: the union stays after this one. */
  readonly isAlone: boolean;
  /** Something may be merged in the end, so the time is marked; never in a dry run. */
  readonly merges: boolean;
  /** Paths that balls deliver no more are looked for. */
  readonly treatsOrphans: boolean;
}

/** The ways that there are. */
export const WAYS = {
  whole: { isAlone: false, merges: true, treatsOrphans: true },
  alone: { isAlone: true, merges: true, treatsOrphans: true },
  shell: { isAlone: false, merges: true, treatsOrphans: false },
  check: { isAlone: false, merges: false, treatsOrphans: false },
} as const satisfies Record<string, Way>;

/** What is gathered on the way, whichever stage it comes from. */
export interface Progress {
  /** The universe, as it was given, once it has been fetched. */
  universe?: string;
  /** Balls that stay out because nobody confirmed them, and why. */
  refused: ReadonlyMap<string, string>;
  /** How each ball ended. */
  balls: Record<string, Omit<BallResult, "name">>;
  /** What the scripts of balls have asked for. */
  effects: Effect[];
  /** What each ball delivered: real paths of files and links. */
  delivered: Record<string, string[]>;
  /** What was tried before the merge. */
  checks: TriedCheck[];
  notSimulated: NotSimulated[];
  error: string | null;
}

/** What a dance begins with. */
export interface Start {
  readonly context: Context;
  readonly id: string;
  readonly options: DanceOptions;
  readonly way: Way;
  readonly meter: Meter;
  readonly progress: Progress;
  /** Ends scripts and stages early. */
  readonly interrupt: AbortController;
  /** Paths that were in conflict in earlier tries; see `begin` of the merge. */
  readonly contested: readonly string[];
  /** Balls that are failed without being applied, and why. */
  readonly excluded: ReadonlyMap<string, string>;
  /** What renders Eta templates and what they see, each once it is needed. */
  readonly templates: Templates;
}

/** The Eta templates of a dance. */
export interface Templates {
  eta: EtaRenderer | null;
  view: TemplateView | null;
  /** What is being rendered before its turn, by ball. */
  readonly ahead: Map<string, Promise<Rendered>>;
}

/** Nothing has been rendered; `eta` is what will do it, if it has been started. */
export function noTemplates(eta: EtaRenderer | null = null): Templates {
  return { eta, view: null, ahead: new Map() };
}

/** One dance; all values that its stages hand on are such. */
export class Dance implements Start {
  readonly context: Context;
  readonly id: string;
  readonly options: DanceOptions;
  readonly way: Way;
  readonly meter: Meter;
  readonly progress: Progress;
  readonly interrupt: AbortController;
  readonly contested: readonly string[];
  readonly excluded: ReadonlyMap<string, string>;
  readonly templates: Start["templates"];

  constructor(start: Start) {
    this.context = start.context;
    this.id = start.id;
    this.options = start.options;
    this.way = start.way;
    this.meter = start.meter;
    this.progress = start.progress;
    this.interrupt = start.interrupt;
    this.contested = start.contested;
    this.excluded = start.excluded;
    this.templates = start.templates;
  }

  /** A new dance; nothing is on disk yet. Several can be ended by one `interrupt`. */
  static begin(context: Context, options: DanceOptions, start: Partial<Start> = {}): Dance {
    return new Dance({
      context,
      id: newDanceId(),
      options,
      way: WAYS.whole,
      meter: new Meter({ began: Date.now(), metrics: [], usage }),
      progress: emptyProgress(),
      interrupt: new AbortController(),
      contested: [],
      excluded: new Map(),
      templates: noTemplates(),
      ...start,
    });
  }

  /** The folder in DISCO's run root: what is gone with the dance. */
  get folder(): string {
    return runFolder(this.context, this.id);
  }

  /** The folder in DISCO's var root: what is kept of the dance. */
  get record(): string {
    return `${this.context.roots.dances}/${this.id}`;
  }

  /** Whether the dance has been asked to end. */
  checkInterrupt(): void {
    if (this.interrupt.signal.aborted) {
      throw new DiscoError(INTERRUPTED);
    }
  }
}

/** Nothing is known yet. */
export function emptyProgress(): Progress {
  return {
    refused: new Map(),
    balls: {},
    effects: [],
    delivered: {},
    checks: [],
    notSimulated: [],
    error: null,
  };
}
