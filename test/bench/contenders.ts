/**
 * What is compared: DISCO from its sources, DISCO as a bundle, the baseline, and others.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
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

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));
const BUNDLE = `${PROJECT}dist/disco.js`;
/** Where a node has the bundle: without the project's deno.json above it. */
const INSTALLED = "/usr/local/lib/disco";
/** Deno's cache, which is read-only in the host for the sources, filled by earlier runs. */
const CACHE = "/var/tmp/deno";

/** The baseline, which the others are compared with. */
export const BASELINE: Contender = {
  name: "rsync + bash",
  argv: () => ["bash", `${PROJECT}test/bench/baseline.sh`, UNIVERSE, NODE],
};

/** Others to compare with, which are left out unless they are asked for. */
export const PEERS = ["cfengine", "limit"] as const;
/** One of them. */
export type Peer = typeof PEERS[number];

const LIMIT: Contender = {
  name: "limit",
  argv: (noop) => [
    ...["bash", `${PROJECT}test/bench/limit.sh`, UNIVERSE, NODE],
    ...(noop ? ["dry"] : []),
  ],
};

/** Whom to measure. */
export interface Lineup {
  /** Another copy of the sources. Then DISCO is measured from copies in the host, and as no bundle. */
  readonly against?: string | undefined;
  readonly beside?: readonly Peer[];
}

/** The contenders, the baseline first; the bundle, put in its place, only where it was built. */
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
    ...(typeof found === "object" ? [found] : []),
  ];
}

async function discos(host: ThrowawayHost, against: string | undefined): Promise<Contender[]> {
  if (against !== undefined) {
    return [await copied(host, "disco (before)", against), await copied(host, "disco", PROJECT)];
  }
  const sources = disco("disco", `${PROJECT}mod.ts`);
  if (!isBuilt()) return [sources];
  await host.run(["cp", "-a", `${PROJECT}dist`, INSTALLED]);
  const bundle = disco("disco (bundle)", `${INSTALLED}/disco.js`, ["env", `DENO_DIR=${CACHE}`]);
  // Fills the cache of compiled code, as the first run on a node does.
  await host.run(bundle.argv(true));
  return [sources, bundle];
}

/** The argument list of a DISCO from its sources. */
export function discoArgv(...words: string[]): string[] {
  return argvOf(`${PROJECT}mod.ts`, words);
}

function disco(name: string, main: string, prefix: readonly string[] = []): Contender {
  const words = (noop: boolean) => ["dance", "--quiet", ...(noop ? ["--noop"] : [])];
  return { name, argv: (noop) => [...prefix, ...argvOf(main, words(noop))] };
}

function argvOf(main: string, words: readonly string[]): string[] {
  return [Deno.execPath(), "run", "-A", main, ...words, "--server", UNIVERSE, "--node", NODE];
}

/** What is needed of a copy of the sources, and of Deno's cache. */
const SOURCES = ["deno.json", "deno.lock", "lib", "mod.ts", "tasks", "universe"];
const PACKAGES = "npm";

/** A copy of sources in the host, with a cache of its own that a first run has filled. */
async function copied(host: ThrowawayHost, name: string, sources: string): Promise<Contender> {
  const mark = name.replaceAll(/\W/g, "-");
  const [folder, cache] = [`/usr/local/lib/${mark}`, `${CACHE}-${mark}`];
  for (const part of SOURCES) copyInto(host, `${sources}/${part}`, folder);
  copyInto(host, `${denoDir()}/${PACKAGES}`, cache);
  const contender = disco(name, `${folder}/mod.ts`, ["env", `DENO_DIR=${cache}`]);
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

function isBuilt(): boolean {
  try {
    return Deno.statSync(BUNDLE).isFile;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}
