/**
 * Whether `dist/` was built from the sources as they are now. A bundle starts in half the time of the
 * sources, so the tasks use it when it is.
 *
 * Imports nothing: it is loaded before it is known what will run.
 *
 * @module
 */

/** What a bundle is made of. */
export const SOURCES = ["deno.json", "deno.lock", "lib", "mod.ts", "tasks", "universe"];

/** What {@linkcode stateOfSources} was when the bundle was built. It is written last. */
export const BUILT_FROM = "built-from";

/**
 * The path, size in bytes and time of change in ms of all sources of a project, one a line. Two states
 * that are equal had the same content, as make(1) and git(1) assume, too. A folder's time says whether
 * names have come or gone in it.
 */
export function stateOfSources(project: string): string {
  return SOURCES.flatMap((name) => pathsOf(project, name)).map((path) => lineOf(project, path))
    .join("\n");
}

/** The main module of a bundle that was built from these sources; undefined if there is none. */
export function builtMain(project: string): string | undefined {
  const dist = `${project}/dist`;
  try {
    if (![dist, `${dist}/${BUILT_FROM}`, `${dist}/disco.js`].every(isOwn)) return undefined;
    const lines = Deno.readTextFileSync(`${dist}/${BUILT_FROM}`).split("\n");
    const isCurrent = lines.every((line) => line === lineOf(project, pathIn(line)));
    return isCurrent ? `${dist}/disco.js` : undefined;
  } catch {
    // Not there, or not to be read: the sources are there all the same.
    return undefined;
  }
}

/** Only root, or the user who runs this, can have put it there. */
function isOwn(path: string): boolean {
  const { uid, mode, isSymlink } = Deno.lstatSync(path);
  return !isSymlink && (uid === 0 || uid === Deno.uid()) && ((mode ?? 0) & 0o022) === 0;
}

function pathsOf(project: string, path: string): string[] {
  if (!Deno.lstatSync(`${project}/${path}`).isDirectory) return [path];
  const names = [...Deno.readDirSync(`${project}/${path}`)].map(({ name }) => name).sort();
  return [path, ...names.flatMap((name) => pathsOf(project, `${path}/${name}`))];
}

function lineOf(project: string, path: string): string {
  const { isDirectory, isSymlink, size, mtime } = Deno.lstatSync(`${project}/${path}`);
  // Of what it leads to this would not tell.
  if (isSymlink) throw new Error(`${path} is a symbolic link`);
  return `${isDirectory ? "-" : size} ${mtime?.getTime()} ${path}`;
}

function pathIn(line: string): string {
  return line.slice(line.indexOf(" ", line.indexOf(" ") + 1) + 1);
}
