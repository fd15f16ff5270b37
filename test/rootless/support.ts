/**
 * A throw-away host with an ordinary user, who has DISCO where an ordinary user can read it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { Change, Result } from "../../mod.ts";
import { describe } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** The user's folder, and what a dry run keeps there. */
export const HOME = "/home/user";
export const STATE = `${HOME}/.local/state/disco`;
/** The universe of the tests, as the user reaches it. */
export const UNIVERSE = "/srv/disco/test/universe";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");
/** In front of a command that the user runs; the account is in no file. */
export const AS_USER = ["setpriv", "--reuid", "4711", "--regid", "4711", "--clear-groups"];

/**
 * Where the project, Deno and its cache lie on the machine only root may read. `/proc` of a host has
 * covered parts, as that of a container: with `wholeProc` there is one beside it that has none, where
 * only root gets, and then a user may mount more of them (`mount_too_revealing()` in the kernel).
 */
const PREPARE = `
project=$1 deno=$2
mkdir -p /srv/disco /srv/cache /srv/bin
touch /srv/bin/deno
mount --bind "$project" /srv/disco
mount --bind "$DENO_DIR" /srv/cache
mount --bind "$deno" /srv/bin/deno
install -d -o 4711 -g 4711 ${HOME}
[ "$3" = false ] || { mkdir -m 0700 /run/whole && mount -t proc proc /run/whole; }
`;

/** A suite like that of `describeOnHost`, but skipped, too, where users have no user namespaces. */
export function describeForUsers(name: string, fill: () => void): void {
  const [program = "", ...args] = [...AS_USER, "unshare", "--user", "--map-root-user", "true"];
  const isRoot = Deno.uid() === 0;
  if (!isRoot || new Deno.Command(program, { args, stderr: "null" }).outputSync().success) {
    return describeOnHost(name, fill);
  }
  console.warn(`warning: skipped "${name}": this machine lets users have no user namespaces`);
  describe.ignore(name, fill);
}

/** A host that DISCO knows nothing of yet, with a user; what is run is root's. */
export async function sceneWithUser({ wholeProc = true } = {}): Promise<Scene> {
  const scene = await newScene();
  const deno = await Deno.realPath(Deno.execPath());
  await scene.host.run(["sh", "-euc", PREPARE, "sh", PROJECT, deno, String(wholeProc)]);
  return scene;
}

/** What a run of the user may change: all else must be as it was. */
export const OWN: readonly string[] = ["/var/disco", HOME];

/** The argument list of `disco ...args` where the user finds it. */
export function discoArgv(...args: string[]): string[] {
  return ["/srv/bin/deno", "run", "-A", "/srv/disco/mod.ts", ...args];
}

/** What the user's environment has besides the host's. */
export const ENV = { HOME, DENO_DIR: "/srv/cache" };

/** The same host and universe, where the user runs DISCO. */
export function asUser(scene: Scene, env: Readonly<Record<string, string>> = {}): Scene {
  const options = { timeout: 120_000, env: { ...ENV, ...env } };
  const start = (args: readonly string[]) =>
    scene.host.spawn([...AS_USER, ...discoArgv(...args)], options);
  return scene.with({ own: OWN, start });
}

/** What a change is, whoever looks: everything but owners, times and attributes. */
export function essence(changes: readonly Change[]): unknown[] {
  const side = (entry: Change["before"]) =>
    entry && {
      type: entry.type,
      mode: entry.mode,
      size: entry.size,
      target: entry.target,
      sha256: entry.sha256,
    };
  return changes.map(({ before, after, ...rest }) => ({
    ...rest,
    before: side(before),
    after: side(after),
  }));
}

/** What a run could not read or simulate of the machine as such. */
export function gapsOf({ notSimulated }: Pick<Result, "notSimulated">): string[] {
  return notSimulated.filter(({ ball, kind }) => ball === "" && kind === "place")
    .map(({ what }) => what);
}
