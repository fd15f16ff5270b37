/**
 * Owner, mode, extended attributes and modification time as one thing.
 *
 * @module
 */
import { chmod, lchown } from "./entries.ts";
import { utimens } from "./times.ts";
import { machineView } from "./machine_view.ts";
import type { Stat } from "./stat.ts";
import { getXattr, listXattr, removeXattr, setXattr, type XattrTarget } from "./xattr.ts";

/** Whether an attribute belongs to overlayfs itself: it must never be copied to a live root. */
export function isOverlayXattr(name: string): boolean {
  return name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.");
}

/**
 * Whether an attribute is the file system's own way to store a file. XFS shows ACLs a second time: a
 * copy of that would bring removed ones back. btrfs shows how it compresses: no layer can hold that.
 */
function isOfStorage(name: string): boolean {
  return name.startsWith("trusted.SGI_ACL_") || name.startsWith("btrfs.");
}

/**
 * The extended attributes of a path that are not a file system's own, by name. Without root there are none:
 * ACLs, capabilities and labels of others can be neither read nor given to a copy.
 */
export function readXattrs(path: XattrTarget): Map<string, Uint8Array<ArrayBuffer>> {
  if (!machineView().hasXattrs) return new Map();
  const names = listXattr(path).filter((name) => !isOverlayXattr(name) && !isOfStorage(name));
  return new Map(names.map((name) => [name, getXattr(path, name) ?? new Uint8Array()]));
}

/** Make the extended attributes of a path these, but for a file system's own. */
export function writeXattrs(
  path: XattrTarget,
  wanted: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): void {
  for (const name of readXattrs(path).keys()) {
    if (!wanted.has(name)) removeXattr(path, name);
  }
  for (const [name, value] of wanted) setXattr(path, name, value);
}

/**
 * Give `to` the owner, mode and extended attributes of `from`, and its modification time. The order
 * matters: chown clears setuid bits and capabilities, everything else changes no time.
 */
export function copyAttributes(from: XattrTarget, stat: Stat, to: string): void {
  lchown(to, stat.uid, stat.gid);
  if (stat.type !== "symlink") chmod(to, stat.mode);
  writeXattrs(to, readXattrs(from));
  utimens(to, stat.mtime);
}
