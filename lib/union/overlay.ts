/**
 * The two kinds of mount that a union is made of, and the marks that one leaves.
 *
 * @module
 */
import { listXattr, lstat, mount, MS, SyscallError } from "../posix/mod.ts";
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

/**
 * Show a place of the live root as it is, read-only. Sockets and FIFOs of the host are not shown, or
 * lead nowhere, where that can be had: at their other end is somebody outside of the union.
 */
export function mountReadonly(scratch: string, place: Place, at: string): void {
  const { live, flags, kind } = place;
  const type = lstat(live)?.type;
  if (type === "socket" || type === "fifo") return;
  if (type === "directory" && kind === "readonly" && isCovered(scratch, place, at)) return;
  mount(live, at, "", ground().bind);
  mount("none", at, "", MS.BIND | MS.REMOUNT | MS.RDONLY | flags);
}

/** Mount an overlay that adds nothing, which needs a second folder; false if there can be none. */
function isCovered(scratch: string, { live, flags }: Place, at: string): boolean {
  try {
    mountOverlay(scratch, at, flags | MS.RDONLY, { lowers: ["empty"], live, top: null });
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
