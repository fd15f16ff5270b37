/**
 * Trees of a throw-away host: taken before and after, and compared.
 *
 * A host's root is an overlay, so what is not in its upper directory is as on the machine. A tree
 * holds what is in the upper directory, read through the host's root; the rest is looked up in the
 * lower tree when two trees are compared. So a comparison is complete, and costs only what changed.
 *
 * @module
 */
import { dirname } from "@std/path";
import { printable } from "../../lib/terminal/printable.ts";
import { getXattr, lstat } from "../../lib/posix/mod.ts";
import { type Entry, readEntry } from "./entry.ts";

/** Where the files of one mount are found: paths of the machine. */
export interface Store {
  /** Where it is mounted in the host. */
  readonly at: string;
  /** What the host sees, without what is mounted on it. */
  readonly view: string;
  /** For an overlay: the two directories it is made of. */
  readonly layers?: { readonly upper: string; readonly lower: string };
}

/** One mount's files at one moment. */
export interface StoreTree {
  readonly store: Store;
  /** By path below the mount: "" is the mount itself, "/a/b" a path in it. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly excluded: ReadonlySet<string>;
}

/** The files of a host at one moment, by mount point. Compare it while the host lives. */
export type Tree = ReadonlyMap<string, StoreTree>;

/** Read what the host sees; `exclude` are absolute paths of the host. */
export function readTree(stores: readonly Store[], exclude: readonly string[]): Tree {
  return new Map(stores.map((store) => [store.at, readStore(store, exclude)]));
}

function readStore(store: Store, exclude: readonly string[]): StoreTree {
  const prefix = store.at === "/" ? "" : store.at;
  const excluded = new Set(
    exclude.filter((p) => p.startsWith(`${prefix}/`)).map((p) => p.slice(prefix.length)),
  );
  const entries = new Map<string, Entry>();
  const visit = (path: string, whole: boolean) => {
    const entry = readVisible(store.view, path, excluded);
    if (!entry) return;
    entries.set(path, entry);
    const upper = store.layers && store.layers.upper + path;
    // Below a directory that was renamed, the lower tree has other paths.
    const all = whole || !upper || getXattr(upper, "trusted.overlay.redirect") !== undefined;
    for (const name of entry.names) {
      if (all || lstat(`${upper}/${name}`)) visit(`${path}/${name}`, all);
    }
  };
  visit("", store.layers === undefined);
  return { store, entries, excluded };
}

function readVisible(root: string, path: string, hidden: ReadonlySet<string>): Entry | undefined {
  // With the slash, the magic link that `root` may be is followed.
  const entry = readEntry(path === "" ? `${root}/` : root + path);
  if (!entry || entry.names.length === 0) return entry;
  return { ...entry, names: entry.names.filter((name) => !hidden.has(`${path}/${name}`)) };
}

/** What differs between two trees of the same host, a line each, sorted; none if they are equal. */
export function compareTrees(before: Tree, after: Tree): string[] {
  const mounts = [...new Set([...before.keys(), ...after.keys()])].sort();
  return mounts.flatMap((at) => {
    const [a, b] = [before.get(at), after.get(at)];
    if (a && b) return compareStores(a, b).sort();
    return [`${at}: mount ${a ? "gone" : "new"}`];
  });
}

function compareStores(a: StoreTree, b: StoreTree): string[] {
  const paths = new Set([...a.entries.keys(), ...b.entries.keys()]);
  // A set grows while it is walked: names on one side only are looked at in their turn.
  const lines: string[] = [];
  const prefix = a.store.at === "/" ? "" : a.store.at;
  for (const path of paths) {
    const [before, after] = [seen(a, path), seen(b, path)];
    const [had, has] = [new Set(before?.names), new Set(after?.names)];
    if (before && after) {
      for (const name of had.symmetricDifference(has)) paths.add(`${path}/${name}`);
    }
    lines.push(
      ...compareEntries(before, after).map((what) => `${printable(prefix + path) || "/"}: ${what}`),
    );
  }
  return lines;
}

/** What was at a path, whether it is in the upper directory or not. */
function seen(tree: StoreTree, path: string): Entry | undefined {
  const known = tree.entries.get(path);
  if (known || path === "") return known;
  const above = seen(tree, path.lastIndexOf("/") === 0 ? "" : dirname(path));
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!above?.names.includes(name) || !tree.store.layers) return undefined;
  return readVisible(tree.store.layers.lower, path, tree.excluded);
}

function compareEntries(before: Entry | undefined, after: Entry | undefined): string[] {
  if (!before) return after ? [`created (${after.type})`] : [];
  if (!after) return [`deleted (${before.type})`];
  if (before.type !== after.type) return [`replaced (${before.type} -> ${after.type})`];
  const fields = Object.keys(before) as (keyof Entry)[];
  return fields.filter((field) => field !== "names" && before[field] !== after[field])
    .map((field) => `${field} ${shown(before[field])} -> ${shown(after[field])}`);
}

function shown(value: Entry[keyof Entry]): string {
  return printable(`${value}`.slice(0, 80)) || "none";
}
