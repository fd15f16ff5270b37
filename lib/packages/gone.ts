/**
 * What dpkg itself removes: packages that are gone afterwards, and the paths that they let go of.
 *
 * @module
 */
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";
import { nameOf } from "../posix/mod.ts";
import { LISTS, pathsIn } from "./lists.ts";

/** What becomes of packages. */
export interface PackagesGone {
  /** Packages that were installed, and are not afterwards. */
  readonly removed: readonly string[];
  /** Whether dpkg's database gave the path to a package that has let go of it. */
  readonly owned: (path: string) => boolean;
}

const STATUS = "/var/lib/dpkg/status";
/** Bytes of the database. */
const LARGEST = 256 << 20;

/**
 * Compare dpkg's database before and after. A database that is gone afterwards speaks for nothing:
 * what removes it together with everything else is not dpkg.
 */
export function packagesGone(changes: readonly Change[], live: Tree, now: Tree): PackagesGone {
  const lists = changes.filter(({ path }) => LISTS.test(path));
  const [before, after] = lists.length > 0 ? [installed(live), installed(now)] : [];
  if (!before || !after || after.size === 0) return { removed: [], owned: () => false };
  const released = new Set<string>();
  const stems: string[] = [];
  for (const { path } of lists) {
    const name = LISTS.exec(path)![1]!;
    const kept = new Set(pathsIn(now, path));
    // Still installed, and yet without its list: that was not dpkg.
    if (kept.size === 0 && after.has(name)) continue;
    if (!after.has(name)) stems.push(`/var/lib/dpkg/info/${name}.`);
    for (const one of pathsIn(live, path)) if (!kept.has(one)) released.add(one);
  }
  return {
    removed: [...before].filter((name) => !after.has(name) && !isTwin(name, before)).sort(),
    owned: (path) => released.has(path) || stems.some((stem) => path.startsWith(stem)),
  };
}

/** Packages by the names of their lists: `NAME`, and `NAME:ARCHITECTURE`; undefined without a database. */
function installed(tree: Tree): Set<string> | undefined {
  const bytes = tree.read(STATUS, LARGEST);
  if (!bytes) return undefined;
  const found = new Set<string>();
  for (const block of nameOf(bytes).split("\n\n")) {
    const name = block.match(/^Package: *(.*)$/m)?.[1];
    if (name === undefined || !/^Status:.* installed$/m.test(block)) continue;
    found.add(name);
    if (!/^Multi-Arch: *same$/m.test(block)) continue;
    found.add(`${name}:${block.match(/^Architecture: *(.*)$/m)?.[1]}`);
  }
  return found;
}

/** `libc6:amd64` beside `libc6`: one package. */
function isTwin(name: string, names: ReadonlySet<string>): boolean {
  return name.includes(":") && names.has(name.slice(0, name.indexOf(":")));
}
