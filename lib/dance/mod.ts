/**
 * The dance: chains the stages, and lets each be run alone.
 *
 * @module
 */
export { beginBall, render, runScripts } from "./apply.ts";
export type { Answer, Reviewer } from "./choose.ts";
export { requireServer } from "./chosen_server.ts";
export { confirmGeneration, listUnconfirmed, parseCommand, parseDelay } from "./confirm.ts";
export { Dance, type DanceOptions, WAYS } from "./dance.ts";
export { requireLayerOf, requireWhole, runBallStage } from "./ball_stage.ts";
export { runChecks } from "./checks.ts";
export { othersOf } from "./diff.ts";
export { PlannedBalls } from "./planned_balls.ts";
export { fetchShown } from "./fetch_shown.ts";
export { fetchedLines } from "./fetched_lines.ts";
export { keep } from "./finish.ts";
export { type GuardOptions, warnOfRefusal } from "./guard.ts";
export { deletionHint, deletionMessage, massDeletion } from "./mass_deletion.ts";
export { leftEntry, leftLine, listLeft, listOwed, owedEntry, owedLine } from "./due.ts";
export { forgetOwed, retryById } from "./owed.ts";
export { allowBalls } from "./refused_balls.ts";
export { requireRoot } from "./require_root.ts";
export { sayRootless } from "./rootless.ts";
export { untilInterrupted, whileWaiting } from "./signals.ts";
export { appliedSoFar, mountAlone, runStage, unmountAlone } from "./stage.ts";
export { until } from "./stages.ts";
export { danceShell, type ShellOptions } from "./shell.ts";
export type { SavedPlanOptions } from "./saved_plan.ts";
export { secretsOf } from "./secret_paths.ts";
export { closeTemplates, prepareTemplates } from "./templates.ts";
export { leave, unmount } from "./unmount.ts";
export { Applied, Fetched, Finished, Listed, Merged, Mounted, Planned, Ready } from "./values.ts";
export { giveUpMerge, recoverMerges, refusePending } from "./recover.ts";
export { rollBack, type RollBackOptions } from "./rollback.ts";
export { danceWhole, danceWith } from "./whole.ts";
