/**
 * How the sandbox is built: what is mounted over the union, and the command line of bubblewrap.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { type Effect, type Rule, SHIM_FOLDER } from "../effects/mod.ts";
import { findProgram } from "../process/find_program.ts";
import { TIME } from "../metrics/mod.ts";
import { readable, type Shown, type Sight, type Union, writable } from "../union/mod.ts";
import type { Chroot } from "./chroot.ts";
import { coveredIn } from "./cover.ts";
import { devicesOfPerson, QUEUES } from "./devices.ts";
import { showResolver } from "./resolver.ts";
import { showService } from "./service.ts";
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

/** How a sandbox is built: what is mounted first, and the arguments of bubblewrap. */
export interface Plan {
  readonly sight: Omit<Sight, "state">;
  /** Up to and with `--`; the command follows. */
  readonly argv: readonly string[];
}

/**
 * Plan a sandbox.
 *
 * @param hidden Folders that are not shown, see {@linkcode Survey}.
 * @param filter A descriptor of the seccomp filter, which the sandbox inherits and closes.
 * @param without Walls that are left out, by tests that show what they are for.
 * @param inImage It is started in what is the network of a sandbox without one; else it has a new one.
 */
export function planSandbox(
  options: SandboxOptions,
  hidden: readonly string[],
  filter: number,
  without: readonly Wall[] = [],
  inImage = false,
): Plan {
  const { union, interactive = false } = options;
  const has = (wall: Wall) => !without.includes(wall);
  const walls = privateWalls({ network: options.network || inImage, interactive, filter });
  const program = bwrap ??= findProgram("bwrap") ?? "bwrap";
  const argv = [
    program,
    // What may hold device nodes is said by the tree itself.
    ...["--dev-bind", union.view.path, "/"],
    ...Object.entries(walls).flatMap(([wall, argv]) => has(wall as Wall) ? argv : []),
    "--die-with-parent",
    ...["--proc", "/proc", ...(has("proc") ? guardProc(union, has("covers")) : [])],
    ...(interactive ? devicesOfPerson(union) : QUEUES),
    ...(interactive ? ["--bind", shmOf(union, has), "/dev/shm"] : []),
    ...["--chdir", "/", "--"],
  ];
  const needed = [
    ...[program, union.folder("proc"), union.folder("devices")],
    ...(interactive ? TERMINALS : []),
  ];
  return { argv, sight: { shown: shownIn(options, hidden, has), needed } };
}

/** Where the terminals of the live system are. */
const TERMINALS = ["/dev", "/dev/pts"];

function shmOf(union: Union, has: (wall: Wall) => boolean): string {
  return has("volatile") ? `${union.folder("volatile")}/shm` : "/dev/shm";
}

/** What is shown, in the order in which it is mounted. */
function shownIn(
  options: SandboxOptions,
  hidden: readonly string[],
  has: (wall: Wall) => boolean,
): Shown[] {
  const { union, context, interactive = false } = options;
  const devices = has("devices") ? union.folder("devices") : "/dev";
  const own = [
    ...showService(union, options),
    ...showResolver(union, context.root),
    ...hide(union, hidden),
    ...(has("covers") ? [] : showHost(union)),
  ];
  return [
    { ...writable(union.mountpoint, "/"), hasDevices: !has("devices") },
    ...(interactive ? [] : [
      { ...writable(devices, "/dev"), hasDevices: true },
      writable(shmOf(union, has), "/dev/shm"),
    ]),
    has("sys") ? readable(union.folder("sys"), "/sys") : writable("/sys", "/sys"),
    ...["/tmp", "/run"].map((place) =>
      writable(has("volatile") ? union.folder("volatile") + place : place, place)
    ),
    // DISCO's own mounts, or the same that can be written to, for a test.
    ...(has("service") ? own : own.map((one) => ({ ...one, isReadOnly: false }))),
  ];
}

/** DISCO's own state is not part of the union: only the parameters are there, read-only. */
function hide(union: Union, places: readonly string[]): Shown[] {
  const hidden = union.folder("hidden");
  return places.map((at) => readable(at === "/var/disco" ? union.folder("state") : hidden, at));
}

/** What is shown of the host, as its own inodes, for a test. */
function showHost(union: Union): Shown[] {
  const shown = { [SHIM_FOLDER]: union.folder("disco"), "/var/disco": union.folder("state") };
  const [ball] = coveredIn(union, union.folder("balls"));
  return [
    ...Object.entries(shown).flatMap(([place, folder]) =>
      coveredIn(union, folder).map(([host, path]) => readable(host, place + path))
    ),
    ...(ball ? [readable(ball[0], `${SHIM_FOLDER}/ball`)] : []),
  ];
}

/** Whether the tools of the sandbox are installed; the name of a missing package otherwise. */
export function missingPackage(): string | undefined {
  const needed = [["bwrap", "bubblewrap"], ["prlimit", "util-linux"], [TIME, "time"]] as const;
  return needed.find(([program]) => findProgram(program) === undefined)?.[1];
}
