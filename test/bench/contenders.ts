/**
 * What is compared: DISCO as its tasks start it, the baseline, and others.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { BUILT_FROM, builtMain, SOURCES } from "../../lib/program/built.ts";
import { V8_FLAGS } from "../../lib/program/v8_flags.ts";
import { info } from "../../lib/terminal/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import { cfengine } from "./cfengine.ts";
import { NODE, UNIVERSE } from "./universe.ts";

/** One way to configure the host. */
export interface Contender {
  readonly name: string;
  /** The argument list of a run; the baseline has no dry run and does the work instead. */
  argv(noop: boolean): string[];
}

const PROJECT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");
const START = `${PROJECT}/tasks/start.ts`;
/** Deno's cache, which is read-only in the host for the sources, filled by earlier runs. */
const CACHE = "/var/tmp/deno";

/** The baseline, which the others are compared with. */
export const BASELINE: Contender = {
  name: "rsync + bash",
  argv: () => ["bash", `${PROJECT}/test/bench/baseline.sh`, UNIVERSE, NODE],
};

/** Others to compare with, which are left out unless they are asked for. */
export const PEERS = ["cfengine", "limit", "floor"] as const;
/** One of them. */
export type Peer = typeof PEERS[number];

const LIMIT: Contender = {
  name: "limit",
  argv: (noop) => [
    ...["bash", `${PROJECT}/test/bench/limit.sh`, UNIVERSE, NODE],
    ...(noop ? ["dry"] : []),
  ],
};

const FLOOR: Contender = {
  name: "floor",
  argv: (noop) => [
    ...["unshare", "--mount", "sh", `${PROJECT}/test/bench/floor.sh`],
    ...[Deno.execPath(), UNIVERSE, NODE, ...(noop ? ["dry"] : [])],
  ],
};

/** Whom to measure. */
export interface Lineup {
  /** Another copy of the sources, to compare with. */
  readonly against?: string | undefined;
  readonly beside?: readonly Peer[];
}

/** The contenders, the baseline first. */
export async function contenders(
  host: ThrowawayHost,
  { against, beside = [] }: Lineup,
): Promise<Contender[]> {
  return [BASELINE, ...await peers(host, beside), ...await discos(host, against)];
}

async function peers(host: ThrowawayHost, beside: readonly Peer[]): Promise<Contender[]> {
  const found = beside.includes("cfengine") ? await cfengine(host) : undefined;
  if (typeof found === "string") info(`CFEngine is left out: ${found}`);
  return [
    ...(beside.includes("limit") ? [LIMIT] : []),
    ...(beside.includes("floor") ? [FLOOR] : []),
    ...(typeof found === "object" ? [found] : []),
  ];
}

async function discos(host: ThrowawayHost, against: string | undefined): Promise<Contender[]> {
  if (builtMain(PROJECT) === undefined) {
    info("DISCO runs from its sources: deno task bundle, and it starts in half the time");
  }
  const before = against === undefined ? [] : [await copied(host, "disco (before)", against)];
  return [...before, await copied(host, "disco", PROJECT)];
}

/** The argument list of DISCO as its tasks start it. */
export function discoArgv(...words: string[]): string[] {
  return argvOf(START, words);
}

function disco(name: string, main: string, prefix: readonly string[] = []): Contender {
  const words = (noop: boolean) => ["dance", "--quiet", ...(noop ? ["--noop"] : [])];
  return { name, argv: (noop) => [...prefix, ...argvOf(main, words(noop))] };
}

function argvOf(main: string, words: readonly string[]): string[] {
  const disco = [Deno.execPath(), "run", "-A", V8_FLAGS, main];
  return [...disco, ...words, "--server", UNIVERSE, "--node", NODE];
}

/** What is needed of Deno's cache. */
const PACKAGES = "npm";

/** A copy of sources in the host, with a cache of its own that a first run has filled. */
async function copied(
  host: ThrowawayHost,
  name: string,
  sources: string,
): Promise<Contender> {
  const mark = name.replaceAll(/\W/g, "-");
  const [folder, cache] = [`/usr/local/lib/${mark}`, `${CACHE}-${mark}`];
  const parts = [...SOURCES, ...isThere(`${sources}/dist/${BUILT_FROM}`) ? ["dist"] : []];
  for (const part of parts) copyInto(host, `${sources}/${part}`, folder);
  copyInto(host, `${denoDir()}/${PACKAGES}`, cache);
  // Older sources have no starter.
  const main = isThere(`${sources}/tasks/start.ts`) ? "tasks/start.ts" : "mod.ts";
  const contender = disco(name, `${folder}/${main}`, ["env", `DENO_DIR=${cache}`]);
  await host.run(contender.argv(true));
  return contender;
}

function copyInto(host: ThrowawayHost, from: string, to: string): void {
  host.mkdir(to);
  const args = ["-a", "--no-target-directory", from];
  const at = `/proc/${host.pid}/root${to}/${from.slice(from.lastIndexOf("/") + 1)}`;
  const { success } = new Deno.Command("cp", { args: [...args, at] }).outputSync();
  if (!success) throw new Error(`Cannot copy ${from} into the host`);
}

function denoDir(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}
