/**
 * The universe that ships with DISCO.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { requireOwnTree } from "../program/own_code.ts";
import { isFolder, isThere, namesIn } from "../files/look.ts";

/** The name of the embedded universe where a server's address would stand. */
export const EMBEDDED = "embedded";

/** The node as which a node dances that the universe does not list. */
export const DEFAULT_NODE = "default";

/**
 * The folder of the embedded universe, where rsync can read it: beside the sources, or beside a
 * bundle. From a compiled binary, whose files only Deno can read, it is copied to `copy` first.
 */
export function embeddedUniverse(
  copy: string,
  standalone = Deno.build.standalone,
  here = import.meta.dirname,
): string {
  const places = here === undefined ? [] : [join(here, "universe"), join(here, "../../universe")];
  const found = places.find((place) => isFolder(join(place, "balls")));
  if (found === undefined) {
    throw new DiscoError("Cannot find the embedded universe: this build has none", {
      hint: "give a server with --server, DISCO_SERVER or disco/server/uri",
    });
  }
  if (!standalone) {
    requireOwnTree(found);
    return found;
  }
  mirror(found, copy);
  return copy;
}

/** The tree of parameters a node uses in the embedded universe. */
export function embeddedNode(universe: string, node: string): string {
  return isFolder(join(universe, "parameters", node)) ? node : DEFAULT_NODE;
}

/** Make `to` a copy of `from`; files that are the same are not touched. */
function mirror(from: string, to: string): void {
  if (isThere(to) && !isFolder(to)) Deno.removeSync(to);
  Deno.mkdirSync(to, { recursive: true });
  const names = new Set(namesIn(from));
  for (const name of namesIn(to)) {
    if (!names.has(name)) Deno.removeSync(join(to, name), { recursive: true });
  }
  for (const name of names) {
    const [source, target] = [join(from, name), join(to, name)];
    const info = Deno.lstatSync(source);
    if (info.isDirectory) mirror(source, target);
    else if (info.isSymlink) mirrorLink(source, target);
    else mirrorFile(source, target);
  }
}

function mirrorLink(source: string, target: string): void {
  if (isThere(target)) Deno.removeSync(target, { recursive: true });
  Deno.symlinkSync(Deno.readLinkSync(source), target);
}

function mirrorFile(source: string, target: string): void {
  const wanted = Deno.readFileSync(source);
  if (isThere(target)) {
    const info = Deno.lstatSync(target);
    if (info.isFile && info.size === wanted.length) {
      const found = Deno.readFileSync(target);
      if (wanted.every((byte, index) => byte === found[index])) return;
    }
    Deno.removeSync(target, { recursive: true });
  }
  Deno.writeFileSync(target, wanted, { mode: 0o644 });
}
