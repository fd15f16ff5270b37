/**
 * Paths whose content is never shown.
 *
 * @module
 */
import { coversPath } from "../ball/mod.ts";
import type { IsSecret } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { realPath } from "../sandbox/mod.ts";
import type { Mounted } from "./values.ts";

/** Paths that hold secrets on every machine: their content is never shown. */
const ALWAYS_SECRET = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/ssh/*_key",
  "/etc/ssl/private",
  "/root/.ssh/id_*",
  "/home/*/.ssh/id_*",
];

/** Which paths are secret: always, or by what the balls of the dance say. */
export function secretsOf(dance: Mounted): IsSecret {
  const lines = dance.order.flatMap((name) => dance.ball(name).secrets);
  const secrets = [...ALWAYS_SECRET, ...lines.flatMap((line) => globsOf(dance, line))];
  return (path) => coversPath(secrets, path);
}

/**
 * What a line covers: what it says as a glob, and the very path that it is written as, because nobody
 * names a secret to have it shown; each also where links lead, because changes have real paths.
 */
function globsOf(dance: Mounted, line: string): string[] {
  const parts = line.split("/");
  const wild = parts.findIndex((part) => part !== escaped(part));
  const last = parts.length - 1;
  const ways = [
    ...(wild < 0 ? [] : [{ start: parts.slice(0, wild), rest: parts.slice(wild) }]),
    // A link at the end may be the secret itself, or lead to it.
    { start: parts.slice(0, last), rest: [escaped(parts[last]!)] },
    { start: parts, rest: [] },
  ];
  return [...new Set(ways.flatMap((way) => [globOf(way), ...elsewhere(dance, way)]))];
}

/** A path whose first parts are names, and the others globs. */
interface Way {
  readonly start: readonly string[];
  readonly rest: readonly string[];
}

function globOf({ start, rest }: Way): string {
  return [...start.map(escaped), ...rest].join("/");
}

/** Where links lead, on the live root and in the union. */
function elsewhere({ context, mounted }: Mounted, { start, rest }: Way): string[] {
  return [context.root, mounted.mountpoint].flatMap((root) => {
    using tree = new Tree(root);
    const real = realPath(tree, start.join("/") || "/");
    if (real === undefined) return [];
    const glob = globOf({ start: real === "/" ? [""] : real.split("/"), rest });
    return glob === "" ? [] : [glob];
  });
}

function escaped(name: string): string {
  return name.replaceAll(/[*?[\\]/g, (c) => `\\${c}`);
}
