/**
 * What is owed, by a person's hand.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import type { Owed } from "../due/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/mod.ts";
import { retryOne, tickOff } from "./carry_out_due.ts";
import { listOwed } from "./due.ts";
import { Lock } from "../state/lock.ts";
import { requireRoot } from "./require_root.ts";

/** Forget an owed effect, or all of a dance: they are never tried again. Returns which these were. */
export async function forgetOwed(context: Context, id: string): Promise<Owed[]> {
  requireRoot("forget what is owed");
  using _lock = new Lock(context);
  const chosen = await choose(context, id);
  for (const one of chosen) await tickOff(context, one, "forgotten");
  return chosen;
}

/** Try an owed effect again, or all of a dance; true if all worked. */
export async function retryById(context: Context, id: string): Promise<boolean> {
  requireRoot("carry out what is owed");
  using _lock = new Lock(context);
  let isWell = true;
  for (const one of await choose(context, id)) {
    isWell = await retryOne({ context }, one) && isWell;
  }
  return isWell;
}

async function choose(context: Context, id: string): Promise<Owed[]> {
  const found = (await listOwed(context)).filter((one) => one.id === id || one.dance === id);
  if (found.length > 0) return found;
  throw new DiscoError(`Cannot find "${printable(id)}" among what is owed`, {
    code: 3,
    hint: "see disco owed",
  });
}
