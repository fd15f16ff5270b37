/**
 * Which paths the layers mention. A layer says which paths changed and how; the content is read
 * through the union, never from the layer (Documentation/filesystems/overlayfs.rst).
 *
 * @module
 */
import { lstat, readdir } from "../posix/mod.ts";
import { type Layer, overlayMarks, type Union } from "../union/mod.ts";

/** What the layers say of one path. */
export interface Touch {
  /** The balls whose layers mention it, in order. */
  readonly balls: string[];
  /** Every mention is a copy of metadata: the content is the live file's. */
  metadataOnly: boolean;
  /** A directory that hides or moves what was below: its whole content must be compared. */
  whole: boolean;
  /** It was copied from below, here or where it was moved from. */
  isCopy: boolean;
}

/** Every path that a layer mentions; of the layers after the number `after` only, if it is given. */
export function touchedPaths(union: Union, after = 0): Map<string, Touch> {
  const touched = new Map<string, Touch>();
  for (const layer of union.layers.filter(({ number }) => number > after)) {
    union.places.forEach((place, i) => {
      const upper = union.upper(layer, i);
      if (place.kind !== "union" || !lstat(upper)) return;
      if (union.isRootTouched(layer, i)) touch(touched, place.path, layer).metadataOnly = false;
      collect(upper, place.path === "/" ? "" : place.path, layer, touched);
    });
  }
  distrustCopies(touched);
  return touched;
}

/**
 * Below a directory that hides or moves what was there, a copy of metadata may be another file's. A
 * directory is in the map before what is in it.
 */
function distrustCopies(touched: ReadonlyMap<string, Touch>): void {
  const moved = new Set<string>();
  for (const [path, touch] of touched) {
    const isBelow = moved.has(path.slice(0, path.lastIndexOf("/")));
    if (isBelow) touch.metadataOnly = false;
    if (isBelow || touch.whole) moved.add(path);
  }
}

function collect(folder: string, path: string, layer: Layer, touched: Map<string, Touch>): void {
  for (const { name, type } of readdir(folder)) {
    const real = `${folder}/${name}`;
    const at = touch(touched, `${path}/${name}`, layer);
    const marks = overlayMarks(real);
    at.isCopy ||= marks.includes("origin");
    if (type === "directory") {
      at.whole ||= marks.includes("opaque") || marks.includes("redirect");
      at.metadataOnly = false;
      collect(real, `${path}/${name}`, layer, touched);
    } else {
      const isCopy = type === "file" && isMetadataCopy(marks);
      at.metadataOnly &&= isCopy;
    }
  }
}

/** A file that was renamed has a redirect, too: its content is another path's. */
function isMetadataCopy(marks: readonly string[]): boolean {
  return marks.includes("metacopy") && !marks.includes("redirect");
}

function touch(touched: Map<string, Touch>, path: string, layer: Layer): Touch {
  const known = touched.get(path);
  if (!known) {
    const fresh = { balls: [layer.ball], metadataOnly: true, whole: false, isCopy: false };
    touched.set(path, fresh);
    return fresh;
  }
  if (!known.balls.includes(layer.ball)) known.balls.push(layer.ball);
  return known;
}
