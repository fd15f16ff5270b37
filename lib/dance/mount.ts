/**
 * Stages `fs-mount`, `fs-chroot` and `fs-unmount`: the union comes and goes.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { Tree } from "../door/mod.ts";
import { abandon, begin, observe, stagingNames } from "../merge/mod.ts";
import { isRootless, lstat, readdir, removeTree } from "../posix/mod.ts";
import type { Context } from "../context/mod.ts";
import {
  dropCgroup,
  type HostNetwork,
  hostNetwork,
  leftCgroups,
  missingLandlock,
  missingPackage,
  missingStandInWatch,
  networkGap,
  networkImage,
  prepareChroot,
  unwatchStandIns,
} from "../sandbox/mod.ts";
import { bashTemplates } from "../render/mod.ts";
import { currentDance, removeCurrentDance, runFolder } from "../state/mod.ts";
import { info, printable } from "../terminal/mod.ts";
import { closeUnion, createUnion, livePlaces, openUnion, type Place } from "../union/mod.ts";
import type { Dance } from "./dance.ts";
import { ownPlaces } from "./own_places.ts";
import { noteGaps, ownTargets } from "./rootless.ts";

/** How a union is mounted. */
export interface MountOptions {
  /** It stays after this process. */
  readonly persist: boolean;
  /** Its changes may be merged; then the time is marked. If not a dry run's, they may. */
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
    const places = isRootless()
      ? []
      : livePlaces(root, hidden).filter(({ kind }) => kind === "union");
    const looked = { places, watched: dance.contested };
    if (merges) dance.progress.transaction = await begin(context, dance.id, looked);
    dance.progress.observed = dance.progress.transaction ??
      await observe(root, dance.folder, looked);
    const kind = isRootless() ? "memory" : settings.word("disco/client/scratch");
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
    if (dance.entered.scratch !== undefined && dance.entered.scratch !== kind) {
      info("the scratchpad is on disk: in memory this kernel keeps no user.* attributes");
    }
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
    // Read now: a rule that cannot be understood is an error before anything runs.
    for (const name of dance.order) dance.policies.of(name);
    ownTargets(dance);
    const places = dance.mounted.places.filter(({ kind }) => kind === "union");
    using tree = new Tree(dance.mounted.mountpoint);
    // A user merges nothing, and may not look into root's folders.
    const staging = isRootless() ? [] : stagingNames(tree, places.map(({ path }) => path));
    tree.forget();
    dance.progress.chroot = prepareChroot(dance.context, dance.mounted, [
      ...ownPlaces(dance),
      ...staging,
    ]);
  });
  noteKernel(dance);
}

/** Let the host's network be read, meanwhile, if something of the plan is to run in an image of it. */
export function expectNetwork(dance: Dance): HostNetwork | undefined {
  const { context, order } = dance;
  if (context.settings.flag("disco/client/noop/network")) return undefined;
  const balls = order.map((name) => dance.ball(name));
  const isNeeded = balls.some((ball) =>
    bashTemplates(ball).length > 0 || (context.noop && ball.scripts.length > 0)
  );
  return isNeeded ? hostNetwork() : undefined;
}

/** Let the image be made, meanwhile. What goes wrong is part of the image. */
export function beginNetwork(dance: Dance, host: HostNetwork | undefined): void {
  if (host) void networkImage(dance.mounted, host);
}

/** Enter the union that an earlier stage left mounted. */
export function enter(dance: Dance): void {
  if (dance.union) dance.entered = openUnion(dance.folder, dance.union);
}

/** Leave the union's namespace, and let it be. */
export function leave(dance: Dance): void {
  if (dance.entered) unwatchStandIns(dance.entered.union);
  dance.entered?.leave();
  dance.entered = null;
}

/** Take the union down, with everything that is in it; nothing stays mounted. */
export function unmount(dance: Dance): void {
  dance.entered?.union.close();
  leave(dance);
  dance.union = null;
  if (dance.progress.transaction) abandon(dance.progress.transaction);
  dropCgroup({ run: dance.context.roots.run, id: dance.id });
  removeRun(dance.context, dance.id);
  dance.isOver = true;
}

/** Clean up after dances that were killed. The caller holds the lock: no other one is going on. */
export function cleanUp(context: Context): { id: string; isInProgress: boolean }[] {
  const { run } = context.roots;
  leftCgroups(run).forEach((id) => dropCgroup({ run, id }));
  const left = readdir(context.roots.run).filter(({ type }) => type === "directory");
  return left.map(({ name: id }) => {
    const isInProgress = currentDance(context) === id;
    removeRun(context, id);
    return { id, isInProgress };
  });
}

function removeRun(context: Context, id: string): void {
  const folder = runFolder(context, id);
  if (!lstat(folder)) return;
  closeUnion(folder);
  removeTree(folder);
  if (currentDance(context) === id) removeCurrentDance(context);
}

/** Say what this kernel lacks of the walls, where balls have scripts or templates. */
function noteKernel(dance: Dance): void {
  const { context, order, progress } = dance;
  const runs = order.map((name) => dance.ball(name))
    .some(({ scripts, templates }) => scripts.length + templates.length > 0);
  const network = !context.noop || context.settings.flag("disco/client/noop/network");
  for (const what of runs ? [missingLandlock(network), missingStandInWatch()] : []) {
    if (what) progress.notSimulated.push({ ball: "", script: "", kind: "place", what });
  }
}

/** Tell of each place what cannot be tried there; again for those of which that was found out later. */
export function noteRefused(dance: Dance): void {
  const { notSimulated } = dance.progress;
  noteNetwork(dance);
  for (const place of dance.mounted.places) {
    const what = refusal(place);
    if (what === undefined) continue;
    if (notSimulated.some((note) => note.kind === "place" && note.what === what)) continue;
    notSimulated.push({ ball: "", script: "", kind: "place", what });
  }
}

/** Say what of the host's network scripts and templates have not seen. */
function noteNetwork({ mounted, progress }: Dance): void {
  const what = networkGap(mounted);
  if (what === undefined || progress.notSimulated.some((note) => note.what === what)) return;
  progress.notSimulated.push({ ball: "", script: "", kind: "place", what });
}

function refusal({ kind, path, reason, shown }: Place): string | undefined {
  if (kind !== "refused") return undefined;
  const name = printable(path);
  if (shown === "absent") return `what is mounted at ${name} is left out: ${reason}`;
  if (shown === "nothing") return `${name} is empty here, and writes to it are refused: ${reason}`;
  return `writes to ${name} are refused: ${reason}`;
}
