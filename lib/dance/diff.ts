/**
 * Stage `fs-diff`: what the dance would change.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import { computeChanges, type Difference } from "../changes/mod.ts";
import type { Dance } from "./dance.ts";

/** Work out the changes of all balls so far. */
export async function diff(dance: Dance): Promise<Difference> {
  return await dance.meter.measure("fs-diff", "fs-diff", null, async () => {
    const secrets = dance.order.flatMap((name) => dance.ball(name).secrets);
    const isSecret = (path: string) => secrets.length > 0 && coversPath(secrets, path);
    const difference = await computeChanges(dance.mounted, isSecret);
    for (const { path, why } of difference.skipped) {
      dance.progress.notSimulated.push({ ball: "", what: `${path} is not carried over: ${why}` });
    }
    for (const [name, result] of Object.entries(dance.progress.balls)) {
      result.changes = difference.changes.filter(({ balls }) => balls.includes(name)).length;
    }
    dance.progress.difference = difference;
    return difference;
  });
}
