/**
 * Names that one ball has given a file, and a later ball parts: for the later one the file lies in a
 * lower layer, where it is copied name by name (overlayfs.rst, "Hard links" without `index=on`).
 *
 * @module
 */
import type { Stat } from "../posix/mod.ts";
import type { Found } from "./found.ts";
import { looks } from "./moved_names.ts";
import type { Parted } from "./parted.ts";
import type { Touch } from "./touched.ts";

/** A path that was a name of a file in an earlier layer, and what it is now. */
interface Name {
  readonly path: string;
  readonly touch: Touch;
  /** Undefined where it is gone. */
  readonly now: Stat | undefined;
}

/**
 * Which names a later ball parts from the others that stay, or takes away as if it had moved them.
 *
 * @param statOf What is at a path in the union.
 */
export function partedLater(
  touched: ReadonlyMap<string, Touch>,
  found: readonly Found[],
  statOf: (path: string) => Stat | undefined,
): Parted[] {
  const files = new Set([...touched.values()].flatMap(({ left }) => left));
  if (files.size === 0) return [];
  const names = [...touched].flatMap(([path, touch]) =>
    [...touch.left, touch.inode].flatMap((file) =>
      file !== undefined && files.has(file) ? [{ file, path, touch, now: statOf(path) }] : []
    )
  );
  const created = found.filter(({ kind }) => kind === "created");
  const alike = Map.groupBy(created, ({ after }) => looks(after!));
  return [...Map.groupBy(names, ({ file }) => file)].flatMap(([file, all]) =>
    all.filter(({ touch }) => touch.left.includes(file))
      .flatMap((name) => partsOf(name, all, alike))
  );
}

function partsOf(
  name: Name,
  names: readonly Name[],
  alike: ReadonlyMap<string, readonly Found[]>,
): Parted[] {
  const { inode } = name.touch;
  const others = names.filter((other) =>
    other !== name && other.now && (inode === undefined || other.touch.inode !== inode)
  );
  const [first] = others;
  if (first === undefined) return [];
  const told = { others: others.length, stay: true };
  if (name.now) return [{ path: name.path, balls: name.touch.balls, ...told }];
  const known = new Set(names.map(({ path }) => path));
  return (alike.get(looks(first.now!)) ?? []).filter(({ path }) => !known.has(path))
    .map(({ path, balls }) => ({ path, balls, ...told, isMoved: true }));
}
