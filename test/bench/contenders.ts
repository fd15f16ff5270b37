/**
 * What is compared: DISCO from its sources, DISCO as a bundle, and the baseline.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { ThrowawayHost } from "../host/mod.ts";
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

/** The contenders, the baseline first; the bundle, put in its place, only where it was built. */
export async function contenders(host: ThrowawayHost): Promise<Contender[]> {
  const sources = disco("disco", `${PROJECT}mod.ts`);
  if (!isBuilt()) return [BASELINE, sources];
  await host.run(["cp", "-a", `${PROJECT}dist`, INSTALLED]);
  const bundle = disco("disco (bundle)", `${INSTALLED}/disco.js`, ["env", `DENO_DIR=${CACHE}`]);
  // Fills the cache of compiled code, as the first run on a node does.
  await host.run(bundle.argv(true));
  return [BASELINE, sources, bundle];
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

function isBuilt(): boolean {
  try {
    return Deno.statSync(BUNDLE).isFile;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}
