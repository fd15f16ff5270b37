/**
 * The ground of a union without root (user_namespaces(7), Documentation/filesystems/overlayfs.rst).
 *
 * In a user namespace the mounts that it was born with are locked together, and overlayfs takes no
 * folder that has one of them below it: so the root becomes a place of its own with nothing of the live
 * root under it, and each folder in it that has no mounts below becomes a place. And a user namespace
 * cannot write to what it does not own: so the directories lie in the base layer once more, as its own.
 *
 * @module
 */
import { dirname } from "@std/path";
import { Tree } from "../door/mod.ts";
import { createFile, lstat, mkdir, symlink } from "../posix/mod.ts";
import { copyFile } from "./copy_file.ts";
import { Gaps } from "./gaps.ts";
import type { Laid, Site } from "./ground.ts";
import { type MountInfo, readMounts } from "../posix/mountinfo.ts";
import { closest, isBelow, join, OWN_PLACES, type Place, placeOf } from "./places.ts";
import { listReadable, markOpaque, Skeleton } from "./skeleton.ts";

const NO_MARKS =
  "directories that are removed and made again: that fails here, and needs Linux 6.6 or newer";

/** Find the places of a root as a user may see it, and fill the base layer. */
export function layCopies({ root, base }: Site): Laid {
  // The scratchpad is not locked: it was mounted in the namespace.
  const mounts = readMounts().filter(({ path }) => path !== dirname(base));
  mkdir(base);
  const gaps = new Gaps();
  using live = new Tree(root);
  const places = new Split({ live, root, mounts, base: `${base}/0`, gaps }).places;
  new Skeleton(live, base, gaps).lay(places);
  // Where it cannot be set on a copy, overlayfs cannot set it on a new directory.
  const marks = markOpaque(base) ? [] : [NO_MARKS];
  return { places, gaps: [...gaps.lines, ...marks] };
}

interface Whole {
  readonly live: Tree;
  readonly root: string;
  readonly mounts: readonly MountInfo[];
  /** Where the base layer of the root goes. */
  readonly base: string;
  readonly gaps: Gaps;
}

/** Parts a root where it has mounts. */
class Split {
  readonly places: Place[];
  readonly #whole: Whole;

  constructor(whole: Whole) {
    this.#whole = whole;
    const { live, root, mounts, base } = whole;
    const isBare = this.#hasMounts("/");
    this.places = [{ ...placeOf(live, root, "/", closest(root, mounts)), isBare }];
    if (!isBare) return;
    mkdir(base, live.stat("/")?.mode);
    this.#part("");
  }

  /** Go through a folder that has mounts below it. */
  #part(folder: string): void {
    const { live, gaps } = this.#whole;
    const entries = listReadable(live, folder || "/", gaps);
    for (const { name } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      this.#take(`${folder}/${name}`);
    }
  }

  #take(path: string): void {
    const { live, base, gaps } = this.#whole;
    const stat = live.stat(path);
    const mount = this.#mountAt(path);
    const place = this.#placeAt(path, mount);
    switch (stat?.type) {
      case "directory":
        mkdir(base + path, stat.mode);
        return this.#takeFolder(path, place);
      case "file":
        if (mount || !copyFile(live, { path, copy: base + path }, gaps)) {
          this.#bindFile(place, path);
        }
        return;
      case "symlink":
        return symlink(live.readlink(path), base + path);
    }
  }

  #takeFolder(path: string, place: Place): void {
    if (OWN_PLACES.some((own) => own === path)) return;
    if (!this.#hasMounts(path)) return void this.places.push(place);
    if (place.kind === "union") return this.#part(path);
    // What is shown read-only is shown with the mounts below it.
    const { live, root, mounts } = this.#whole;
    const at = join(root, path);
    const below = mounts.filter((m) => m.path !== at && isBelow(at, m.path));
    this.places.push(
      place,
      ...below.map((m) => placeOf(live, m.path, path + m.path.slice(at.length), m)),
    );
  }

  #placeAt(path: string, mount: MountInfo | undefined): Place {
    const { live, root, mounts } = this.#whole;
    const at = join(root, path);
    if (mount) return placeOf(live, at, path, mount);
    return { ...placeOf(live, at, "/", closest(at, mounts)), path };
  }

  /** A file that cannot be copied is there all the same. */
  #bindFile(place: Place, path: string): void {
    const copy = this.#whole.base + path;
    if (!lstat(copy)) createFile(copy, new Uint8Array());
    const reason = place.kind === "refused" ? place.reason : "a file beside a mount is not copied";
    this.places.push({ ...place, kind: "refused", reason });
  }

  #mountAt(path: string): MountInfo | undefined {
    const at = join(this.#whole.root, path);
    return this.#whole.mounts.find((m) => m.path === at);
  }

  #hasMounts(path: string): boolean {
    const at = join(this.#whole.root, path);
    return this.#whole.mounts.some((m) => m.path !== at && isBelow(at, m.path));
  }
}
