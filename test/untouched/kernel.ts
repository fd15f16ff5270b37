/**
 * What the kernel says of a host besides files and processes, as a program in the host sees it.
 *
 * @module
 */
import type { ThrowawayHost } from "../host/mod.ts";
import { type Seen, seenLines } from "./seen.ts";

/** What is asked, each with a command whose output says it. */
const QUESTIONS = {
  settings: "grep -rsHI '' /proc/sys",
  keys: "cat /proc/keys /proc/key-users",
  sockets: "grep -H '' /proc/net/{tcp,tcp6,udp,udp6,raw,raw6,packet,unix,netlink}",
  ipc: "grep -H '' /proc/sysvipc/*",
  network: [
    "ip -details -oneline link; ip -oneline addr; ip rule; ip route show table all; ip neigh",
    "cat /proc/net/dev /proc/net/dev_mcast; ! type nft || nft list ruleset",
    "! type iptables-save || iptables-save",
  ].join("; "),
  modules: "sed 's/ .*//' /proc/modules",
  swaps: "cat /proc/swaps",
} as const;

/** Parts of a host's kernel. */
export type Part = keyof typeof QUESTIONS;

/** How the lines of an answer become comparable; those that are not listed are so by themselves. */
const READERS: Partial<Record<Part, (lines: string[]) => Seen>> = {
  settings: seeSettings,
  keys: (lines) => seenLines(lines.map(withoutUse)),
  sockets: (lines) => seenLines(lines.map(withoutCounters)),
};

/** Ask a host; running the program that answers is the only thing that this does to it. */
export async function seeKernel(host: ThrowawayHost): Promise<Record<Part, Seen>> {
  const parts = Object.keys(QUESTIONS) as Part[];
  const script = parts.map((part) => `echo '== ${part}'; { ${QUESTIONS[part]}; } 2>/dev/null`);
  const answer = await host.run(["bash", "-c", `${script.join("\n")}\ntrue`]);
  const sections = new Map(
    answer.split(/^== /m).slice(1).map((section) => {
      const [name = "", ...lines] = section.split("\n");
      return [name, lines.filter(Boolean)];
    }),
  );
  const read = (part: Part) => [part, (READERS[part] ?? seenLines)(sections.get(part) ?? [])];
  return Object.fromEntries(parts.map(read)) as Record<Part, Seen>;
}

/**
 * Below `/proc/sys`, what counts by itself: whatever any process of the machine does changes it
 * (Documentation/admin-guide/sysctl).
 */
const COUNTERS = [
  "fs/aio-nr",
  "fs/dentry-state",
  "fs/file-nr",
  "fs/inode-nr",
  "fs/inode-state",
  "fs/quota/.*",
  "kernel/hung_task_detect_count",
  "kernel/ns_last_pid",
  "kernel/pty/nr",
  "kernel/random/.*",
  "net/netfilter/nf_conntrack_count",
];
const COUNTER = new RegExp(`^/proc/sys/(${COUNTERS.join("|")})$`);

function seeSettings(lines: string[]): Seen {
  const seen = new Map<string, Record<string, string>>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const [path, value] = [line.slice(0, colon), line.slice(colon + 1)];
    if (COUNTER.test(path)) continue;
    const name = path.slice("/proc/sys/".length);
    const above = seen.get(name)?.value;
    seen.set(name, { value: above === undefined ? value : `${above}\n${value}` });
  }
  return seen;
}

/** `/proc/keys` and `/proc/key-users`: without how many use it, and how long it lives still. */
function withoutUse(line: string): string {
  const [id = "", flags, use, life, ...rest] = line.trim().split(/\s+/);
  return id.endsWith(":") ? [id, use, life, ...rest].join(" ") : [id, flags, ...rest].join(" ");
}

/** A line of one of the tables, without its number or address, and without timers and counts. */
function withoutCounters(line: string): string {
  const colon = line.indexOf(":");
  const table = line.slice("/proc/net/".length, colon);
  const words = line.slice(colon + 1).trim().split(/\s+/);
  return [table, ...COLUMNS[table]?.(words) ?? words].join(" ");
}

/** Of each table what stays: addresses, state, owner, inode. */
const COLUMNS: Readonly<Record<string, (words: string[]) => (string | undefined)[]>> = {
  unix: (words) => words.slice(2),
  packet: (words) => [...words.slice(2, 6), ...words.slice(7)],
  netlink: (words) => words.slice(1, 4),
  ...Object.fromEntries(
    ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"].map((table) => [
      table,
      (words: string[]) => [...words.slice(1, 5), words[7], words[9]],
    ]),
  ),
};
