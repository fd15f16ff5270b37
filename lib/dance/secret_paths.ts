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
  const named = dance.order.flatMap((name) => dance.ball(name).secrets);
  const secrets = [...ALWAYS_SECRET, ...named, ...named.flatMap((glob) => elsewhere(dance, glob))];
  return (path) => coversPath(secrets, path);
}

/** The same glob where links lead, on the live root and in the union: changes have real paths. */
function elsewhere({ context, mounted }: Mounted, glob: string): string[] {
  // Up to the first part with a wildcard; of a path without one also what is at its end.
  const parts = glob.split("/");
  const wild = parts.findIndex((part) => /[*?[\\]/.test(part));
  const ends = wild < 0 ? [parts.length - 1, parts.length] : [wild];
  const found = [context.root, mounted.mountpoint].flatMap((root) => {
    using tree = new Tree(root);
    return ends.flatMap((end) => {
      const start = parts.slice(0, end).join("/");
      const real = realPath(tree, start === "" ? "/" : start);
      if (real === undefined || real === start) return [];
      const escaped = real === "/" ? "" : real.replaceAll(/[*?[\\]/g, (c) => `\\${c}`);
      return [[escaped, ...parts.slice(end)].join("/")];
    });
  });
  return [...new Set(found)].filter((one) => one !== "" && one !== glob);
}
