/**
 * What the sandbox refused a script: from the counters of its network, the records of the policy and
 * the oracle, the bound on processes, and what programs said when a call was refused.
 *
 * @module
 */
import type { RefusalKind } from "../result/mod.ts";

/** One thing that a script asked for and did not get. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** What was refused, in words. */
  readonly what: string;
  /** What its author can do, if that is more than {@linkcode ADVICE} says. */
  readonly advice?: string;
}

/** What the author of a script can do about each kind. */
export const ADVICE: Readonly<Record<RefusalKind, string>> = {
  "by-path": "call it by its name, or let bash run the script: there a path is taken for the name",
  clock: "ask for it with disco-effect, or set it in post/",
  denied: "allow it in restricted.d, ask for it with disco-effect, or put it into post/",
  device: "devices belong to the kernel and udev: make the node in post/, or write a rule for udev",
  ended: "let the script wait for what it starts; what runs on belongs into a service, or post/",
  hidden: "ask the live system by a command, such as systemctl is-active, or look in post/",
  "host-name": "write /etc/hostname, and ask for hostname with disco-effect",
  kernel:
    "write a file in /etc/sysctl.d and ask for sysctl with disco-effect, or put it into post/",
  mount: "write /etc/fstab and ask for mount with disco-effect, or put it into post/",
  namespace: "the sandbox is one already: put it into post/",
  network:
    "a live run has the network; to have it in a dry run too, set disco/client/noop/network to yes",
  path: "write PATH=...:$PATH, or let bash run the script, with #!/bin/bash",
  place: "that file system is not part of the union: write there in post/",
  process: "processes of the live system are signalled after the merge: disco-effect kill",
  processes: "start fewer processes at a time",
  question: "ask in post/, or with options that only ask",
  replaced: "use the command in a later script, where the policy for commands knows it again",
  schedule: "priorities are for the live system: set them in the service's unit, or in post/",
  "stand-in":
    "leave managers of services (systemctl, service) out of what is read, or do it in post/",
};

/** Counters of a network that nothing leads out of: what was tried, and refused (snmp_counter.rst). */
const COUNTERS = /^Ip6OutNoRoutes\s+(\d+)$/gm;

/**
 * How many connections and look-ups found no way out, from the text of `/proc/net/snmp` and `snmp6`;
 * 0 where it says nothing.
 */
export function refusedConnections(text: string): number {
  const six = [...text.matchAll(COUNTERS)].reduce((sum, [, n]) => sum + Number(n), 0);
  return six + counter(text, "Ip", "OutNoRoutes") + counter(text, "Tcp", "AttemptFails") +
    counter(text, "Udp", "NoPorts");
}

/** Two lines a protocol: the names, then the numbers. */
function counter(text: string, protocol: string, name: string): number {
  const [names = [], numbers = []] = text.split("\n")
    .filter((line) => line.startsWith(`${protocol}: `)).map((line) => line.split(" "));
  return Number(numbers[names.indexOf(name)] ?? 0);
}

/** Each refusal once; of the network one, with how often it was tried. */
export function tidyRefusals(found: readonly Refusal[], connections: number): Refusal[] {
  const isNetwork = ({ kind }: Refusal) => kind === "network";
  const words = [...new Set(found.filter(isNetwork).map(({ what }) => what))];
  const times = connections > 0
    ? `connections or name look-ups, ${connections} times`
    : words.join(", ");
  const network = connections > 0 || words.length > 0
    ? [{ kind: "network", what: times } as const]
    : [];
  const others = found.filter((refusal) => !isNetwork(refusal));
  const byKey = new Map(others.map((refusal) => [`${refusal.kind} ${refusal.what}`, refusal]));
  return [...byKey.values(), ...network];
}
