/**
 * The two kinds of mount that a union is made of, and the marks that one leaves.
 *
 * @module
 */
import { listXattr, mount, MS } from "../posix/mod.ts";
import { ground } from "./ground.ts";
import { overlayOptions, type OverlayParts } from "./options.ts";
import type { Place } from "./places.ts";

/** Mount an overlay of a place at a folder; `scratch` is what the names of its layers begin in. */
export function mountOverlay(
  scratch: string,
  at: string,
  flags: number,
  parts: OverlayParts,
): void {
  const data = overlayOptions(parts, ground().features);
  const back = Deno.cwd();
  // The layers' names are relative, because the option string is limited to a page.
  Deno.chdir(scratch);
  try {
    mount("disco-union", at, "overlay", flags, data);
  } finally {
    Deno.chdir(back);
  }
}

/** What overlayfs says of an entry of a layer: `opaque`, `redirect`, `metacopy`, `origin`. */
export function overlayMarks(path: string): string[] {
  const { marks } = ground();
  return listXattr(path).filter((name) => name.startsWith(marks)).map((n) => n.slice(marks.length));
}

/** Show a place of the live root as it is, read-only. */
export function bindReadonly({ live, flags }: Place, at: string): void {
  mount(live, at, "", ground().bind);
  mount("none", at, "", MS.BIND | MS.REMOUNT | MS.RDONLY | flags);
}
