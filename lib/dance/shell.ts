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
import { runChecks } from "./checks.ts";
import { Dance } from "./dance.ts";
import { diff } from "./diff.ts";
import { fetch, plan } from "./fetch.ts";
import { keep } from "./finish.ts";
import type { GuardOptions } from "./guard.ts";
import { Lock } from "../state/lock.ts";
import { carryOutEffects, listEffects } from "./effects.ts";
import { merge } from "./merge.ts";
import { chroot, cleanUp, mount, unmount } from "./mount.ts";
import { identityOf, sandboxOf } from "./sandbox_options.ts";
import { requireRoot } from "./require_root.ts";
import { untilInterrupted } from "./signals.ts";
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
  const dance = Dance.begin(context, {
    keepGoing: true,
    showSecrets: options.showSecrets ?? false,
    ...options.guards,
  });
  let isMerged = false;
  try {
    await fetch(dance);
    await plan(dance);
    await mount(dance, { persist: false });
    chroot(dance);
    options.balls.forEach((name) => dance.ball(name));
    const chosen = dance.planned.order.filter(({ name }) => options.balls.includes(name));
    dance.progress.plan = { ...dance.planned, order: chosen };
    for (const { name } of chosen) await applyBall(dance, name);
    await openShell(dance);
    const { changes } = await diff(dance);
    listEffects(dance);
    isMerged = await options.wantsMerge(changes) && !context.noop;
    if (isMerged) await untilInterrupted(dance, () => tryAndMerge(dance, changes));
  } catch (error) {
    if (dance.isUsedWrongly(error)) removeTree(dance.record);
    throw error;
  } finally {
    await dance.eta?.close();
    unmount(dance);
  }
  if (isMerged) await untilInterrupted(dance, () => carryOutEffects(dance));
  return await keep(dance);
}

async function tryAndMerge(dance: Dance, changes: readonly Change[]): Promise<void> {
  await runChecks(dance, changes);
  await merge(dance);
}

async function openShell(dance: Dance): Promise<void> {
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
    // What is typed is no change of the machine.
    HISTFILE: "",
    PS1: "(disco) \\w \\$ ",
  });
  Deno.removeSignalListener("SIGINT", ignore);
  dance.mounted.requirePlaces();
  addEffects(dance, collectAsked(dance, { ball: NAME, script: SCRIPT }).effects);
}
