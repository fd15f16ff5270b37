/**
 * The command line of the sandbox: bubblewrap with the union as its root.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { Tree } from "../door/mod.ts";
import { type Effect, type Rule, SHIM_FOLDER } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { findProgram } from "../process/find_program.ts";
import { TIME } from "../metrics/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Union } from "../union/mod.ts";
import { type Chroot, MOUNT_POINTS } from "./chroot.ts";
import { coveredIn } from "./cover.ts";
import { mountDevices } from "./devices.ts";
import { bindResolver, resolverOf } from "./resolver.ts";
import { mountService } from "./service.ts";
import { guardProc, privateWalls, type Wall } from "./walls.ts";

/** What one sandbox is for. */
export interface SandboxOptions {
  readonly union: Union;
  readonly chroot: Chroot;
  /** The policy for the commands of the ball. */
  readonly rules: readonly Rule[];
  /** Effects that earlier scripts have asked for: questions about these units are not answered. */
  readonly waiting?: readonly Effect[];
  readonly context: Context;
  /** The ball's folder, visible as `/run/disco/ball`; null for a shell. */
  readonly ballDir: string | null;
  readonly network: boolean;
  /** The dance, whose control group it joins. */
  readonly dance: string;
  /** Bytes of memory that it may use, files in memory included; a share of the machine's without. */
  readonly memory?: number;
  /** It cannot ask for effects, nor ask the live system. */
  readonly leavesNothing?: boolean;
  /** Only commands that the policy knows are in the search path. */
  readonly strict?: boolean;
  /** Keep the terminal, for a person. */
  readonly interactive?: boolean;
}

let bwrap: string | undefined;

/**
 * The arguments up to and with `--`; the command follows.
 *
 * @param filter A descriptor of the seccomp filter, which the sandbox inherits and closes.
 * @param without Walls that are left out, by tests that show what they are for.
 * @param inImage It is started in what is the network of a sandbox without one; else it has a new one.
 */
export function sandboxArgv(
  options: SandboxOptions,
  filter: number,
  without: readonly Wall[] = [],
  inImage = false,
): string[] {
  const { union, context, interactive = false } = options;
  const volatile = union.folder("volatile");
  const has = (wall: Wall) => !without.includes(wall);
  const walls = privateWalls({ network: options.network || inImage, interactive, filter });
  return [
    bwrap ??= findProgram("bwrap") ?? "bwrap",
    ...[has("devices") ? "--bind" : "--dev-bind", union.mountpoint, "/"],
    ...Object.entries(walls).flatMap(([wall, argv]) => has(wall as Wall) ? argv : []),
    "--die-with-parent",
    ...["--proc", "/proc", ...(has("proc") ? guardProc(union, has("covers")) : [])],
    ...(has("sys") ? ["--ro-bind", union.folder("sys"), "/sys"] : ["--bind", "/sys", "/sys"]),
    ...(has("devices") ? mountDevices(union, interactive) : ["--dev-bind", "/dev", "/dev"]),
    ...(has("volatile") ? ownPlaces(volatile) : hostPlaces()),
    ...own(has("service"), [
      ...mountService(union, options),
      ...bindResolver(union, context.root),
      ...hide(options),
      ...(has("covers") ? [] : uncover(union)),
    ]),
    ...["--chdir", "/", "--"],
  ];
}

/** DISCO's own mounts, or the same that can be written to, for a test. */
function own(isWalled: boolean, argv: readonly string[]): readonly string[] {
  return isWalled ? argv : argv.map((word) => word === "--ro-bind" ? "--bind" : word);
}

/** The sandbox's own /run, /tmp and /dev/shm. */
function ownPlaces(volatile: string): string[] {
  return [
    ...["--bind", `${volatile}/shm`, "/dev/shm"],
    ...["--bind", `${volatile}/tmp`, "/tmp"],
    ...["--bind", `${volatile}/run`, "/run"],
  ];
}

/** The host's, for a test. */
function hostPlaces(): string[] {
  return ["/dev/shm", "/tmp", "/run"].flatMap((place) => ["--bind", place, place]);
}

/** DISCO's own state is not part of the union: only the parameters are there, read-only. */
function hide(options: SandboxOptions): string[] {
  const { union } = options;
  const hidden = union.folder("hidden");
  using tree = new Tree(union.mountpoint);
  return hiddenPlaces(tree, options).flatMap((path) => [
    "--ro-bind",
    path === "/var/disco" ? union.folder("state") : hidden,
    path,
  ]);
}

/** What is shown of the host, as its own inodes, for a test. */
function uncover(union: Union): string[] {
  const shown = { [SHIM_FOLDER]: union.folder("disco"), "/var/disco": union.folder("state") };
  return Object.entries(shown).flatMap(([place, folder]) =>
    coveredIn(union, folder).flatMap(([host, path]) => ["--ro-bind", host, place + path])
  );
}

function hiddenPlaces(tree: Tree, { chroot }: SandboxOptions): string[] {
  const isVolatile = (path: string) => ["/tmp/", "/run/"].some((place) => path.startsWith(place));
  const hidden = chroot.hidden
    .filter((path) => path !== "/etc/disco" && path !== "/var/disco" && !isVolatile(path))
    .filter((path) => tree.stat(path)?.type === "directory");
  return ["/etc/disco", "/var/disco", ...hidden];
}

/**
 * Throw if the sandbox cannot be mounted where it must be, because a script has moved a directory
 * there or put a link in its place. bubblewrap would follow the link, and out of the union at that:
 * while it builds the sandbox, the host's root is at `/oldroot`.
 */
export function requireMountPoints(options: SandboxOptions): void {
  const { union, context } = options;
  using tree = new Tree(union.mountpoint);
  using volatile = new Tree(union.folder("volatile"));
  using live = new Tree(context.root);
  const places = [...MOUNT_POINTS, ...hiddenPlaces(tree, options)];
  const resolver = resolverOf(live);
  const culprit = places.find((path) => !isPlain(tree, path, true)) ??
    (resolver !== undefined && !isPlain(volatile, resolver, false) ? resolver : undefined);
  if (culprit === undefined) return;
  throw new DiscoError(
    `Cannot build the sandbox: "${
      printable(culprit)
    }" has been moved, removed or replaced by a link`,
    { hint: "a ball must leave the directories alone in which the sandbox has mounts of its own" },
  );
}

/** Whether every part of a path is a directory, or the last one a file; or nothing, if that is fine. */
function isPlain(tree: Tree, path: string, isNeeded: boolean): boolean {
  const parts = path.split("/").slice(1);
  return parts.every((_, i) => {
    const stat = tree.stat(`/${parts.slice(0, i + 1).join("/")}`);
    if (!stat) return !isNeeded;
    return stat.type === "directory" || (stat.type === "file" && i === parts.length - 1);
  });
}

/** Whether the tools of the sandbox are installed; the name of a missing package otherwise. */
export function missingPackage(): string | undefined {
  const needed = [["bwrap", "bubblewrap"], ["prlimit", "util-linux"], [TIME, "time"]] as const;
  return needed.find(([program]) => findProgram(program) === undefined)?.[1];
}
