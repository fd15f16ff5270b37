/**
 * The environment of scripts and templates: clean, and the same on every node.
 *
 * @module
 */
import { OFFLINE } from "../init/mod.ts";

/** What a program in the sandbox is run for. */
export interface ScriptIdentity {
  readonly node: string;
  readonly dance: string;
  readonly ball: string;
  /** Such as `scripts/10-setup`. */
  readonly script: string;
  readonly noop: boolean;
}

/** Search path on the live system: for effects and post scripts. */
export const LIVE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Search path in the sandbox: DISCO's own commands first, then shims of commands that balls bring. */
export const SANDBOX_PATH = `/run/disco/bin:/run/disco/by-name:${LIVE_PATH}`;

/** Search path in the strict mode: what the policy knows. */
export const STRICT_PATH = "/run/disco/strict";

/** What apt reads besides its own files: it gives maintainer scripts a search path of its own. */
export const APT_CONFIG = {
  path: "/run/disco/bin/apt.conf",
  text: `DPkg::Path "${SANDBOX_PATH}";\n`,
};

/** The documented variables; nothing of the caller's environment is passed on. */
export function environmentOf(identity: ScriptIdentity, path = LIVE_PATH): Record<string, string> {
  return {
    PATH: path,
    HOME: "/root",
    LANG: "C.UTF-8",
    NOOP: identity.noop ? "true" : "",
    DEBIAN_FRONTEND: "noninteractive",
    ...(path === LIVE_PATH ? {} : { ...OFFLINE, BASH_ENV: bashEnvOf(path) }),
    ...(path === SANDBOX_PATH ? { APT_CONFIG: APT_CONFIG.path } : {}),
    DISCO_BALL: identity.ball,
    DISCO_DANCE: identity.dance,
    DISCO_NODE: identity.node,
    DISCO_PARAMETERS: "/var/disco/parameters",
    DISCO_SCRIPT: identity.script,
  };
}

function bashEnvOf(path: string): string {
  return `/run/disco/bin/${path === STRICT_PATH ? "strict" : "bash"}_env.sh`;
}
