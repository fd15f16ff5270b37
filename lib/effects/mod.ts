/**
 * Effects: what balls want done to the running system, recorded while they run and carried out
 * after the merge.
 *
 * @module
 */
export { carryOut, type EffectOptions, type EffectOutcome } from "./carry_out.ts";
export { DEFAULT_POLICY } from "./default_policy.ts";
export { loadPolicy } from "./load_policy.ts";
export { parsePolicy, type Rule, ruleFor, type Verdict } from "./policy.ts";
export { commandLine, deduplicate, type Effect, readEffects } from "./record.ts";
export { DISCO_ASK, DISCO_EFFECT, SHIM_FOLDER, shimFor } from "./shims.ts";
