/**
 * Globs whose folder is reached by a link: changes are known by their real paths.
 *
 * @module
 */
import { dirname } from "@std/path";
import { escapeGlob, type OnChange } from "../ball/mod.ts";
import type { Ground } from "./ground.ts";
import { isShipped } from "./load.ts";

/**
 * The lines, each followed by itself with the real path where links lead to its folder (`/lib` on
 * Debian is `/usr/lib`). Shipped lines name both.
 */
export function followed(lines: readonly OnChange[], { real }: Ground): OnChange[] {
  return lines.flatMap((line) => {
    if (isShipped(line)) return [line];
    return globsOf(line.glob, real).map((glob) => glob === line.glob ? line : { ...line, glob });
  });
}

/** A glob, and the one with the real path of its folder, where that is another. */
export function globsOf(glob: string, real: Ground["real"]): string[] {
  const other = realGlob(glob, real);
  return other === undefined ? [glob] : [glob, other];
}

function realGlob(glob: string, real: Ground["real"]): string | undefined {
  const [start = ""] = /^[^*?[\\]*/.exec(glob)!;
  const folder = dirname(`${start}x`);
  const found = folder === "/" ? undefined : real?.(folder);
  if (found === undefined || found === folder) return undefined;
  // What stands for itself in a path must not mean something in a glob.
  const literal = escapeGlob(found);
  return `${literal === "/" ? "" : literal}${glob.slice(folder.length)}`;
}
