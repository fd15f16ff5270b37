/**
 * Starts a command in the sandbox: in its control group, under its filter, between its walls.
 *
 * @module
 */
import { SHIM_FOLDER, waitingIn } from "../effects/mod.ts";
import {
  close,
  createFile,
  keepDescriptors,
  lstat,
  machineView,
  O,
  openInherited,
  takeTerminal,
} from "../posix/mod.ts";
import { spawn } from "../process/spawn.ts";
import { type Ending, supervise, type SuperviseOptions } from "../process/supervise.ts";
import type { Sight, Union } from "../union/mod.ts";
import { type Plan, planSandbox, type SandboxOptions } from "./bubblewrap.ts";
import { refusalIn } from "./complaints.ts";
import { confined } from "./confine.ts";
import { Cgroup, MOST_PROCESSES, type OutOfMemory } from "./cgroup.ts";
import { killSandbox } from "./kill_sandbox.ts";
import { layShims } from "./lay_shims.ts";
import { gate, inheriting, openGate, opening } from "./start.ts";
import { memoryLimit } from "./memory.ts";
import { MemoryWatch } from "./memory_watch.ts";
import { type NetworkImage, networkImage } from "./network_image.ts";
import { Oracle } from "./oracle.ts";
import { PRETENDED } from "./pretended.ts";
import { type Refusal, tidyRefusals } from "./refusals.ts";
import { seccompFilter } from "./seccomp.ts";
import { freshService } from "./service.ts";
import { watchStandIns } from "./stand_in_watch.ts";
import { requireMountPoints, type Survey, survey } from "./survey.ts";
import { takeAway } from "./take_away.ts";
import { initWords, leftRunning, newConnections } from "./init.ts";
import { noteStart, placesState } from "./volatile.ts";
import type { Wall } from "./walls.ts";

const REAL = `${SHIM_FOLDER}/real/`;
/** Complaints that are looked at; a script can make any number. */
const MOST_REFUSALS = 200;

/** How a command in the sandbox ended, and what it asked for and did not get. */
export interface SandboxEnding extends Ending {
  /** It needed more memory than it may have, or than the machine has, and was ended. */
  readonly outOfMemory: OutOfMemory | undefined;
  /** It asked this question again and again, which is not answered, and was ended. */
  readonly hopeless: string | undefined;
  readonly refusals: readonly Refusal[];
}

/** Run a command to its end; whatever it started has ended when this returns. */
export async function launch(
  sandbox: SandboxOptions,
  argv: readonly string[],
  options: SuperviseOptions,
  without: readonly Wall[] = [],
): Promise<SandboxEnding> {
  const { cgroup, seen } = prepare(sandbox, without);
  const readStandIns = watchStandIns(sandbox.union, sandbox.chroot);
  const image = await imageFor(sandbox, without);
  const before = cgroup.counts;
  const filter = openFilter(sandbox.union, without);
  const found: Refusal[] = [];
  const onLine: SuperviseOptions["onLine"] = (said, stream) => {
    // The name under which a command runs behind its shim.
    const line = said.startsWith(REAL) ? said.slice(REAL.length) : said;
    const refusal = stream === "stderr" && found.length < MOST_REFUSALS && refusalIn(line);
    // A script that has the network and reaches no one was refused nothing.
    if (refusal && !(sandbox.network && refusal.kind === "network")) found.push(refusal);
    options.onLine(line, stream);
  };
  using memory = new MemoryWatch(cgroup);
  await using oracle = oracleOf(sandbox);
  const ends = [memory.signal, oracle.hopeless, ...(options.signal ? [options.signal] : [])];
  const bounded = {
    ...options,
    ...opening(cgroup, without),
    onLine,
    kill: killSandbox,
    signal: AbortSignal.any(ends),
  };
  let running: Promise<Ending>;
  try {
    const plan = planSandbox(sandbox, seen.hidden, filter, without, image !== undefined);
    const confine = confined(sandbox.interactive ?? false, without);
    const command = [
      ...gate(sandbox.union),
      ...plan.argv,
      ...confine,
      ...initWords(sandbox.network, image, argv),
    ];
    // It starts the program before it waits for anything: the descriptor is not needed any more then.
    const start = () => supervise(command, bounded);
    noteStart(sandbox.union);
    const sight = sightOf(plan, cgroup, placesState(sandbox.union));
    running = inheriting(image?.handle, () => sandbox.union.view.start(sight, start));
  } finally {
    close(filter);
  }
  try {
    const ending = await running;
    const questions = oracle.refused.map((what) => ({ kind: "question", what } as const));
    const full = cgroup.counts.refusedProcesses > before.refusedProcesses
      ? [{ kind: "processes", what: `more than ${MOST_PROCESSES} processes` } as const]
      : [];
    const connections = sandbox.network ? 0 : newConnections(sandbox.union, image);
    const left = leftRunning(sandbox.union);
    const replaced = replacedBy(sandbox, seen);
    const others = [...questions, ...full, ...left, ...replaced, ...readStandIns()];
    return {
      ...ending,
      outOfMemory: memory.why,
      hopeless: oracle.hopeless.aborted ? `${oracle.hopeless.reason}` : undefined,
      refusals: tidyRefusals([...found, ...others], connections),
    };
  } finally {
    cgroup.kill();
  }
}

/** What is started joins its control groups where the view is. */
function sightOf({ sight }: Plan, { folders }: Cgroup, state: string | undefined): Sight {
  return { ...sight, needed: [...sight.needed, ...folders], state };
}

/** What looks like the host's network, for a sandbox without one; undefined where there is none. */
async function imageFor(
  { union, network }: SandboxOptions,
  without: readonly Wall[],
): Promise<NetworkImage | undefined> {
  if (network || without.includes("network")) return undefined;
  const image = await networkImage(union);
  return image.handle === undefined ? undefined : image;
}

/** Commands that came while the command ran: nothing stood before them until its end. */
function replacedBy(sandbox: SandboxOptions, before: Survey): Refusal[] {
  const now = survey(sandbox);
  if (now === before) return [];
  return [...now.arrived].filter(([command]) => !before.arrived.has(command))
    .map(([, path]) => ({
      kind: "replaced",
      what:
        `${path} was installed or replaced: if it was used after that, it acted at once or failed`,
    }));
}

/** Everything that must be there before the sandbox is started. */
function prepare(
  sandbox: SandboxOptions,
  without: readonly Wall[],
): { cgroup: Cgroup; seen: Survey } {
  const seen = survey(sandbox);
  if (!without.includes("places")) requireMountPoints(sandbox, seen);
  layShims(sandbox, seen);
  // A question that an earlier script has left would be answered again.
  freshService(sandbox.union, ["ask"]);
  for (const name of ["network", "left"]) {
    takeAway(sandbox.union, `${sandbox.union.folder("out")}/${name}`);
  }
  const name = { run: sandbox.context.roots.run, id: sandbox.dance };
  return { cgroup: new Cgroup(name, sandbox.memory ?? memoryLimit(undefined)), seen };
}

/** Run a command for a person, with the terminal of this process; resolves at its end. */
export async function launchInteractive(
  sandbox: SandboxOptions,
  argv: readonly string[],
  env: Record<string, string>,
  without: readonly Wall[] = [],
): Promise<void> {
  const { cgroup, seen } = prepare(sandbox, without);
  const image = await imageFor(sandbox, without);
  const filter = openFilter(sandbox.union, without);
  const person = { ...sandbox, interactive: true };
  const plan = planSandbox(person, seen.hidden, filter, without, image !== undefined);
  const command = [
    ...openGate(cgroup, without),
    ...plan.argv,
    ...confined(true, without),
    ...initWords(sandbox.network, image, argv),
  ];
  const stdio = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
  noteStart(sandbox.union);
  const start = () => spawn(command, { clearEnv: true, env, ...stdio });
  const sight = sightOf(plan, cgroup, undefined);
  const child = inheriting(image?.handle, () => sandbox.union.view.start(sight, start));
  close(filter);
  await using _oracle = oracleOf(sandbox);
  await child.status;
  takeTerminal();
  cgroup.kill();
}

function openFilter(union: Union, without: readonly Wall[]): number {
  if (!without.includes("descriptors")) keepDescriptors();
  const path = `${union.folder("filter")}/seccomp`;
  if (!lstat(path)) {
    const pretended = machineView().hasOwners ? {} : PRETENDED;
    createFile(path, seccompFilter(Deno.build.arch, pretended), 0o600);
  }
  return openInherited(path, O.RDONLY);
}

function oracleOf({ union, rules, waiting = [] }: SandboxOptions): Oracle {
  const known = waiting.map(({ argv }) => argv);
  return new Oracle(
    union.folder("ask"),
    rules,
    union.root === "/",
    () => [...known, ...waitingIn(union.folder("effects"))],
  );
}
