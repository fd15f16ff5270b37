/**
 * The network of a sandbox that has none: a network namespace whose interfaces, addresses and routes
 * look like the host's, and lead nowhere. It is made once for a union, and goes with it.
 *
 * @module
 */
import { messageOf } from "../error/mod.ts";
import { findProgram } from "../process/find_program.ts";
import {
  bytesOf,
  createFile,
  inNetworkOf,
  lstat,
  nameOf,
  O,
  open,
  readAt,
  removeTree,
  unmount,
} from "../posix/mod.ts";
import { run } from "../process/run.ts";
import { shortened } from "../terminal/printable.ts";
import type { Union } from "../union/mod.ts";
import { imageLines, type Link, missingInImage, type Network, type Route } from "./network.ts";

/** The image, as far as there is one. */
export interface NetworkImage {
  /** The bind-mounted namespace, to be entered; undefined where it could not be made. */
  readonly handle: string | undefined;
  /** What scripts see differently from the host, in words. */
  readonly gap: string | undefined;
  /** What was sent and refused in it so far, as in `/proc/net/snmp` and `snmp6`. */
  readonly counters?: () => string;
}

/** Milliseconds that ip(8) may take. */
const TIMEOUT = 10_000;
/** Characters of what went wrong that are told. */
const LONGEST = 300;

const images = new WeakMap<Union, Promise<NetworkImage>>();
/** What is known when everything has been made. */
const made = new WeakMap<Union, NetworkImage>();

/** What ip(8) says of the host's network, or why that is not known. */
export type HostNetwork = Promise<Network | Error>;

/** Read what an image is made of. This can begin before there is a union. */
export async function hostNetwork(): HostNetwork {
  if (!findProgram("ip")) return new Error("the program ip is not installed (package iproute2)");
  try {
    return await readHost();
  } catch (error) {
    return new Error(messageOf(error));
  }
}

/** The image of a union; it is made when it is first asked for, in the union's mount namespace. */
export function networkImage(union: Union, host?: HostNetwork): Promise<NetworkImage> {
  const known = images.get(union) ?? make(union, host ?? hostNetwork()).then((image) => {
    made.set(union, image);
    return image;
  });
  images.set(union, known);
  return known;
}

/** Resolves when the image of a union is made, if that has begun: it needs the union. */
export async function networkSettled(union: Union): Promise<void> {
  await images.get(union);
}

/** What of the host's network scripts of this union have not seen; undefined if all, or not asked. */
export function networkGap(union: Union): string | undefined {
  return made.get(union)?.gap;
}

/** A kernel that has to load the module of dummies gives the host an interface dummy0 with it. */
function harmlessType(): "dummy" | "bridge" {
  return lstat("/sys/module/dummy") ? "dummy" : "bridge";
}

/** Between what two commands print; no JSON. */
const SEPARATOR = "--";

const SCRIPT = `ip -j -force -batch "$1" 2>/dev/null
ip -6 -j -force -batch "$2" 2>/dev/null
exit 0`;

async function make(union: Union, reading: HostNetwork): Promise<NetworkImage> {
  const host = await reading;
  if (host instanceof Error) return failed(host.message);
  const folder = union.folder("network", 0o700);
  const handle = `${folder}/ns`;
  try {
    // Another process has left one, whose counters are not at zero.
    unmount(handle, true);
    for (const name of ["ns", "all", "six"]) removeTree(`${folder}/${name}`);
    const { all, six } = imageLines(host, harmlessType());
    createFile(handle, new Uint8Array(), 0o600);
    createFile(`${folder}/all`, bytesOf(all), 0o600);
    createFile(`${folder}/six`, bytesOf(six), 0o600);
    const words = ["/bin/sh", "-c", SCRIPT, "sh", `${folder}/all`, `${folder}/six`];
    const told = await run(["unshare", `--net=${handle}`, ...words], { timeout: TIMEOUT });
    return checked(host.links, told, handle);
  } catch (error) {
    if (lstat(handle)) unmount(handle, true);
    return failed(messageOf(error));
  }
}

/** Without a rule that refuses the rest, connections would wait for answers that never come. */
function checked(host: readonly Link[], told: string, handle: string): NetworkImage {
  const [rules = [], links = [], rules6 = []] = documents(told) as [Rule[], Link[], Rule[]];
  const hasSix = links.some(({ addr_info }) => addr_info.some(({ family }) => family === "inet6"));
  if (!refusesRest(rules) || (hasSix && !refusesRest(rules6))) {
    unmount(handle, true);
    return failed("this kernel has no rules for routes");
  }
  const missing = missingInImage(host, links);
  const gap = `addresses of the host that are not shown: ${missing.join(", ")}`;
  return {
    handle,
    gap: missing.length > 0 ? shortened(gap, LONGEST) : undefined,
    counters: countersOf(handle),
  };
}

/** Bytes that are read of each file of counters. */
const MOST_COUNTERS = 65_536;

/** The files show the namespace in which they were opened, and can be read from anywhere. */
function countersOf(handle: string): () => string {
  const files = inNetworkOf(
    handle,
    () =>
      ["snmp", "snmp6"].map((name) => `/proc/thread-self/net/${name}`)
        // Where the kernel has no IPv6 there is one.
        .filter((path) => lstat(path)).map((path) => [open(path, O.RDONLY), path] as const),
  );
  const bytes = new Uint8Array(MOST_COUNTERS);
  return () =>
    files.map(([fd, path]) => nameOf(bytes.subarray(0, readAt(fd, bytes, 0, path)))).join("");
}

/** A rule, as `ip -j rule` prints it. */
interface Rule {
  readonly priority: number;
  readonly action?: string;
}

function refusesRest(rules: readonly Rule[]): boolean {
  return rules.some(({ priority, action }) => priority === 1 && action === "unreachable");
}

function failed(why: string): NetworkImage {
  const what = "scripts see no interface but lo, and no address of the host";
  return { handle: undefined, gap: shortened(`${what}: ${why}`, LONGEST) };
}

/** One program instead of three; where the kernel has no IPv6, its routes are none. */
const READ = `ip -j addr show || exit
echo "${SEPARATOR}"
ip -j route show table main || exit
echo "${SEPARATOR}"
ip -6 -j route show table main 2>/dev/null
exit 0`;

async function readHost(): Promise<Network> {
  const text = await run(["/bin/sh", "-c", READ], { timeout: TIMEOUT });
  const [links = [], routes = [], routes6 = []] = text.split(`${SEPARATOR}\n`)
    .map((part) => documents(part)[0]) as [Link[]?, Route[]?, Route[]?];
  return { links, routes, routes6 };
}

/** Each command prints one array, or nothing. */
function documents(text: string): unknown[] {
  return text.split(/\n(?=\[)/).map((part) => part.trim()).filter((part) => part.startsWith("["))
    .map((part) => JSON.parse(part));
}
