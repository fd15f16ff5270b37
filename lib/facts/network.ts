/**
 * Names and addresses.
 *
 * @module
 */
import { readText } from "./read_text.ts";

/** One address of one interface. */
export interface Address {
  /** The interface's name, such as `eth0`. */
  readonly interface: string;
  /** Of IP: 4 or 6. */
  readonly family: 4 | 6;
  /** Without the length of the prefix. */
  readonly address: string;
}

/** The addresses of this machine. */
export function addresses(): Address[] {
  return Deno.networkInterfaces()
    .map(({ name, family, address }): Address => ({
      interface: name,
      family: family === "IPv4" ? 4 : 6,
      address,
    }))
    .sort((a, b) => compare(a.interface, b.interface) || a.family - b.family);
}

/**
 * The name with its domain. No name service is asked: that could take seconds, and a dance has been
 * told the node's name (`it.node`) anyway.
 */
export function fqdn(root: string, hostname: string): string {
  if (hostname.includes(".")) return hostname;
  for (const line of (readText(root, "etc/hosts") ?? "").split("\n")) {
    const [, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [canonical = ""] = names;
    if (names.includes(hostname) && canonical.includes(".")) return canonical;
  }
  return hostname;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
