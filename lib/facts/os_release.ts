/**
 * The distribution, see os-release(5).
 *
 * @module
 */
import { readText } from "./read_text.ts";
import { own } from "../text/own.ts";

/** Distributions that are alike in how they are administered. */
export type OsFamily = "debian" | "rhel" | "alpine" | "arch" | "suse" | "other";

/** What `/etc/os-release` says; what it does not say is empty. */
export interface Os {
  /** Such as `debian`; `linux` where nothing is said. */
  readonly id: string;
  /** The distributions that it is made from, nearest first. */
  readonly id_like: readonly string[];
  /** Such as `12` or `9.3`. */
  readonly version_id: string;
  /** The release's name in the addresses of its packages: `bookworm`; empty where it has none. */
  readonly version_codename: string;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly pretty_name: string;
  /** What `id` and `id_like` come down to. */
  readonly family: OsFamily;
}

const FAMILIES: Record<string, OsFamily> = {
  debian: "debian",
  ubuntu: "debian",
  rhel: "rhel",
  fedora: "rhel",
  centos: "rhel",
  alpine: "alpine",
  arch: "arch",
  archlinux: "arch",
  suse: "suse",
  opensuse: "suse",
  sles: "suse",
};

/** The distribution in the tree at `root`. */
export function osOf(root: string): Os {
  const text = readText(root, "etc/os-release") ?? readText(root, "usr/lib/os-release") ?? "";
  return parseOsRelease(text);
}

/** Parse os-release: lines `NAME=value`, the value quoted as for a shell. */
export function parseOsRelease(text: string): Os {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const found = /^\s*([A-Z0-9_]+)=(.*?)\s*$/.exec(line);
    if (found) values.set(found[1]!, unquote(found[2]!));
  }
  const id = values.get("ID") ?? "linux";
  const like = (values.get("ID_LIKE") ?? "").split(/\s+/).filter(Boolean);
  return {
    id,
    id_like: like,
    version_id: values.get("VERSION_ID") ?? "",
    version_codename: values.get("VERSION_CODENAME") ?? values.get("UBUNTU_CODENAME") ?? "",
    pretty_name: values.get("PRETTY_NAME") ?? "",
    family: familyOf([id, ...like]),
  };
}

function familyOf(ids: string[]): OsFamily {
  for (const id of ids) {
    const family = own(FAMILIES, id) ?? own(FAMILIES, id.split("-")[0]!);
    if (family) return family;
  }
  return "other";
}

function unquote(value: string): string {
  const [, quote, inner = value] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return quote === "'" ? inner : inner.replaceAll(/\\(["'$`\\])/g, "$1");
}
