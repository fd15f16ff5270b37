/**
 * What overlayfs keeps for itself, and what of it a ball can meet: data of other overlays, such as a
 * container engine's. It cannot be carried over, and so fails the diff instead of being lost.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { isOverlayXattr, machineView } from "../posix/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Side } from "./side.ts";

/**
 * Throw for a whiteout (a character device 0:0) in a directory that a ball has moved: overlayfs lists
 * it, and shows nothing there.
 */
export function refuseWhiteout(now: Side, path: string, balls: readonly string[]): void {
  if (now.tree.stat(path)) return;
  throw refusal(path, balls, "a whiteout of another overlay, which cannot be moved");
}

/** Throw for attributes of overlayfs that a ball has set, or that a copy would lose; `kept` has its own. */
export function refuseReserved(
  now: Side,
  kept: Side | undefined,
  path: string,
  balls: readonly string[],
): void {
  if (!machineView().hasXattrs) return;
  const names = reservedAt(now, path);
  if (names.length === 0) return;
  const known = kept ? reservedAt(kept, path) : [];
  const added = names.find((name) => !known.includes(name));
  if (added === undefined) return;
  throw refusal(path, balls, `the attribute "${printable(added)}", which belongs to overlayfs`);
}

function reservedAt({ tree }: Side, path: string): string[] {
  return tree.xattrNames(path).filter(isOverlayXattr);
}

function refusal(path: string, balls: readonly string[], what: string): DiscoError {
  const ball = balls.map(printable).join(", ");
  return new DiscoError(
    `Cannot carry over what ball "${ball}" has left at "${printable(path)}": it has ${what}`,
    { hint: "leave the data of container engines to them" },
  );
}
