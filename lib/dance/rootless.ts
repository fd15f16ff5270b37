/**
 * What a dry run without root says of itself.
 *
 * @module
 */
import { BallFolder } from "../ball/mod.ts";
import type { Context } from "../context/mod.ts";
import { follow, FollowError, Tree } from "../door/mod.ts";
import { machineView } from "../posix/mod.ts";
import { LIMITS } from "../rootless/mod.ts";
import { debug, warning } from "../terminal/mod.ts";
import { noteUntried } from "./not_simulated.ts";
import type { Mounted } from "./values.ts";

/** Say what is different, before anything is done; nothing where root dances. */
export function sayRootless({ roots }: Context): void {
  if (!machineView().user) return;
  warning(
    "this run is without root: only what you may read is seen, owners are not shown, nothing is " +
      "merged; the report says what could not be read or simulated",
  );
  debug(`what is fetched and found out is kept in ${roots.var}`);
}

/** What may be the matter with a ball that fails; undefined where root dances. */
export function hintWithoutRoot(): string | undefined {
  return machineView().user ? "it may fail only because this run is without root" : undefined;
}

/** Make the directories writable that balls deliver to, however deep they lie. */
export function ownTargets(dance: Mounted): void {
  if (machineView().changesOthers) return;
  const { base, root } = dance.mounted;
  using tree = new Tree(root);
  for (const name of dance.order) {
    using folder = new BallFolder(dance.ball(name));
    for (const part of ["files", "templates"]) {
      for (const { path, kind } of folder.walk(part)) {
        const real = kind === "directory" ? realPath(tree, path) : undefined;
        if (real !== undefined && real !== "/") base.copy(real);
      }
    }
  }
}

function realPath(tree: Tree, path: string): string | undefined {
  try {
    return follow(tree, path).path;
  } catch (error) {
    if (error instanceof FollowError) return undefined;
    throw error;
  }
}

/** Note what of this machine the union leaves out. */
export function noteGaps(dance: Mounted): void {
  if (!machineView().user) return;
  for (const what of [...dance.union.entered.gaps ?? [], ...LIMITS]) {
    noteUntried(dance, "place", what);
  }
}
