/**
 * Stages `fs-mount`, `fs-chroot` and `fs-unmount`: the union comes and goes.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { abandon, begin } from "../merge/mod.ts";
import { isRootless, lstat, readdir, removeTree } from "../posix/mod.ts";
import type { Context } from "../context/mod.ts";
import { dropCgroup, leftCgroups, missingPackage, prepareChroot } from "../sandbox/mod.ts";
import { closeUnion, createUnion, livePlaces, openUnion } from "../union/mod.ts";
import type { Dance } from "./dance.ts";
import { noteGaps, ownTargets } from "./rootless.ts";

/** How a union is mounted. */
export interface MountOptions {
  /** It stays after this process. */
  readonly persist: boolean;
  /** Its changes may be merged; that writes a mark to each file system. If not a dry run's, they may. */
  readonly merges?: boolean;
}

/** Mount the union and enter it. */
export async function mount(dance: Dance, options: MountOptions): Promise<void> {
  const { persist, merges = !dance.context.noop } = options;
  await dance.meter.measure("fs-mount", "fs-mount", null, async () => {
    const { context } = dance;
    const { roots, root, settings } = context;
    const hidden = [roots.etc, roots.var, roots.run];
    const image = `${roots.var}/scratch-${dance.id}`;
    Deno.mkdirSync(dance.folder, { recursive: true, mode: 0o700 });
    if (merges) {
      const places = livePlaces(root, hidden).filter(({ kind }) => kind === "union");
      dance.progress.transaction = begin(context, dance.id, places);
    }
    const kind = isRootless() ? "memory" : settings.get("disco/client/scratch") ?? "memory";
    if (kind !== "memory" && kind !== "disk") {
      throw new DiscoError(
        `Cannot use disco/client/scratch = "${kind}": expected "memory" or "disk"`,
        { code: 3 },
      );
    }
    const size = settings.get("disco/client/scratch-size") ?? (kind === "memory" ? "50%" : "8G");
    if (!/^\d+[KMG%]?$/.test(size)) {
      throw new DiscoError(
        `Cannot use disco/client/scratch-size = "${size}": expected a size such as "2G"`,
        { code: 3 },
      );
    }
    const folder = dance.folder;
    dance.entered = await createUnion({
      root,
      folder,
      hidden,
      scratch: { kind, size, image },
      persist,
    });
    noteRefused(dance);
    noteGaps(dance);
  });
}

/** Make the union a root in which commands can run. */
export function chroot(dance: Dance): void {
  const missing = missingPackage();
  if (missing) {
    throw new DiscoError(`Cannot build the sandbox: the package "${missing}" is not installed`, {
      hint: `apt-get install ${missing}, or tasks/setup`,
    });
  }
  dance.meter.measure("fs-chroot", "fs-chroot", null, () => {
    const policies = dance.order.map((name) => dance.policies.of(name));
    ownTargets(dance);
    dance.progress.chroot = prepareChroot(dance.context, dance.mounted, policies);
  });
}

/** Enter the union that an earlier stage left mounted. */
export function enter(dance: Dance): void {
  if (dance.union) dance.entered = openUnion(dance.folder, dance.union);
}

/** Leave the union's namespace, and let it be. */
export function leave(dance: Dance): void {
  dance.entered?.leave();
  dance.entered = null;
}

/** Take the union down, with everything that is in it; nothing stays mounted. */
export function unmount(dance: Dance): void {
  dance.entered?.union.close();
  leave(dance);
  dance.union = null;
  if (dance.progress.transaction) abandon(dance.progress.transaction);
  dropCgroup(dance.id);
  removeRun(dance.context, dance.id);
  dance.isOver = true;
}

/** Clean up after dances that were killed. The caller holds the lock: no other one is going on. */
export function cleanUp(context: Context): { id: string; isInProgress: boolean }[] {
  leftCgroups().forEach(dropCgroup);
  const left = readdir(context.roots.run).filter(({ type }) => type === "directory");
  return left.map(({ name: id }) => {
    const isInProgress = isCurrent(context, id);
    removeRun(context, id);
    return { id, isInProgress };
  });
}

/** Whether stages that run alone would go on with this dance. */
function isCurrent({ roots }: Context, id: string): boolean {
  const current = `${roots.run}/current`;
  return lstat(current) !== undefined && Deno.readTextFileSync(current).trim() === id;
}

function removeRun(context: Context, id: string): void {
  const folder = `${context.roots.run}/${id}`;
  if (!lstat(folder)) return;
  closeUnion(folder);
  removeTree(folder);
  if (isCurrent(context, id)) Deno.removeSync(`${context.roots.run}/current`);
}

function noteRefused(dance: Dance): void {
  for (const { kind, path, reason } of dance.mounted.places) {
    if (kind !== "refused") continue;
    dance.progress.notSimulated.push({
      ball: "",
      script: "",
      kind: "place",
      what: `writes to ${path} are refused: ${reason}`,
    });
  }
}
