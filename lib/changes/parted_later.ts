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
  const changed = [...touched].filter(([, { left }]) => left.length > 0);
  if (changed.length === 0) return [];
  const created = found.filter(({ kind }) => kind === "created");
  const files = [...new Set(changed.flatMap(([, { left }]) => left))];
  return files.flatMap((file) => {
    const names = [...touched].filter(([, { inode, left }]) =>
      inode === file || left.includes(file)
    )
      .map(([path, touch]): Name => ({ path, touch, now: statOf(path) }));
    return names.filter(({ touch }) => touch.left.includes(file))
      .flatMap((name) => partsOf(name, names, created));
  });
}

function partsOf(name: Name, names: readonly Name[], created: readonly Found[]): Parted[] {
  const isStillOne = ({ touch }: Name) =>
    touch.inode !== undefined && touch.inode === name.touch.inode;
  const others = names.filter((other) => other !== name && other.now && !isStillOne(other));
  const [first] = others;
  if (first === undefined) return [];
  const told = { others: others.length, stay: true };
  if (name.now) return [{ path: name.path, balls: name.touch.balls, ...told }];
  const known = new Set(names.map(({ path }) => path));
  return created.filter(({ path, after }) =>
    !known.has(path) && looks(after!) === looks(first.now!)
  )
    .map(({ path, balls }) => ({ path, balls, ...told, isMoved: true }));
}
