/**
 * The record of delivered files, also where the one on disk is damaged.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { type Journal, listGenerations, readableJournal } from "../merge/mod.ts";
import { type DeliveredRecord, loadRecord } from "../state/mod.ts";
import { warning } from "../terminal/mod.ts";

/** The record; of a damaged one what the newest generation knows of it. */
export async function loadDelivered(context: Context): Promise<DeliveredRecord> {
  try {
    return loadRecord(context.roots.var);
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    const newest = await newestKnowing(context);
    const where = newest
      ? `what generation ${newest.id} knows of it is used: what later dances delivered without a change is not known`
      : "no generation knows of it: orphans of earlier dances are not known any more";
    warning(`${error.message}; ${where}`);
    return newest?.due?.delivered?.after ?? {};
  }
}

async function newestKnowing(context: Context): Promise<Journal | undefined> {
  const generations = await listGenerations(context, { readable: true });
  for (const generation of generations.filter(({ status }) => status === "done").reverse()) {
    const journal = await readableJournal(generation);
    if (journal?.due?.delivered) return journal;
  }
  return undefined;
}
