/**
 * Stages that run alone: each takes up the value that the last one has left, and leaves its own.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { loadFetched, Lock } from "../state/mod.ts";
import { Dance, type DanceOptions, WAYS } from "./dance.ts";
import { keep } from "./finish.ts";
import { requireRoot } from "./require_root.ts";
import { danceInProgress, loadSession, saveSession } from "./session.ts";
import { untilInterrupted } from "./signals.ts";
import { expect, type Seen, until } from "./stages.ts";
import { closeTemplates } from "./templates.ts";
import { leave, unmount } from "./unmount.ts";
import { Applied, Fetched, generationOf, Mounted, Ready } from "./values.ts";

/** Begin a dance of stages: plan what was fetched, and mount the union; `prepare` may refuse. */
export async function mountAlone(
  context: Context,
  prepare: () => Promise<void>,
): Promise<Mounted> {
  requireRoot("run the stage fs-mount");
  using _lock = new Lock(context);
  const current = danceInProgress(context);
  if (current !== undefined) {
    throw new DiscoError(`Cannot mount: the union of dance "${current}" is mounted already`, {
      hint: "take it down with fs-unmount",
    });
  }
  const dance = Dance.begin(context, { keepGoing: false }, { way: WAYS.alone });
  return await untilInterrupted(dance, async () => {
    await prepare();
    const mounted = await until(new Fetched(dance, loadFetched(context)), Mounted);
    leave(mounted);
    saveSession(mounted);
    return mounted;
  });
}

/** Go on with the dance in progress, inside its union; what `seen` is told of is kept. */
export async function runStage<T>(
  context: Context,
  stage: string,
  use: (dance: Mounted, seen: Seen) => T | Promise<T>,
  options: Partial<DanceOptions> = {},
): Promise<T> {
  requireRoot(`run the stage ${stage}`);
  using _lock = new Lock(context);
  const begun = inProgress(context, { keepGoing: false, ...options });
  let reached = begun;
  const seen = (dance: Dance) => {
    if (dance instanceof Mounted) reached = dance;
  };
  try {
    requireNotMerged(begun);
    return await untilInterrupted(begun, async () => await use(begun, seen));
  } finally {
    await closeTemplates(begun);
    leave(reached);
    saveSession(reached);
  }
}

/** Take the union down; returns the dance's id, or undefined where none is in progress. */
export async function unmountAlone(context: Context): Promise<string | undefined> {
  if (danceInProgress(context) === undefined) return undefined;
  requireRoot("run the stage fs-unmount");
  using _lock = new Lock(context);
  const dance = inProgress(context, { keepGoing: false });
  unmount(dance);
  await keep(dance);
  return dance.id;
}

/** The dance without what is to be found out anew, since balls may change the union again. */
export function readyAgain(dance: Mounted): Ready {
  const ready = expect(dance, Ready);
  return new Ready(ready, ready.chroot);
}

/** The dance with the balls that were applied so far, and no others. */
export function appliedSoFar(dance: Mounted): Applied {
  return new Applied(readyAgain(dance));
}

function inProgress(context: Context, options: DanceOptions): Mounted {
  const dance = loadSession(context, options);
  if (dance) return dance;
  throw new DiscoError("Cannot go on: no dance is in progress", {
    hint: "begin with fs-mount",
    code: 3,
  });
}

function requireNotMerged(dance: Mounted): void {
  const generation = generationOf(dance);
  if (generation === null) return;
  throw new DiscoError(
    `Cannot go on: the changes are merged already, in generation ${generation}`,
    {
      hint: "take the union down with fs-unmount",
      code: 3,
    },
  );
}
