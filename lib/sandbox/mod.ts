/**
 * The sandbox: where the scripts and bash templates of balls run.
 *
 * @module
 */
export { busyProcess } from "./busy.ts";
export { missingPackage, type SandboxOptions } from "./bubblewrap.ts";
export { dropCgroup, leftCgroups } from "./cgroup.ts";
export { commandPathsIn } from "./by_path.ts";
export { missingLandlock } from "./confine.ts";
export { missingStandInWatch, unwatchStandIns } from "./stand_in_watch.ts";
export { launchInteractive } from "./launch.ts";
export { type Chroot, prepareChroot } from "./chroot.ts";
export { leftInRun, tellLeft } from "./run_image.ts";
export { freshService } from "./service.ts";
export { memoryLimit } from "./memory.ts";
export {
  type HostNetwork,
  hostNetwork,
  networkGap,
  networkImage,
  networkSettled,
} from "./network_image.ts";
export { realPath } from "./real_path.ts";
export { environmentOf, LIVE_PATH, SANDBOX_PATH, type ScriptIdentity } from "./environment.ts";
export { type Wall, WALLS } from "./walls.ts";
export { ADVICE, type Refusal } from "./refusals.ts";
export { describeOutcome, isSuccess, type Outcome } from "./outcome.ts";
export { interpreterOf, runScript, type ScriptOptions, type ScriptResult } from "./script.ts";
export { runTrial, type TrialOptions } from "./trial.ts";
export { type RenderedTemplate, runTemplates, type TemplatesOptions } from "./templates.ts";
export { freshVolatile, isUntouched } from "./volatile.ts";
