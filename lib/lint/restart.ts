/**
 * Effects that a service should not see on every run.
 *
 * @module
 */
import { basename, dirname } from "@std/path";

const MANAGERS = ["systemctl", "service", "rc-service", "invoke-rc.d"];
const VERB = /^((try|cond|force)-?)?(restart|reload)(-or-restart)?$/;

/** Whether a command restarts a service, or has it read its configuration anew. */
export function isRestart([program = "", ...words]: readonly string[]): boolean {
  const isManager = MANAGERS.includes(basename(program)) || dirname(program) === "/etc/init.d";
  return isManager && words.some((word) => VERB.test(word));
}
