/**
 * Stage `exec-shell`: a person in the union.
 *
 * @module
 */
import type { Change, Result } from "../result/mod.ts";
import type { Context } from "../context/mod.ts";
import { removeTree } from "../posix/mod.ts";
import { environmentOf, freshVolatile, launchInteractive, SANDBOX_PATH } from "../sandbox/mod.ts";
import { info } from "../terminal/mod.ts";
import { addEffects, collectAsked, forgetAsked } from "./asked.ts";
import { applyBall } from "./balls.ts";
import { Dance, WAYS } from "./dance.ts";
import { isUsedWrongly, keep } from "./finish.ts";
import type { GuardOptions } from "./guard.ts";
import { Lock } from "../state/lock.ts";
import { identityOf, sandboxOf } from "./sandbox_options.ts";
import { requireRoot } from "./require_root.ts";
import { untilInterrupted } from "./signals.ts";
import { type Seen, until } from "./stages.ts";
import { closeTemplates } from "./templates.ts";
import { cleanUp, unmount } from "./unmount.ts";
import { Applied, Finished, Listed, Merged, Mounted, Planned, Ready } from "./values.ts";
import { recoverAll } from "./recover.ts";

/** What the shell is opened on, and who decides in the end. */
export interface ShellOptions {
  /** Balls of the plan that are applied first, in its order. */
  readonly balls: readonly string[];
  /** As for a dance. */
  readonly showSecrets?: boolean;
  /** What a person allows. */
  readonly guards?: GuardOptions;
  /** Shown the changes; says whether they are merged. */
  readonly wantsMerge: (changes: readonly Change[]) => Promise<boolean>;
}

/** The layer of what a person does; no ball has such a name. */
const NAME = "(shell)";
const SCRIPT = "shell";

/** Open a shell in a union of its own, and take the union down at the end. */
export async function danceShell(context: Context, options: ShellOptions): Promise<Result> {
  requireRoot("open a shell");
  using _lock = new Lock(context);
  await recoverAll(context);
  cleanUp(context);
  const begun = Dance.begin(context, {
    keepGoing: true,
    showSecrets: options.showSecrets ?? false,
    ...options.guards,
  }, { way: WAYS.shell });
  let reached = begun;
  const seen = (dance: Dance) => reached = dance;
  let isMerged = false;
  try {
    const listed = await danceByHand(begun, options.balls, seen);
    isMerged = await options.wantsMerge(listed.difference.changes) && !context.noop;
    if (isMerged) await untilInterrupted(listed, () => until(listed, Merged, seen));
  } catch (error) {
    if (isUsedWrongly(reached, error)) removeTree(reached.record);
    throw error;
  } finally {
    await closeTemplates(begun);
    if (reached instanceof Mounted) unmount(reached);
  }
  if (isMerged) await untilInterrupted(reached, () => until(reached, Finished, seen));
  return await keep(reached);
}

/** The balls, then the person; what it comes to. */
async function danceByHand(begun: Dance, balls: readonly string[], seen: Seen): Promise<Listed> {
  const whole = await until(begun, Planned, seen);
  const planned = new Planned(whole, whole.planned.only(balls));
  const ready = await until(planned, Ready, seen);
  for (const name of ready.order) await applyBall(ready, name);
  await openShell(ready);
  return await until(new Applied(ready), Listed, seen);
}

async function openShell(dance: Ready): Promise<void> {
  dance.mounted.begin(NAME);
  freshVolatile(dance.mounted);
  forgetAsked(dance);
  info("a shell in the union: nothing that you change here is live; exit ends it");
  // Ctrl-C is for what runs in the shell.
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  await launchInteractive(sandboxOf(dance), ["/bin/bash", "--norc"], {
    ...environmentOf(identityOf(dance, NAME, SCRIPT), SANDBOX_PATH),
    TERM: Deno.env.get("TERM") ?? "dumb",
    // What is typed does not change the machine.
    HISTFILE: "",
    PS1: "(disco) \\w \\$ ",
  });
  Deno.removeSignalListener("SIGINT", ignore);
  dance.mounted.requirePlaces();
  addEffects(dance, collectAsked(dance, { ball: NAME, script: SCRIPT }).effects);
}
