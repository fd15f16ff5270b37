/**
 * Stages `fs-mount` and `fs-chroot`: the union, and what makes it a root.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { Tree } from "../door/mod.ts";
import { begin, observe, stagingNames, type Transaction } from "../merge/mod.ts";
import { machineView } from "../posix/mod.ts";
import {
  type HostNetwork,
  hostNetwork,
  missingLandlock,
  missingPackage,
  missingStandInWatch,
  networkGap,
  networkImage,
  prepareChroot,
} from "../sandbox/mod.ts";
import { bashTemplates } from "../render/mod.ts";
import { info, printable } from "../terminal/mod.ts";
import { createUnion, livePlaces, type Place, type ScratchOptions } from "../union/mod.ts";
import { ownPlaces } from "./own_places.ts";
import { noteGaps, ownTargets } from "./rootless.ts";
import { takeAway } from "./unmount.ts";
import { noteUntried } from "./not_simulated.ts";
import { Mounted, type MountedUnion, type Planned, Ready } from "./values.ts";

/** Mount the union and enter it. */
export async function mount(dance: Planned): Promise<Mounted> {
  return await dance.meter.measure("fs-mount", "fs-mount", null, async () => {
    const { context, folder } = dance;
    const { roots, root } = context;
    const hidden = [roots.etc, roots.var, roots.run];
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    let transaction: Transaction | null = null;
    try {
      const marked = await mark(dance, hidden);
      transaction = marked.transaction;
      const scratch = scratchOf(dance);
      const persist = dance.way.isAlone;
      const entered = await createUnion({ root, folder, hidden, scratch, persist });
      if (entered.scratch !== undefined && entered.scratch !== scratch.kind) {
        info("the scratchpad is on disk: in memory this kernel keeps no user.* attributes");
      }
      const mounted = new Mounted(dance, { entered, ...marked });
      noteRefused(mounted);
      noteGaps(mounted);
      return mounted;
    } catch (error) {
      takeAway(dance, transaction);
      throw error;
    }
  });
}

/** What the live root is like now; where something may be merged, the time is marked. */
async function mark(
  { context, id, folder, way, contested }: Planned,
  hidden: readonly string[],
): Promise<Pick<MountedUnion, "observed" | "transaction">> {
  const { root, noop } = context;
  const places = machineView().merges
    ? livePlaces(root, hidden).filter(({ kind }) => kind === "union")
    : [];
  const looked = { places, watched: contested };
  const transaction = way.merges && !noop ? await begin(context, id, looked) : null;
  return { transaction, observed: transaction ?? await observe(root, folder, looked) };
}

/** Where the layers are to lie. */
function scratchOf({ context, id }: Planned): ScratchOptions {
  const { roots, settings } = context;
  const kind = machineView().hasLoopDevices ? settings.word("disco/client/scratch") : "memory";
  const size = settings.get("disco/client/scratch-size") ?? (kind === "memory" ? "50%" : "8G");
  if (!/^\d+[KMG%]?$/.test(size)) {
    throw new DiscoError(
      `Cannot use disco/client/scratch-size = "${size}": expected a size such as "2G"`,
      { code: 3 },
    );
  }
  return { kind, size, image: `${roots.var}/scratch-${id}` };
}

/** Make the union a root in which commands can run. */
export function chroot(dance: Mounted): Ready {
  const missing = missingPackage();
  if (missing) {
    throw new DiscoError(`Cannot build the sandbox: the package "${missing}" is not installed`, {
      hint: `apt-get install ${missing}, or tasks/setup`,
    });
  }
  const ready = dance.meter.measure("fs-chroot", "fs-chroot", null, () => {
    // Read now: a rule that cannot be understood is an error before anything runs.
    for (const name of dance.order) dance.policies.of(name);
    ownTargets(dance);
    const places = dance.mounted.places.filter(({ kind }) => kind === "union");
    using tree = new Tree(dance.mounted.mountpoint);
    // Where nothing is merged, nothing is staged.
    const staging = machineView().merges ? stagingNames(tree, places.map(({ path }) => path)) : [];
    tree.forget();
    const hidden = [...ownPlaces(dance), ...staging];
    return new Ready(dance, prepareChroot(dance.context, dance.mounted, hidden));
  });
  noteKernel(ready);
  return ready;
}

/** Let the host's network be read, meanwhile, if something of the plan is to run in an image of it. */
export function expectNetwork(dance: Planned): HostNetwork | undefined {
  const { context, order } = dance;
  if (context.settings.flag("disco/client/noop/network")) return undefined;
  const balls = order.map((name) => dance.ball(name));
  const isNeeded = balls.some((ball) =>
    bashTemplates(ball).length > 0 || (context.noop && ball.scripts.length > 0)
  );
  return isNeeded ? hostNetwork() : undefined;
}

/** Let the image be made, meanwhile. What goes wrong is part of the image. */
export function beginNetwork(dance: Mounted, host: HostNetwork | undefined): void {
  if (host) void networkImage(dance.mounted, host);
}

/** Say what this kernel lacks of the walls, where balls have scripts or templates. */
function noteKernel(dance: Planned): void {
  const { context, order } = dance;
  const runs = order.map((name) => dance.ball(name))
    .some(({ scripts, templates }) => scripts.length + templates.length > 0);
  const network = !context.noop || context.settings.flag("disco/client/noop/network");
  for (const what of runs ? [missingLandlock(network), missingStandInWatch()] : []) {
    if (what) noteUntried(dance, "place", what);
  }
}

/** Tell of each place what cannot be tried there; again for those of which that was found out later. */
export function noteRefused(dance: Mounted): void {
  noteNetwork(dance);
  for (const place of dance.mounted.places) {
    const what = refusal(place);
    if (what !== undefined) noteUntried(dance, "place", what);
  }
}

/** Say what of the host's network scripts and templates have not seen. */
function noteNetwork(dance: Mounted): void {
  const what = networkGap(dance.mounted);
  if (what !== undefined) noteUntried(dance, "place", what);
}

function refusal({ kind, path, reason, shown }: Place): string | undefined {
  if (kind !== "refused") return undefined;
  const name = printable(path);
  if (shown === "absent") return `what is mounted at ${name} is left out: ${reason}`;
  if (shown === "nothing") return `${name} is empty here, and writes to it are refused: ${reason}`;
  return `writes to ${name} are refused: ${reason}`;
}
