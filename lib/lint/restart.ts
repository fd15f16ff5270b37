/**
 * Effects that a service should not see on every run.
 *
 * @module
 */
import { isServiceManager } from "../init/mod.ts";

const VERB = /^((try|cond|force)-?)?(restart|reload)(-or-restart)?$/;

/** Whether a command restarts a service, or has it read its configuration anew. */
export function isRestart([program = "", ...words]: readonly string[]): boolean {
  return isServiceManager(program) && words.some((word) => VERB.test(word));
}
