/**
 * What a ball may hold: the check of what came from a server, before anything uses it.
 *
 * @module
 */
import { basename } from "@std/path";
import { follow, FollowError } from "../door/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { BallFolder, type Entry } from "./folder.ts";
import { parseBallName } from "./name.ts";

const FOLDERS = ["files", "parameters", "post", "scripts", "templates"];
const FILES = ["requires", "permissions", "purge", "reactions", "checks"];

/**
 * Refuse what a ball must not hold, with a {@linkcode DiscoError} that names the path: anything
 * but regular files, folders and symlinks; symlinks in `parameters/`; symlinks outside `files/` that
 * are absolute, dangling, lead out of the ball or to a folder; templates whose name without `.eta`
 * is not a name; more than a ball can hold.
 */
export function inspectBall(dir: string, name: string): void {
  parseBallName(name);
  using folder = new BallFolder({ name, dir });
  for (const entry of folder.walk()) {
    const why = whyNot(folder, entry);
    if (why === undefined) continue;
    throw new DiscoError(`Cannot accept ball "${name}": "${printable(entry.path)}" ${why}`, {
      hint: "correct the ball on the server",
    });
  }
}

function whyNot(folder: BallFolder, { path, kind }: Entry): string | undefined {
  if (FOLDERS.includes(path) && kind !== "directory") return `is a ${kind}, not a folder`;
  if (FILES.includes(path) && kind !== "file") return `is a ${kind}, not a regular file`;
  if (kind === "fifo" || kind === "socket" || kind === "device") return `is a ${kind}`;
  if (path.startsWith("templates/") && ["", ".", ".."].includes(outputName(path))) {
    return "renders to no file name";
  }
  // Links in files/ are delivered as they are; the node follows them as its own.
  if (kind !== "symlink" || path.startsWith("files/")) return undefined;
  if (path.startsWith("parameters/")) return "is a symlink";
  return whyNotLink(folder, path);
}

function whyNotLink({ tree }: BallFolder, path: string): string | undefined {
  const target = tree.readlink(`/${path}`);
  const where = `is a symlink to "${printable(target)}", which`;
  if (target.startsWith("/")) return `${where} is absolute`;
  try {
    const { stat } = follow(tree, `/${path}`, { beneath: true });
    return stat.type === "file" ? undefined : `${where} is not a regular file`;
  } catch (error) {
    if (!(error instanceof FollowError)) throw error;
    if (error.kind === "outside") return `${where} leads out of the ball`;
    if (error.kind === "unsafe") return `is not followed: ${error.message}`;
    // Dangling, or a loop: either way there is nothing to read.
    return `${where} leads nowhere`;
  }
}

function outputName(path: string): string {
  return basename(path).replace(/\.eta$/, "");
}
