/**
 * Whether this machine can show what an attempt would do.
 *
 * @module
 */
import { ATTEMPTS } from "./attempts.ts";
import type { Findings } from "./inside.ts";

/** Numbers of capabilities that a machine may keep from its root (linux/capability.h). */
const CAPABILITIES: Readonly<Record<string, bigint>> = {
  sys_module: 16n,
  sys_rawio: 17n,
  sys_boot: 22n,
  sys_resource: 24n,
  sys_time: 25n,
  syslog: 34n,
};

/** Why the attempt cannot get through here, whatever is left out; undefined where it must. */
export function whyNoControl(name: string, findings: Findings): string | undefined {
  const { needs } = ATTEMPTS[name]!;
  if (findings.controls[name]?.verdict === "absent") {
    return `not in this kernel (${findings.controls[name].detail})`;
  }
  if (needs === undefined) return undefined;
  const has = BigInt(`0x${findings.capabilities}`) >> CAPABILITIES[needs]! & 1n;
  return has ? undefined : `root has no CAP_${needs.toUpperCase()} on this machine`;
}
