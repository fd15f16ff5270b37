/**
 * How far what is due has come.
 *
 * @module
 */
import type { Due, DueEffect } from "./due.ts";
import type { Log, Noted } from "./log.ts";

/** What became of an effect so far. */
export type EffectState =
  | { readonly kind: "left" | "done" | "forgotten" }
  /** It was begun, and has no end yet. */
  | { readonly kind: "begun"; readonly tried: number }
  | OwedState;

/** An effect that failed, or must not be repeated without a person's word. */
export interface OwedState {
  readonly kind: "owed";
  /** When it failed first, ISO 8601 in UTC. */
  readonly since: string;
  /** How often it was begun. */
  readonly tried: number;
  readonly error: string;
  /** Whether it waits for a person: it was cut off, and may not be one that can run twice. */
  readonly isHeld: boolean;
}

/** What is due of one dance, and how far it has come. */
export interface DueState {
  readonly id: string;
  readonly due: Due;
  /** One for each of its effects. */
  readonly effects: readonly EffectState[];
  /** Whether the record of delivered files has been written. */
  readonly isDelivered: boolean;
  readonly isConfirmed: boolean;
}

/** What a log says about what is due. Of a damaged one no effect is carried out by itself. */
export function stateOf(id: string, due: Due, { events, isDamaged }: Log): DueState {
  const ofEffect = (i: number) => events.filter((event) => numberOf(event) === i);
  const stateOfEffect = isDamaged ? heldState : effectState;
  return {
    id,
    due,
    effects: due.effects.map((_, i) => stateOfEffect(ofEffect(i))),
    // Where there are effects, a later dance may have written a newer record meanwhile.
    isDelivered: isDamaged && due.effects.length > 0 ||
      events.some(({ event }) => event === "delivered"),
    isConfirmed: events.some(({ event }) => event === "confirmed"),
  };
}

/** What is not known to be over waits for a person: it may have been carried out. */
function heldState(log: readonly Noted[]): EffectState {
  const state = effectState(log);
  if (state.kind === "done" || state.kind === "forgotten") return state;
  const tried = log.filter(({ event }) => event === "begun").length;
  const since = log[0]?.at ?? new Date(0).toISOString();
  const error = state.kind === "owed" && tried > 0 ? `${state.error}; ${DAMAGED}` : DAMAGED;
  return { kind: "owed", since, tried, error, isHeld: true };
}

const DAMAGED = "may have been carried out: its log is damaged; look";

function numberOf(event: Noted): number | undefined {
  return "effect" in event ? event.effect : undefined;
}

function effectState(log: readonly Noted[]): EffectState {
  const tried = log.filter(({ event }) => event === "begun").length;
  const last = log.at(-1);
  switch (last?.event) {
    case "begun":
      return { kind: "begun", tried };
    case "done":
    case "forgotten":
      return { kind: last.event };
    case "failed":
    case "cut-off": {
      const first = log.find(({ event }) => event === "failed" || event === "cut-off")!;
      const isHeld = last.event === "cut-off";
      return { kind: "owed", since: first.at, tried, error: last.error, isHeld };
    }
    default:
      return { kind: "left" };
  }
}

/** Whether nothing is left to be done, owed or confirmed. */
export function isOver({ due, effects, isDelivered, isConfirmed }: DueState): boolean {
  return effects.every(({ kind }) => kind === "done" || kind === "forgotten") &&
    (due.delivered === null || isDelivered) && (due.confirm === null || isConfirmed);
}

/** An effect that is owed. */
export interface Owed extends OwedState {
  /** `<dance>.<number>`: what `disco owed --forget` takes. */
  readonly id: string;
  readonly dance: string;
  readonly number: number;
  readonly what: DueEffect;
}

/** What is owed of a dance. */
export function owedOf({ id, due, effects }: DueState): Owed[] {
  return effects.flatMap((state, number): Owed[] =>
    state.kind !== "owed"
      ? []
      : [{ ...state, id: `${id}.${number}`, dance: id, number, what: due.effects[number]! }]
  );
}

/** An effect that is due and was not carried out: its dance is in progress, or was cut off. */
export interface Left {
  readonly id: string;
  readonly what: DueEffect;
  readonly isBegun: boolean;
}

/** What a dance that was cut off has left. */
export function leftOf({ id, due, effects }: DueState): Left[] {
  return effects.flatMap(({ kind }, i): Left[] =>
    kind === "begun" || kind === "left"
      ? [{ id: `${id}.${i}`, what: due.effects[i]!, isBegun: kind === "begun" }]
      : []
  );
}
