/**
 * The policy that ships with DISCO: the files of `restricted.d/` beside this one.
 *
 * @module
 */
import { parsePolicy, type Rule } from "./policy.ts";
import systemd from "./restricted.d/10-systemd.conf" with { type: "text" };
import init from "./restricted.d/20-init.conf" with { type: "text" };
import processes from "./restricted.d/30-processes.conf" with { type: "text" };
import kernel from "./restricted.d/40-kernel.conf" with { type: "text" };
import mounts from "./restricted.d/50-mounts.conf" with { type: "text" };
import network from "./restricted.d/60-network.conf" with { type: "text" };
import services from "./restricted.d/65-services.conf" with { type: "text" };
import devices from "./restricted.d/67-devices.conf" with { type: "text" };
import files from "./restricted.d/70-files.conf" with { type: "text" };

/** The files by their names, in the order in which they count. */
export const SHIPPED_POLICY: Readonly<Record<string, string>> = {
  "10-systemd.conf": systemd,
  "20-init.conf": init,
  "30-processes.conf": processes,
  "40-kernel.conf": kernel,
  "50-mounts.conf": mounts,
  "60-network.conf": network,
  "65-services.conf": services,
  "67-devices.conf": devices,
  "70-files.conf": files,
};

/** The rules of all of them. */
export function shippedRules(): Rule[] {
  return Object.entries(SHIPPED_POLICY).flatMap(([name, text]) =>
    parsePolicy(text, `shipped/${name}`)
  );
}
