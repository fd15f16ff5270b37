/**
 * Whether a dance would delete more than it may without a word.
 *
 * @module
 */
import { dirname } from "@std/path";
import { coversPath } from "../ball/mod.ts";
import type { Change } from "../result/mod.ts";
import { Tree } from "../door/mod.ts";
import { type TooMuchLost, tooMuchLost } from "../guards/mod.ts";
import { machineView } from "../posix/mod.ts";
import { criticalGlobsOf } from "./critical_paths.ts";
import type { DeliveredRecord } from "../state/mod.ts";
import type { Mounted } from "./values.ts";
import { own } from "../text/own.ts";

/** What goes, if that is too much. */
export function massDeletion(
  dance: Mounted,
  changes: readonly Change[],
  record: DeliveredRecord = {},
): TooMuchLost | undefined {
  const { context, progress, mounted, options } = dance;
  const delivered = new Set(Object.values(progress.delivered).flat());
  const purges = new Map(dance.order.map((name) => [name, dance.ball(name).purge]));
  const purgeOf = (ball: string) => purges.get(ball) ?? own(record, ball)?.purge ?? [];
  using live = new Tree(context.root);
  using now = new Tree(mounted.mountpoint);
  return tooMuchLost({
    changes,
    live,
    now,
    mounts: mounted.places.map(({ path }) => path).filter((path) => isMount(live, path)),
    isPurged: (path, ball) => coversPath(purgeOf(ball), path),
    isDelivered: (path) => delivered.has(path),
    critical: criticalGlobsOf(dance),
  }, {
    paths: context.settings.number("disco/client/deletions"),
    allowed: options.allowDeletions,
  });
}

/** Without root a union is put together of folders, most of which are not mounts of the host. */
function isMount(live: Tree, path: string): boolean {
  return machineView().overlaysAsRoot || live.stat(path)?.dev !== live.stat(dirname(path))?.dev;
}

/** What a refused deletion says. */
export function deletionMessage({ reasons }: TooMuchLost): string {
  return reasons.join("; ");
}

/** What to do about a refused deletion. */
export function deletionHint({ count }: TooMuchLost): string {
  return `if that is meant, pass --allow-deletions ${count}, or name the paths in the file ` +
    `"purge" of the ball`;
}
