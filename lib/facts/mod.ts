/**
 * Facts: what a template can know of the machine.
 *
 * @module
 */
import { type Address, addresses, fqdn } from "./network.ts";
import { type Mount, mounts } from "./mounts.ts";
import { type Os, osOf } from "./os_release.ts";

export type { Address } from "./network.ts";
export type { Mount } from "./mounts.ts";
export type { Os, OsFamily } from "./os_release.ts";

/** The facts. All are of the running machine but `os` and `fqdn`, which the tree's files say. */
export interface Facts {
  /** What hostname(1) prints. */
  readonly hostname: string;
  /** The name with its domain, as `/etc/hosts` has it; without one, the host name. */
  readonly fqdn: string;
  /** The distribution. */
  readonly os: Os;
  /** The kernel's release, as of `uname -r`. */
  readonly kernel: string;
  /** As of `uname -m`: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** Processors that may be used. */
  readonly cpus: number;
  /** Bytes of main memory. */
  readonly memory: number;
  /** Addresses of all interfaces, those of `lo` too; by interface, IPv4 first. */
  readonly addresses: readonly Address[];
  /** What is mounted, in the order of mounting. */
  readonly mounts: readonly Mount[];
  /** Another one after each start of the machine. */
  readonly boot_id: string;
}

const COMPUTE: { [K in keyof Facts]: (root: string) => Facts[K] } = {
  hostname: () => Deno.hostname(),
  fqdn: (root) => fqdn(root, Deno.hostname()),
  os: osOf,
  kernel: () => Deno.osRelease(),
  architecture: () => Deno.build.arch,
  cpus: () => navigator.hardwareConcurrency,
  memory: () => Deno.systemMemoryInfo().total,
  addresses,
  mounts,
  boot_id: () => Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim(),
};

/** The facts for the tree at `root`; each is found out when it is first asked for, and kept. */
export function facts(root = "/"): Facts {
  const result = {};
  for (const [name, compute] of Object.entries(COMPUTE)) {
    Object.defineProperty(result, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute(root);
        Object.defineProperty(result, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return result as Facts;
}
