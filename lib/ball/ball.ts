/**
 * A ball, read from its folder.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError, messageOf } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import { parseBallName } from "./name.ts";
import { parsePermissions, type PermissionRule } from "./permissions.ts";
import { parsePurge } from "./purge.ts";
import { parseRequires, type Requirement } from "./requires.ts";
import { kindOf, walk } from "./tree.ts";

/** A module: what one folder of the universe says. */
export interface Ball {
  readonly name: string;
  /** The folder. */
  readonly dir: string;
  readonly requires: Requirement[];
  readonly permissions: PermissionRule[];
  /** Absolute globs, see `permissions.ts`. */
  readonly secrets: string[];
  /** Absolute globs of what is removed once it is not delivered any more, see `purge.ts`. */
  readonly purge: string[];
  /** Paths relative to `<dir>/scripts`, in the order in which they run. */
  readonly scripts: string[];
  /** Paths relative to `<dir>/post`, in the order in which they run. */
  readonly post: string[];
  /** Paths relative to `<dir>/templates`. */
  readonly templates: string[];
}

/** Read the ball `name` from its folder `dir`; what is not there is empty. */
export function readBall(dir: string, name: string): Ball {
  parseBallName(name);
  if (kindOf(dir) !== "directory") {
    throw new DiscoError(`Cannot read ball "${name}": "${printable(dir)}" is not a folder`);
  }
  const requires = parseRequires(readText(dir, "requires"), `${name}/requires`);
  const { rules, secrets } = parsePermissions(
    readText(dir, "permissions"),
    `${name}/permissions`,
  );
  return {
    name,
    dir,
    requires,
    permissions: rules,
    secrets,
    purge: parsePurge(readText(dir, "purge")),
    scripts: filesBelow(join(dir, "scripts")),
    post: filesBelow(join(dir, "post")),
    templates: filesBelow(join(dir, "templates")),
  };
}

/** Regular files and symlinks, in the order of the code units of their paths. */
function filesBelow(dir: string): string[] {
  if (kindOf(dir) !== "directory") return [];
  return [...walk(dir)].filter(({ kind }) => kind === "file" || kind === "symlink")
    .map(({ path }) => path).sort();
}

function readText(dir: string, name: string): string {
  const path = join(dir, name);
  const kind = kindOf(path);
  if (kind === undefined) return "";
  // A link could lead anywhere on the node, and errors quote what they could not parse.
  if (kind !== "file") {
    throw new DiscoError(`Cannot read "${printable(path)}": it is a ${kind}, not a regular file`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Deno.readFileSync(path));
  } catch (cause) {
    throw new DiscoError(`Cannot read "${printable(path)}": ${messageOf(cause)}`, { cause });
  }
}
