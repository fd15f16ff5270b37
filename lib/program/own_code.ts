/**
 * Whether what runs here as root belongs to root. Who can change DISCO's code, Deno's cache or Deno
 * itself could do anything at the next dance, without any of DISCO's walls.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { machineView } from "../posix/machine_view.ts";

/** The variable that leaves the check out, for development: `DISCO_TRUST_CODE=yes`. */
const TRUST = "DISCO_TRUST_CODE";

const OTHERS_WRITE = 0o022;
const OTHERS_SEARCH = 0o011;
const STICKY = 0o1000;

/** A path that others can change, and how. */
interface Finding {
  readonly path: string;
  readonly why: string;
}

/** What is looked at; not given but in tests. */
export interface OwnCode {
  /** Trees that are code. */
  readonly trees: readonly string[];
  /** Deno's cache, if it has any. */
  readonly cache: string | undefined;
  readonly program: string;
  /** Whose files are trusted, besides root's. */
  readonly user: number;
}

/**
 * Throw when another account can change what runs here. Links in the code are not followed. A dry run
 * without root has been looked at before it got a namespace, in which all owners look alike.
 */
export function requireOwnCode(code: OwnCode = ownCode()): void {
  if (Deno.env.get(TRUST) === "yes" || !machineView().hasOwners) return;
  const finding = findForeign(code);
  if (!finding) return;
  const whom = code.user === 0 ? "root" : "you or root";
  throw new DiscoError(
    `Cannot run: "${finding.path}" can be changed by others than ${whom} (${finding.why})`,
    {
      hint: `let root own it, and nobody else write it: chown -R root: "${finding.path}" && ` +
        `chmod -R go-w "${finding.path}"; on a machine for development: ${TRUST}=yes`,
    },
  );
}

/** The same for a tree of balls that ships with DISCO. */
export function requireOwnTree(path: string): void {
  requireOwnCode({ ...ownCode(), trees: [path], cache: undefined });
}

/** The code of this process. */
function ownCode(): OwnCode {
  const base = { user: Deno.uid() ?? 0, program: Deno.execPath() };
  if (Deno.build.standalone) return { ...base, trees: [], cache: undefined };
  return { ...base, trees: codeTrees(import.meta.url, Deno.mainModule), cache: cacheFolder() };
}

const CODE = ["mod.ts", "deno.json", "deno.lock", "lib", "tasks"];
/** What runs before a bundle that the tasks start. */
const STARTER = ["deno.json", "deno.lock", "lib/program/built.ts", "tasks/start.ts"];

/** The sources; or the folder of a bundle, and what started it. */
function codeTrees(here: string, main: string): string[] {
  const below = (url: URL, names: readonly string[]) =>
    names.map((name) => join(fromFileUrl(url), name));
  if (here.endsWith("/lib/program/own_code.ts")) return below(new URL("../..", here), CODE);
  const starter = main.endsWith("/tasks/start.ts") ? below(new URL("..", main), STARTER) : [];
  return [fromFileUrl(new URL(".", here)).replace(/\/$/, ""), ...starter];
}

/** As Deno finds it. */
function cacheFolder(): string | undefined {
  const given = Deno.env.get("DENO_DIR");
  if (given) return given;
  const cache = Deno.env.get("XDG_CACHE_HOME");
  if (cache) return join(cache, "deno");
  const home = Deno.env.get("HOME");
  return home ? join(home, ".cache/deno") : undefined;
}

/** The first path that another account can change. */
export function findForeign({ trees, cache, program, user }: OwnCode): Finding | undefined {
  const roots = [...trees, ...cache === undefined ? [] : [cache], program];
  const known = new Map<string, { finding?: Finding; hidden: boolean }>();
  for (const root of roots) {
    let path: string;
    try {
      path = Deno.realPathSync(root);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        continue;
      }
      throw error;
    }
    const { finding, hidden } = onTheWay(dirname(path), user, known);
    if (finding) return finding;
    // Nobody else gets there: what is inside need not be looked at.
    if (hidden) continue;
    const found = root === cache ? inCache(path, user) : inTree(path, user);
    if (found) return found;
  }
  return undefined;
}

/** The folders that hold a path; in one with the sticky bit only an entry's owner can replace it. */
function onTheWay(
  path: string,
  user: number,
  known: Map<string, { finding?: Finding; hidden: boolean }>,
): { finding?: Finding; hidden: boolean } {
  const before = known.get(path);
  if (before) return before;
  const above = path === "/" ? { hidden: false } : onTheWay(dirname(path), user, known);
  const info = Deno.lstatSync(path);
  const why = foreign(info, user);
  const isSticky = ((info.mode ?? 0) & STICKY) !== 0 && isTrusted(info.uid, user);
  const result = "finding" in above || above.hidden ? above : {
    ...(why && !isSticky ? { finding: { path, why } } : {}),
    hidden: !why && isClosed(info),
  };
  known.set(path, result);
  return result;
}

/**
 * A tree with every file in it. A closed folder, such as the lost+found of a file system of its own,
 * is not entered: a user could not.
 */
function inTree(path: string, user: number): Finding | undefined {
  const info = Deno.lstatSync(path);
  const why = foreign(info, user);
  if (why) return { path, why };
  if (!info.isDirectory || isClosed(info)) return undefined;
  for (const { name } of Deno.readDirSync(path)) {
    const found = inTree(`${path}/${name}`, user);
    if (found) return found;
  }
  return undefined;
}

/**
 * The cache holds thousands of files, each written by the user who made its folder: the databases
 * at its top and the packages' folders stand for them.
 */
function inCache(path: string, user: number): Finding | undefined {
  const info = Deno.lstatSync(path);
  const why = foreign(info, user);
  if (why) return { path, why };
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    const below = `${path}/${name}`;
    const found = isDirectory && name !== "npm"
      ? foreignEntry(below, user)
      : inPackages(below, user, isDirectory ? PACKAGE_DEPTH : 0);
    if (found) return found;
  }
  return undefined;
}

/** `npm/REGISTRY/NAME/VERSION`. */
const PACKAGE_DEPTH = 3;

function inPackages(path: string, user: number, depth: number): Finding | undefined {
  const found = foreignEntry(path, user);
  if (found || depth === 0) return found;
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    const below = isDirectory ? inPackages(`${path}/${name}`, user, depth - 1) : undefined;
    if (below) return below;
  }
  return undefined;
}

function foreignEntry(path: string, user: number): Finding | undefined {
  const why = foreign(Deno.lstatSync(path), user);
  return why === undefined ? undefined : { path, why };
}

/** Whether only its owner, and root, get into a folder. */
function isClosed({ mode }: Deno.FileInfo): boolean {
  return ((mode ?? 0) & OTHERS_SEARCH) === 0;
}

function isTrusted(uid: number | null, user: number): boolean {
  return uid === 0 || uid === user;
}

/** Why others can change an entry. */
function foreign({ uid, mode, isSymlink }: Deno.FileInfo, user: number): string | undefined {
  if (!isTrusted(uid, user)) return `it belongs to user ${uid}`;
  // A link has no mode of its own.
  if (isSymlink || ((mode ?? 0) & OTHERS_WRITE) === 0) return undefined;
  return `its mode is ${((mode ?? 0) & 0o7777).toString(8).padStart(4, "0")}`;
}
