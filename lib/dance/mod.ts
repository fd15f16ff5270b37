/**
 * The dance: chains the stages, and lets each be run alone.
 *
 * @module
 */
export { beginBall, render, runScripts } from "./apply.ts";
export { applyBall, applyBalls, failBall } from "./balls.ts";
export { canCarryOutEffects, goOnBooting } from "./boot.ts";
export type { Answer, Reviewer } from "./choose.ts";
export { requireServer } from "./chosen_server.ts";
export {
  confirmGeneration,
  listUnconfirmed,
  parseCommand,
  parseDelay,
  type Unconfirmed,
} from "./confirm.ts";
export { Dance, type DanceOptions, type Progress } from "./dance.ts";
export { requireLayerOf, requireWhole, runBallStage } from "./ball_stage.ts";
export { runChecks } from "./checks.ts";
export { diff, othersOf } from "./diff.ts";
export { fetch, plan } from "./fetch.ts";
export { fetchShown } from "./fetch_shown.ts";
export { fetchedLines } from "./fetched_lines.ts";
export { keep, resultOf } from "./finish.ts";
export { guardMerge, type GuardOptions, warnOfRefusal } from "./guard.ts";
export { deletionHint, deletionMessage, massDeletion } from "./mass_deletion.ts";
export { carryOutEffects, listEffects } from "./effects.ts";
export { afterMerge, merge } from "./merge.ts";
export { chroot, cleanUp, enter, leave, mount, type MountOptions, unmount } from "./mount.ts";
export { rememberDelivered, treatOrphans } from "./orphans.ts";
export { leftEntry, leftLine, listLeft, listOwed, owedEntry, owedLine } from "./due.ts";
export { forgetOwed, retryById } from "./owed.ts";
export { allowBalls } from "./refused_balls.ts";
export { requireRoot } from "./require_root.ts";
export { sayRootless } from "./rootless.ts";
export { untilInterrupted, whileWaiting } from "./signals.ts";
export { runStage, type StageOptions } from "./stage.ts";
export { danceShell, type ShellOptions } from "./shell.ts";
export type { SavedPlanOptions } from "./saved_plan.ts";
export { secretsOf } from "./secret_paths.ts";
export { prepareTemplates } from "./templates.ts";
export { giveUpMerge, recoverMerges, refusePending } from "./recover.ts";
export { rollBack, type RollBackOptions } from "./rollback.ts";
export { danceWhole, danceWith } from "./whole.ts";
