/**
 * The record of delivered files, also where the one on disk is damaged.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { type DeliveredStep, withStep } from "../due/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { listGenerations, readableJournal } from "../merge/mod.ts";
import {
  type DeliveredBall,
  type DeliveredRecord,
  loadFormerRecord,
  loadRecord,
  mendRecord,
} from "../state/mod.ts";
import { warning } from "../terminal/mod.ts";

/**
 * The record. A damaged one is put together anew, from what it was before its last change and what the
 * kept generations have changed in it, and written, but for a dry run.
 */
export async function loadDelivered(context: Context): Promise<DeliveredRecord> {
  try {
    return loadRecord(context.roots.var);
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    const former = loadFormerRecord(context.roots.var);
    const known = await withGenerations(context, former);
    warning(`${error.message}; ${sourceOf(former, known)}`);
    if (!context.noop) mendRecord(context.roots.var, known ?? {});
    return known ?? {};
  }
}

function sourceOf(former: DeliveredRecord | undefined, known: DeliveredRecord | undefined): string {
  if (former) {
    return "the one before its last change is used, with what the kept generations know: what was " +
      "delivered since without a change is not known";
  }
  return known
    ? "what the kept generations know of it is used: what was delivered before them, or without a " +
      "change, is not known"
    : "no generation knows of it: orphans of earlier dances are not known any more";
}

/** A record with what the kept generations have changed in it, one after the other. */
async function withGenerations(
  context: Context,
  former: DeliveredRecord | undefined,
): Promise<DeliveredRecord | undefined> {
  let record = former;
  for (const generation of await listGenerations(context, { readable: true })) {
    if (generation.status !== "done") continue;
    const step = (await readableJournal(generation))?.due?.delivered;
    if (step) record = withStep({ ...unchangedIn(step), ...record }, step);
  }
  return record;
}

/** The balls that a journal of an old version knows of, besides those that its merge changed. */
function unchangedIn({ before, after }: DeliveredStep): DeliveredRecord {
  const balls = Object.entries(after).flatMap(([name, ball]): [string, DeliveredBall][] =>
    ball && !Object.hasOwn(before, name) ? [[name, ball]] : []
  );
  return Object.fromEntries(balls);
}
