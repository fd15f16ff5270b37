/**
 * What a ball may hold: the check of what came from a server, before anything uses it.
 *
 * @module
 */
import { basename, isAbsolute, join } from "@std/path";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import { parseBallName } from "./name.ts";
import { type Entry, kindOf, walk } from "./tree.ts";

const FOLDERS = ["files", "parameters", "post", "scripts", "templates"];
const FILES = ["requires", "permissions", "purge"];

/**
 * Refuse what design section 5 refuses, with a {@linkcode DiscoError} that names the path: anything
 * but regular files, folders and symlinks; symlinks in `parameters/`; symlinks outside `files/` that
 * are absolute, dangling, lead out of the ball or to a folder; templates whose name without `.eta`
 * is no name.
 */
export function inspectBall(dir: string, name: string): void {
  parseBallName(name);
  const refuse = (path: string, why: string): never => {
    throw new DiscoError(`Cannot accept ball "${name}": "${printable(path)}" ${why}`, {
      hint: "correct the ball on the server",
    });
  };
  if (kindOf(dir) !== "directory") refuse(dir, "is not a folder");
  for (const entry of walk(dir)) {
    const why = whyNot(dir, entry);
    if (why !== undefined) refuse(entry.path, why);
  }
}

function whyNot(dir: string, { path, kind }: Entry): string | undefined {
  if (FOLDERS.includes(path) && kind !== "directory") return `is a ${kind}, not a folder`;
  if (FILES.includes(path) && kind !== "file") return `is a ${kind}, not a regular file`;
  if (kind === "fifo" || kind === "socket" || kind === "device") return `is a ${kind}`;
  if (path.startsWith("templates/") && ["", ".", ".."].includes(outputName(path))) {
    return "renders to no file name";
  }
  // Links in files/ are delivered as they are; the node follows them as its own.
  if (kind !== "symlink" || path.startsWith("files/")) return undefined;
  if (path.startsWith("parameters/")) return "is a symlink";
  return whyNotLink(dir, path);
}

function whyNotLink(dir: string, path: string): string | undefined {
  const target = Deno.readLinkSync(join(dir, path));
  const where = `is a symlink to "${printable(target)}", which`;
  if (isAbsolute(target)) return `${where} is absolute`;
  const real = resolveLink(join(dir, path));
  if (real === undefined) return `${where} leads nowhere`;
  if (!real.startsWith(`${Deno.realPathSync(dir)}/`)) return `${where} leads out of the ball`;
  return kindOf(real) === "file" ? undefined : `${where} is not a regular file`;
}

function resolveLink(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    // Dangling, or a loop: either way there is nothing to read.
    return undefined;
  }
}

function outputName(path: string): string {
  return basename(path).replace(/\.eta$/, "");
}
