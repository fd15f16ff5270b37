/**
 * The kinds of mount that a union is made of, and the marks that one leaves. Everything is mounted
 * onto what is held, and from what is held: no name is looked up that others can change.
 *
 * @module
 */
import { Spot } from "../door/mod.ts";
import {
  cloneMount,
  createFile,
  E,
  fstat,
  lstat,
  mkdir,
  mount,
  MS,
  newMount,
  O,
  open,
  SyscallError,
  takesParameter,
  unmount,
} from "../posix/mod.ts";
import { mountForeign } from "./foreign.ts";
import { ground } from "./ground.ts";
import {
  overlayOptions,
  overlayParameters,
  type OverlayParts,
  splitLayers,
  tooMany,
} from "./options.ts";
import { holdsNoSockets, isRemote, type Place } from "./places.ts";

/**
 * Mount an overlay onto a spot; `scratch` is what the names of its layers begin in. What has too many
 * layers for one overlay becomes two: one of the lower half, and one on it. overlayfs stacks two deep,
 * so that is refused where the live root is an overlay itself.
 */
export function mountOverlay(
  scratch: string,
  at: Spot,
  flags: number,
  parts: OverlayParts,
  isModern: boolean = canNameLayers(),
): void {
  const halves = splitLayers(parts, isModern);
  if (!halves) return mountOne(scratch, at, flags, parts, isModern);
  const path = `${scratch}/half`;
  if (!lstat(path)) mkdir(path);
  const spot = () => new Spot(open(path, O.PATH | O.DIRECTORY), path, true);
  using folder = spot();
  mountOne(scratch, folder, flags | MS.RDONLY, halves.lower, isModern);
  try {
    using half = spot();
    mountOne(scratch, at, flags, { ...parts, lowers: halves.upper, live: half.link }, isModern);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === E.INVAL) {
      throw tooMany(parts.lowers.length);
    }
    throw error;
  } finally {
    // The overlay on it keeps it.
    unmount(path, true);
  }
}

function mountOne(
  scratch: string,
  at: Spot,
  flags: number,
  parts: OverlayParts,
  isModern: boolean,
): void {
  const parameters = overlayParameters(parts, ground().features);
  const back = Deno.cwd();
  // The layers' names are relative, because a string of options is limited in length.
  Deno.chdir(scratch);
  try {
    if (!isModern) {
      return mount("disco-union", at.link, "overlay", flags, overlayOptions(parameters));
    }
    const source = ["source", "disco-union"] as const;
    using overlay = newMount("overlay", [source, ...parameters], flags);
    overlay.attach(at.fd, at.path);
  } finally {
    Deno.chdir(back);
  }
}

let canName: boolean | undefined;

/**
 * Whether overlayfs takes its layers one by one: from Linux 6.8 on. Before 6.5 the call takes any
 * parameter, and finds out later.
 */
export function canNameLayers(): boolean {
  return canName ??= takesParameter("overlay", "lowerdir+", "/") &&
    !takesParameter("overlay", "disco", "");
}

/** What overlayfs says of an entry of a layer: `opaque`, `redirect`, `metacopy`, `origin`. */
export function overlayMarks(names: readonly string[]): string[] {
  const { marks } = ground();
  return names.filter((name) => name.startsWith(marks)).map((n) => n.slice(marks.length));
}

/**
 * Show a place of the live root as it is, read-only. Behind an overlay its sockets and FIFOs lead
 * nowhere: at their other end is a program outside of the union. Returns why it cannot be shown so.
 */
export function mountReadonly(
  scratch: string,
  place: Place,
  live: Spot,
  at: Spot,
): string | undefined {
  const covered = live.isDirectory ? cover(scratch, place, live, at) : "refused";
  if (covered === "mounted") return undefined;
  if (covered === "late") return "its file system does not answer";
  const isHarmless = live.isDirectory ? holdsNoSockets(place.type) : isRegular(live);
  if (!isHarmless && !ground().bindsAnything) {
    return "it can only be shown together with its sockets, behind which are programs of the host";
  }
  bindReadonly(live, at, place.flags);
  return undefined;
}

/** Put an empty folder or file, which cannot be written, where a place is not shown. */
export function mountNothing(scratch: string, at: Spot): void {
  const path = `${scratch}/${at.isDirectory ? "empty" : "nothing"}`;
  if (!lstat(path)) at.isDirectory ? mkdir(path) : createFile(path, new Uint8Array(), 0o444);
  using nothing = new Spot(open(path, O.PATH | O.NOFOLLOW), path, at.isDirectory);
  bindReadonly(nothing, at, MS.NOSUID | MS.NODEV | MS.NOEXEC);
}

/** Bind what is held onto a spot, so that it cannot be written there. */
export function bindReadonly(from: Spot, at: Spot, flags: number): void {
  const isWhole = (ground().bind & MS.REC) !== 0;
  using bound = cloneMount(from.fd, isWhole, from.path);
  bound.restrict(MS.RDONLY | flags, isWhole, from.path);
  bound.attach(at.fd, at.path);
}

/** Mount an overlay that adds nothing, which needs a second folder. */
function cover(
  scratch: string,
  { flags, type }: Place,
  live: Spot,
  at: Spot,
): "mounted" | "late" | "refused" {
  if (isRemote(type)) {
    const empty = `${scratch}/empty`;
    return mountForeign({ live, at, empty, flags: flags | MS.RDONLY, features: ground().features });
  }
  try {
    const parts = { lowers: ["empty"], live: live.link, top: null };
    mountOverlay(scratch, at, flags | MS.RDONLY, parts);
    return "mounted";
  } catch (error) {
    if (error instanceof SyscallError) return "refused";
    throw error;
  }
}

function isRegular(live: Spot): boolean {
  try {
    return fstat(live.fd).type === "file";
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
