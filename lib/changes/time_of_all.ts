/**
 * The time of files with several names. In the union each name that was touched is a file of its own;
 * it is set in place, so that all names get one time.
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { Found } from "./found.ts";

/** Whether nothing but its time is set, and that in place: with a new name it is copied. */
export function isTimeOfAll({ isOnlyTime, before, after }: Found): boolean {
  return isOnlyTime && before!.nlink > 1 && after!.nlink === 1;
}

/** What was found, with the time that was set last for all names of a file. */
export function withTimeOfAll(found: readonly Found[]): Found[] {
  const last = new Map<string, Stat>();
  for (const one of found.filter(isTimeOfAll)) {
    const known = last.get(fileOf(one));
    if (!known || isLater(one.after!, known)) last.set(fileOf(one), one.after!);
  }
  if (last.size === 0) return [...found];
  return found.map((one) => {
    if (!isTimeOfAll(one)) return one;
    const { mtime } = last.get(fileOf(one))!;
    return { ...one, after: { ...one.after!, mtime } };
  });
}

function fileOf({ before }: Found): string {
  return `${before!.dev}/${before!.ino}`;
}

/** Whether it was set later; in one tick of the clock the later time counts. */
function isLater(a: Stat, b: Stat): boolean {
  return a.ctime === b.ctime ? a.mtime > b.mtime : a.ctime > b.ctime;
}
