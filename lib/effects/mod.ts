/**
 * Effects: what balls want done to the running system, recorded while they run and carried out
 * after the merge.
 *
 * @module
 */
export { carryOut, type EffectOptions, type EffectOutcome } from "./carry_out.ts";
export { Policies, type PolicySources } from "./load_policy.ts";
export {
  knownCommands,
  parsePolicy,
  type Rule,
  ruleFor,
  shimmedCommands,
  type Verdict,
} from "./policy.ts";
export { whyNoQuestion } from "./questions.ts";
export {
  type Asked,
  type Asker,
  commandLine,
  deduplicate,
  type Effect,
  MOST_EFFECTS,
  readAsked,
} from "./record.ts";
export {
  BASH_ENV,
  DISCO_COMMANDS,
  isOwnTarget,
  SERVICE_MANAGERS,
  SHIM_FOLDER,
  shimFor,
  STAND_IN_MARK,
  standInFor,
  STRICT_ENV,
} from "./shims.ts";
export { SHIPPED_POLICY, shippedRules } from "./shipped_policy.ts";
