/**
 * Effects: what balls want done to the running system, recorded while they run and carried out
 * after the merge.
 *
 * @module
 */
export { adviceFor } from "./advice.ts";
export { carryOut, type EffectOptions, type EffectOutcome } from "./carry_out.ts";
export { type Denial } from "./denials.ts";
export { decidedBy } from "./decided.ts";
export type { Decision } from "./decision.ts";
export { decidedElsewhere } from "./decided_elsewhere.ts";
export { deduplicate, isCovered } from "./deduplicate.ts";
export { Policies, type PolicySources } from "./load_policy.ts";
export { WAITED_COMMANDS, WAITS, whyNotYet } from "./pending.ts";
export {
  knownCommands,
  parsePolicy,
  type Rule,
  ruleFor,
  shimmedCommands,
  type Trait,
  type Verdict,
  verdictText,
} from "./policy.ts";
export { PROCESS_COMMANDS, whyNoQuestion } from "./questions.ts";
export {
  type Asked,
  type Asker,
  type Effect,
  MOST_EFFECTS,
  readAsked,
  waitingIn,
} from "./record.ts";
export {
  BASH_ENV,
  DISCO_COMMANDS,
  isOwnTarget,
  SHIM_FOLDER,
  STAND_IN_MARK,
  standInFor,
  STRICT_ENV,
  TEMPLATE_ENV,
} from "./own_commands.ts";
export { shimFor } from "./shim.ts";
export { besides, commandLine } from "./shown.ts";
export { SHIPPED_POLICY, shippedRules } from "./shipped_policy.ts";
export { writesOf } from "./writes.ts";
export { isOfScripts } from "./working_directory.ts";
