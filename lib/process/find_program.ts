/**
 * Where a program is, for children that get another search path.
 *
 * @module
 */

/** The path of a program in this process' search path; undefined where there is none. */
export function findProgram(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  const candidates = name.startsWith("/") ? [name] : folders.map((folder) => `${folder}/${name}`);
  return candidates.find(isThere);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
