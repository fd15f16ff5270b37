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
import { createFile, lstat, mkdir, readlink, symlink } from "../posix/mod.ts";
import { copyFile } from "./copy_file.ts";
import { Gaps } from "./gaps.ts";
import type { Laid, Site } from "./ground.ts";
import { type MountInfo, readMounts } from "./mountinfo.ts";
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
  const places = new Split(root, mounts, `${base}/0`, gaps).places;
  new Skeleton(base, gaps).lay(places);
  // Where it cannot be set on a copy, overlayfs cannot set it on a new directory.
  const marks = markOpaque(base) ? [] : [NO_MARKS];
  return { places, gaps: [...gaps.lines, ...marks] };
}

/** Parts a root where it has mounts. */
class Split {
  readonly places: Place[];
  readonly #root: string;
  readonly #mounts: readonly MountInfo[];
  readonly #base: string;
  readonly #gaps: Gaps;

  constructor(root: string, mounts: readonly MountInfo[], base: string, gaps: Gaps) {
    this.#root = root;
    this.#mounts = mounts;
    this.#base = base;
    this.#gaps = gaps;
    const isBare = this.#hasMounts(root);
    this.places = [{ ...placeOf(root, "/", closest(root, mounts)), isBare }];
    if (!isBare) return;
    mkdir(base, lstat(root)!.mode);
    this.#part("");
  }

  /** Go through a folder that has mounts below it. */
  #part(folder: string): void {
    const entries = listReadable(join(this.#root, folder || "/"), folder || "/", this.#gaps);
    for (const { name } of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      this.#take(`${folder}/${name}`);
    }
  }

  #take(path: string): void {
    const live = join(this.#root, path);
    const stat = lstat(live);
    const mount = this.#mounts.find((m) => m.path === live);
    const place = mount
      ? placeOf(live, path, mount)
      : { ...placeOf(live, "/", closest(live, this.#mounts)), path };
    switch (stat?.type) {
      case "directory": {
        mkdir(this.#base + path, stat.mode);
        if (OWN_PLACES.some((own) => own === path)) return;
        if (!this.#hasMounts(live)) return void this.places.push(place);
        if (place.kind === "union") return this.#part(path);
        const below = this.#mounts.filter((m) => m.path !== live && isBelow(live, m.path));
        this.places.push(
          place,
          ...below.map((m) => placeOf(m.path, path + m.path.slice(live.length), m)),
        );
        return;
      }
      case "file":
        if (mount || !copyFile({ live, path, copy: this.#base + path }, this.#gaps)) {
          this.#bindFile(place, path);
        }
        return;
      case "symlink":
        return symlink(readlink(live), this.#base + path);
    }
  }

  /** A file that cannot be copied is there all the same. */
  #bindFile(place: Place, path: string): void {
    if (!lstat(this.#base + path)) createFile(this.#base + path, new Uint8Array());
    const reason = place.kind === "refused" ? place.reason : "a file beside a mount is not copied";
    this.places.push({ ...place, kind: "refused", reason });
  }

  #hasMounts(live: string): boolean {
    return this.#mounts.some(({ path }) => path !== live && isBelow(live, path));
  }
}
