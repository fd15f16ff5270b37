/**
 * Where DISCO keeps its own files.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { DiscoError } from "../error/mod.ts";

/** The places of DISCO's own files, as absolute paths on the machine that it runs on. */
export interface Roots {
  /** Client settings and policy: `/etc/disco`. */
  readonly etc: string;
  /** Parameters, local store, dances, generations: `/var/disco`. */
  readonly var: string;
  /** `<var>`: what the fetch keeps for itself: trees of nodes and groups, and its record. */
  readonly fetched: string;
  /** Lock, handle and layers of the dance in progress: `/run/disco`. */
  readonly run: string;
  /** `<var>/parameters`: the client's own tree `disco/` and the fetched tree `<node>/`. */
  readonly parameters: string;
  /** `<var>/localstore`: the fetched balls. */
  readonly localstore: string;
  /** `<var>/dances`: one folder a dance. */
  readonly dances: string;
  /** `<var>/generations`: one folder a merged dance. */
  readonly generations: string;
}

/** What knows where DISCO keeps its own files, as every context does. */
export interface WithRoots {
  readonly roots: Roots;
}

/**
 * The roots for a state directory (`--state`, `DISCO_STATE`), or the standard ones. With another
 * `root` than `/` and no state directory they lie inside that root: an image carries its history.
 */
export function rootsFor(state: string | undefined, root = "/"): Roots {
  const base = state === undefined || state === "" ? resolve(root) : resolve(state);
  const at = (...path: string[]) => join(base, ...path);
  return {
    etc: at("etc/disco"),
    var: at("var/disco"),
    fetched: at("var/disco"),
    run: at("run/disco"),
    parameters: at("var/disco/parameters"),
    localstore: at("var/disco/localstore"),
    dances: at("var/disco/dances"),
    generations: at("var/disco/generations"),
  };
}

/**
 * The roots of a dry run of `/` without root and without a state directory: settings and policy are the
 * machine's, what is fetched and found out is the user's own (XDG Base Directory Specification).
 */
export function userRoots(env: Readonly<Record<string, string>> = Deno.env.toObject()): Roots {
  const home = env.XDG_STATE_HOME || (env.HOME && join(env.HOME, ".local/state"));
  if (!home?.startsWith("/")) {
    throw new DiscoError("Cannot find a place for DISCO's own files: HOME is not set", {
      code: 3,
      hint: "name a folder with --state or DISCO_STATE",
    });
  }
  return { ...rootsFor(join(home, "disco")), etc: rootsFor(undefined).etc };
}
