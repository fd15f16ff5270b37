/**
 * Stage `fs-diff`: what the dance would change.
 *
 * @module
 */
import { computeChanges, type Difference, NEVER, type Since } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { sinceOf } from "../merge/mod.ts";
import { packagesOf } from "../packages/mod.ts";
import { noteBusyAccounts } from "./busy_accounts.ts";
import { during } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { markCritical } from "./critical_paths.ts";
import { refuseOwn } from "./own_places.ts";
import { refuseStandIns } from "./stand_ins.ts";
import { noteRefused } from "./mount.ts";
import { noteOfFiles } from "./not_simulated.ts";
import { secretsOf } from "./secret_paths.ts";
import type { Applied, Mounted } from "./values.ts";

/** Work out the changes of all balls so far; those of secrets hold their content if it is shown. */
export async function diff(dance: Applied): Promise<Difference> {
  return await dance.meter.measure("fs-diff", "fs-diff", null, async () => {
    noteRefused(dance);
    const { signal } = dance.interrupt;
    const difference = await during(
      "working out the changes",
      () =>
        computeChanges(dance.mounted, secretsOf(dance), {
          reveal: needsSecrets(dance),
          others: othersOf(dance),
          signal,
        }),
    );
    refuseOwn(dance, difference);
    await refuseStandIns(difference, dance);
    markCritical(dance, difference);
    markPackages(dance, difference);
    noteOfFiles(dance, difference);
    const counts = countsOf(difference);
    for (const [name, result] of Object.entries(dance.progress.balls)) {
      result.changes = counts.get(name) ?? 0;
    }
    noteBusyAccounts(dance, difference);
    return difference;
  });
}

/** Note what packages bring and take away. */
function markPackages({ context, mounted }: Mounted, { changes }: Difference): void {
  if (changes.length === 0) return;
  using live = new Tree(context.root);
  using now = new Tree(mounted.mountpoint);
  const packages = packagesOf(changes, live, now);
  for (const change of changes) {
    const name = packages.get(change.path);
    if (name !== undefined) change.package = name;
  }
}

/** A saved plan holds hashes of secrets, too, behind a salt. */
function needsSecrets({ options }: Dance): boolean {
  return options.showSecrets === true || options.save !== undefined ||
    options.approved !== undefined;
}

/** What is known of others who work on the live root. */
export function othersOf({ progress, union }: Mounted): Since {
  const delivered = new Set(Object.values(progress.delivered).flat());
  const isDelivered = (path: string) => delivered.has(path);
  // What is applied on top of another union has no live root, and no others who work on it.
  return union.observed ? sinceOf(union.observed, isDelivered) : { ...NEVER, isDelivered };
}

/** How many changes each ball has a part in. */
function countsOf({ changes }: Difference): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ball of changes.flatMap(({ balls }) => balls)) {
    counts.set(ball, (counts.get(ball) ?? 0) + 1);
  }
  return counts;
}
