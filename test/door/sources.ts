/**
 * The sources of lib/.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const LIB = fromFileUrl(new URL("../../lib/", import.meta.url));

/** All modules, sorted by their path in lib/. */
export function sources(folder = LIB): [name: string, text: string][] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sources(`${folder}${name}/`);
    if (!name.endsWith(".ts")) return [];
    const path = folder + name;
    return [[path.slice(LIB.length), Deno.readTextFileSync(path)] as [string, string]];
  }).sort(([a], [b]) => a < b ? -1 : 1);
}
