/**
 * Stage `fs-diff`: what the balls come to.
 *
 * @module
 */
import { diff } from "./diff.ts";
import { treatOrphans } from "./orphans.ts";
import { type Applied, Compared } from "./values.ts";

/** Compare the union with the live root, after what is purged has been removed in it. */
export async function compare(dance: Applied): Promise<Compared> {
  const found = dance.way.treatsOrphans
    ? await treatOrphans(dance)
    : { record: undefined, orphans: [] };
  return new Compared(dance, { ...found, difference: await diff(dance), leftOut: null });
}
