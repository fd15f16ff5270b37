/**
 * The record of delivered files, also where the one on disk is damaged.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { withStep } from "../due/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { listGenerations, readableJournal } from "../merge/mod.ts";
import { type DeliveredRecord, loadRecord } from "../state/mod.ts";
import { warning } from "../terminal/mod.ts";

/** The record; in place of a damaged one what the kept generations know of it. */
export async function loadDelivered(context: Context): Promise<DeliveredRecord> {
  try {
    return loadRecord(context.roots.var);
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    const known = await fromGenerations(context);
    const where = known
      ? "what the kept generations know of it is used: what was delivered before them, or without " +
        "a change, is not known"
      : "no generation knows of it: orphans of earlier dances are not known any more";
    warning(`${error.message}; ${where}`);
    return known ?? {};
  }
}

/** What the kept generations have changed in it, one after the other; undefined if nothing. */
async function fromGenerations(context: Context): Promise<DeliveredRecord | undefined> {
  let record: DeliveredRecord | undefined;
  for (const generation of await listGenerations(context, { readable: true })) {
    if (generation.status !== "done") continue;
    const step = (await readableJournal(generation))?.due?.delivered;
    if (step) record = withStep(record ?? {}, step);
  }
  return record;
}
