/**
 * What is due is carried out and ticked off, for this dance, for one that was cut off, and for those
 * that owe something.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  closeGate,
  type DueEffect,
  type DueState,
  endOrphan,
  gated,
  isRepeatable,
  note,
  openGate,
  type Owed,
} from "../due/mod.ts";
import { carryOut, commandLine, type EffectOutcome } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { environmentOf } from "../sandbox/mod.ts";
import { during, failure, info, terminalLine, warning } from "../terminal/mod.ts";
import { isUnknown, listOwed, settle } from "./due.ts";
import { scriptInPlace } from "./post_script.ts";

/** How an effect is carried out. */
export interface Carrying {
  readonly context: Context;
  /** The dance that it belongs to. */
  readonly id: string;
  readonly signal?: AbortSignal;
}

/**
 * Carry out one effect that is due: its beginning and its end are on the disk before the next one
 * begins. Throws only if that cannot be noted.
 */
export async function carryOutDue(
  { context, id, signal }: Carrying,
  number: number,
  { effect, content }: DueEffect,
): Promise<EffectOutcome> {
  const { roots, node, settings } = context;
  const { ball, script } = effect;
  const gate = gateOf(context);
  note(roots, id, { event: "begun", effect: number });
  openGate(gate);
  using place = scriptInPlace(effect.argv, content, roots.run);
  const outcome = await during(
    `effect of ball ${ball}: ${commandLine(effect.argv)}`,
    () =>
      carryOut({ ...effect, argv: place.argv }, {
        behind: (argv) => gated(argv, gate),
        env: environmentOf({ node, dance: id, ball, script, noop: false }),
        timeout: settings.number("disco/client/timeout") * 1000,
        onLine: (line) => info(`${ball}: ${terminalLine(line)}`),
        folder: roots.run,
        signal,
      }),
  );
  closeGate(gate);
  if (outcome.ok) note(roots, id, { event: "done", effect: number });
  else {
    const mayRepeat = !signal?.aborted || isRepeatable(effect.argv);
    const event = mayRepeat ? "failed" : "cut-off";
    note(roots, id, { event, effect: number, error: outcome.error });
  }
  return outcome;
}

function gateOf({ roots }: Context): string {
  return `${roots.run}/effect-gate`;
}

/**
 * Carry out what a crash has left of earlier dances; the caller holds the lock. What was owed before
 * is not tried here. Returns what was done, one line each.
 */
export async function carryOutLeft(context: Context, state: DueState): Promise<string[]> {
  if (context.root !== "/") return [];
  const lines: string[] = [];
  for (const [number, one] of state.due.effects.entries()) {
    const { kind } = state.effects[number]!;
    const what = `${commandLine(one.effect.argv)} [${one.effect.ball}/${one.effect.script}]`;
    if (kind === "begun" && !isRepeatable(one.effect.argv)) {
      const reason = "was cut off, and may not be one that can run twice";
      note(context.roots, state.id, { event: "cut-off", effect: number, error: reason });
      lines.push(
        `${what} ${reason}: look, then disco owed --retry or --forget ${state.id}.${number}`,
      );
    } else if (kind === "begun" || kind === "left") {
      const how = kind === "left" ? "carried out" : "cut off, and carried out again";
      const { ok, error } = await carryOutDue({ context, id: state.id }, number, one);
      lines.push(ok ? `${what} was ${how}` : `${what} ${error}; it is owed now`);
    }
  }
  await settle(context, state.id);
  return lines;
}

/** End the effect of a killed dance, which may still run. */
export function endOrphanedEffect(context: Context): void {
  if (endOrphan(gateOf(context))) {
    warning("an effect of a dance that was killed was still running: it was ended");
  }
}

/** What makes two effects the same, whichever ball asks. */
export function keyOf({ ball: _, script: __, ...rest }: DueEffect["effect"]): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Try what is owed again, but for what is asked for once more anyway. Returns what these are. */
export async function retryOwed(
  carrying: Omit<Carrying, "id">,
  asked: ReadonlySet<string>,
): Promise<Owed[]> {
  const { context, signal } = carrying;
  const owed = await listOwed(context);
  const covered = owed.filter(({ what }) => asked.has(keyOf(what.effect)));
  for (const one of owed) {
    if (one.isHeld || covered.includes(one) || signal?.aborted) continue;
    await retryOne(carrying, one);
  }
  return covered;
}

/** Try one that is owed again; true if it worked. */
export async function retryOne(carrying: Omit<Carrying, "id">, owed: Owed): Promise<boolean> {
  if (isUnknown(owed)) {
    throw new DiscoError(`Cannot carry out "${owed.id}": nobody knows what it was`, {
      hint: `look, then disco owed --forget ${owed.id}`,
    });
  }
  const { ball, argv } = owed.what.effect;
  info(`owed effect of ${ball}, try ${owed.tried + 1}: ${commandLine(argv)}`);
  const outcome = await carryOutDue({ ...carrying, id: owed.dance }, owed.number, owed.what);
  await settle(carrying.context, owed.dance);
  if (outcome.ok) return true;
  failure({
    message: `Owed effect of ball "${ball}" failed again: ${commandLine(argv)} ${outcome.error}`,
    output: outcome.output,
  });
  return false;
}

/** Tick off what is owed: done by another run of the same, or forgotten by a person. */
export async function tickOff(
  context: Context,
  { dance, number }: Pick<Owed, "dance" | "number">,
  event: "done" | "forgotten",
): Promise<void> {
  note(context.roots, dance, { event, effect: number });
  await settle(context, dance);
}
