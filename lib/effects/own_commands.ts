/**
 * What DISCO puts into the sandbox for commands: programs of its own, and where stand-ins lead.
 *
 * @module
 */
import ask from "./sh/disco_ask.sh" with { type: "text" };
import bashEnv from "./sh/bash_env.sh" with { type: "text" };
import chattr from "./sh/chattr.sh" with { type: "text" };
import chown from "./sh/chown.sh" with { type: "text" };
import deny from "./sh/disco_deny.sh" with { type: "text" };
import effect from "./sh/disco_effect.sh" with { type: "text" };
import kill from "./sh/kill.sh" with { type: "text" };
import record from "./sh/record.sh" with { type: "text" };
import policyRc from "./sh/policy_rc.sh" with { type: "text" };
import crontab from "./sh/crontab.sh" with { type: "text" };
import sudo from "./sh/sudo.sh" with { type: "text" };
import templateEnv from "./sh/template_env.sh" with { type: "text" };
import strictEnv from "./sh/strict_env.sh" with { type: "text" };

/** Where the sandbox keeps what serves the shims. */
export const SHIM_FOLDER = "/run/disco";

/** The programs in `/run/disco/bin`, by name. */
export const DISCO_COMMANDS: Readonly<Record<string, string>> = {
  "disco-ask": ask,
  "disco-deny": deny,
  "disco-effect": effect,
  // Debian asks it before an installation starts or stops a service.
  "policy-rc.d": policyRc,
  // Is read by those that write records.
  "record.sh": record,
  chown,
  kill,
  // Are met as sudo, crontab and chattr where the union has one.
  "chattr.sh": chattr,
  "sudo.sh": sudo,
  "crontab.sh": crontab,
};

/** What bash reads first. */
export const BASH_ENV: string = bashEnv;
/** What bash reads first in the strict mode. */
export const STRICT_ENV: string = strictEnv;
/** What the bash of a template reads first. */
export const TEMPLATE_ENV: string = templateEnv;

/** How each stand-in of DISCO's begins: what begins so is none of a ball's files. */
export const STAND_IN_MARK = "#!/bin/sh\n# DISCO stands here";

/** Where a stand-in leads; it is a link, so that no byte of it can be taken for the command's. */
export function standInFor(command: string): string {
  return `${SHIM_FOLDER}/shims/${command}`;
}

/** Whether a link's target is one of DISCO's own in the sandbox. */
export function isOwnTarget(target: string): boolean {
  return target.startsWith(`${SHIM_FOLDER}/`);
}
