/**
 * The mounts that a tree asks for: fstab(5).
 *
 * @module
 */
import { resolve } from "@std/path";
import type { Tree } from "../door/mod.ts";
import { nameOf, unescapeOctal } from "../posix/mod.ts";
import { realPath } from "../sandbox/mod.ts";

/** A line of fstab(5). */
export interface FstabEntry {
  readonly source: string;
  readonly place: string;
  readonly isAutomatic: boolean;
}

/** Bytes of an fstab. */
const LONGEST = 1 << 20;

/** The lines of a tree's /etc/fstab, but for swap; none where there is no such file. */
export function readFstab(tree: Tree): FstabEntry[] {
  const path = realPath(tree, "/etc/fstab");
  const text = path === undefined || tree.stat(path)?.type !== "file"
    ? ""
    : nameOf(tree.read(path, LONGEST) ?? new Uint8Array());
  return text.split("\n").flatMap((line): FstabEntry[] => {
    const [source = "", place = "", type = "", options = ""] = line.trim().split(/\s+/);
    if (source.startsWith("#") || !place.startsWith("/") || type === "swap") return [];
    return [{
      source: unescapeOctal(source),
      place: resolve("/", unescapeOctal(place)),
      isAutomatic: !options.split(",").includes("noauto"),
    }];
  });
}
