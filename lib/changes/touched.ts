/**
 * Which paths the layers mention. A layer says which paths changed and how; the content is read
 * through the union, never from the layer (Documentation/filesystems/overlayfs.rst).
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { lstat, nameOf, type Stat } from "../posix/mod.ts";
import { type Layer, overlayMarks, type Union } from "../union/mod.ts";
import { BallLists } from "./ball_lists.ts";
import type { Bounds } from "./bounds.ts";
import { handle, type Handled, UNHANDLED } from "./handled.ts";
import type { Pace } from "./pace.ts";

/** What the layers say of one path. */
export interface Touch {
  /** The balls whose layers mention it, in order. */
  balls: readonly string[];
  /** Every mention is a copy of metadata: the content is the live file's. */
  metadataOnly: boolean;
  /** A directory that hides or moves what was below: its whole content must be compared. */
  whole: boolean;
  /** It was copied from below, here or where it was moved from. */
  isCopy: boolean;
  /** Of a regular file: what was done to it besides its content. */
  handled: Handled;
  /**
   * Of a file with several names in the layer that mentions it last: which it is there. The union may
   * show each name with an inode number of its own.
   */
  inode?: string | undefined;
  /** The files with several names in earlier layers that it was a name of, and is no more. */
  left: string[];
}

/** Which layers are looked at, and how long that may take. */
export interface TouchedOptions {
  readonly pace: Pace;
  readonly bounds: Bounds;
  /** Only layers after this number. */
  readonly after: number;
}

/** Every path that a layer mentions. */
export async function touchedPaths(
  union: Union,
  options: TouchedOptions,
): Promise<Map<string, Touch>> {
  const touches = new Touches(options);
  for (const layer of union.layers.filter(({ number }) => number > options.after)) {
    for (const [i, place] of union.places.entries()) {
      const upper = union.upper(layer, i);
      if (place.kind !== "union" || !lstat(upper)) continue;
      if (union.isRootTouched(layer, i)) touches.of(place.path, layer).metadataOnly = false;
      using tree = new Tree(upper);
      await touches.collect(tree, place.path === "/" ? "" : place.path, layer);
    }
  }
  distrustCopies(touches.map);
  return touches.map;
}

/**
 * Below a directory that hides or moves what was there, a copy of metadata may be another file's. A
 * directory is in the map before what is in it.
 */
function distrustCopies(touched: ReadonlyMap<string, Touch>): void {
  const moved = new Set<string>();
  for (const [path, touch] of touched) {
    const isBelow = moved.has(path.slice(0, path.lastIndexOf("/")));
    if (isBelow) Object.assign(touch, { metadataOnly: false, handled: WRITTEN });
    if (isBelow || touch.whole) moved.add(path);
  }
}

class Touches {
  readonly map = new Map<string, Touch>();
  readonly #lists = new BallLists();
  readonly #options: TouchedOptions;

  constructor(options: TouchedOptions) {
    this.#options = options;
  }

  /** Everything in a layer's folder of a place, directories before what is in them. */
  async collect(layerTree: Tree, place: string, layer: Layer): Promise<void> {
    const folders = [""];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      let seen: bigint | undefined;
      const putIn = (birth: bigint) => seen ??= layerTree.stat(folder || "/")?.mtime ?? birth;
      for (const { name, type } of layerTree.list(folder || "/")) {
        const inner = `${folder}/${name}`;
        const isFile = type === "file";
        const marks = marksOf(layerTree, inner, isFile);
        const touch = this.of(place + inner, layer);
        mark(touch, type === "directory", isFile, marks);
        const stat = type === "directory" ? undefined : layerTree.stat(inner);
        const isInPlace = () => stat!.btime !== undefined && putIn(stat!.btime) < stat!.btime;
        touch.handled = stat ? handled(touch, stat, marks, isInPlace) : WRITTEN;
        if (touch.inode !== undefined) touch.left.push(touch.inode);
        touch.inode = stat && stat.nlink > 1 && !isWhiteout(stat)
          ? `${stat.dev}/${stat.ino}`
          : undefined;
        if (type === "directory") folders.push(inner);
        await this.#options.pace.step();
      }
    }
  }

  of(path: string, layer: Layer): Touch {
    const known = this.map.get(path);
    if (known) {
      known.balls = this.#lists.add(layer.ball, known.balls);
      return known;
    }
    const balls = this.#lists.add(layer.ball);
    this.#options.bounds.take(path, balls);
    const fresh: Touch = {
      balls,
      metadataOnly: true,
      whole: false,
      isCopy: false,
      handled: UNHANDLED,
      left: [],
    };
    this.map.set(path, fresh);
    return fresh;
  }
}

/** What stands for a removed path; many can be names of one (overlayfs.rst). */
function isWhiteout({ type, rdev }: Stat): boolean {
  return type === "char" && rdev === "0:0";
}

/** The marks of an entry; where another name was made of a file, it leads to itself, and is not moved. */
function marksOf(layerTree: Tree, path: string, isFile: boolean): string[] {
  const names = layerTree.xattrNames(path);
  const marks = overlayMarks(names);
  if (!isFile || !marks.includes("redirect")) return marks;
  const name = names.find((name) => overlayMarks([name])[0] === "redirect")!;
  const target = layerTree.xattr(path, name);
  const isItself = target !== undefined && nameOf(target) === path;
  return isItself ? marks.filter((one) => one !== "redirect") : marks;
}

function mark(at: Touch, isDirectory: boolean, isFile: boolean, marks: readonly string[]): void {
  at.isCopy ||= marks.includes("origin");
  at.whole ||= isDirectory && (marks.includes("opaque") || marks.includes("redirect"));
  // A file that was renamed has a redirect, too: its content is another path's.
  const isMetadata = marks.includes("metacopy") && !marks.includes("redirect");
  at.metadataOnly &&= isFile && isMetadata;
}

/** Of which nothing can be said but what is seen. */
export const WRITTEN: Handled = {
  opened: "no",
  openedIfLinked: "no",
  time: "written",
  timeIfLinked: "written",
};

function handled(
  touch: Touch,
  stat: Stat,
  marks: readonly string[],
  isInPlace: () => boolean,
): Handled {
  const isMoved = marks.includes("redirect");
  const isCopy = marks.includes("origin") && !isMoved;
  const isMetadata = marks.includes("metacopy");
  return handle(touch.handled, {
    ...{ stat, isCopy, isMoved, isMetadata },
    isInPlace: !isCopy && !isMoved && isInPlace(),
  });
}
