/**
 * The options of an overlay mount.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { bytesOf, type Parameters } from "../posix/mod.ts";

/** What an overlay is made of. Names of layers are DISCO's own, relative to the scratchpad. */
export interface OverlayParts {
  /** Uppermost first. */
  readonly lowers: readonly string[];
  /** A path of /proc that leads to the live folder which is held; null for a place that is bare. */
  readonly live: string | null;
  /** What is written to; null for an overlay that can only be read. */
  readonly top: OverlayTop | null;
}

/** The writable part of an overlay. */
export interface OverlayTop {
  readonly upper: string;
  readonly work: string;
  /** No sync to the upper file system: the scratchpad does not outlive the dance anyway. */
  readonly isVolatile: boolean;
}

/** Layers that one overlay takes (OVL_MAX_STACK in fs/overlayfs/params.c). */
const MOST_LAYERS = 500;
/** mount(2) takes a page of options. */
const PAGE = 4095;
/** Most layers that fit there; a name has up to 15 characters ("upper/1000/999:"). */
const MOST_ON_PAGE = 250;

/**
 * `metacopy` lets a chmod or chown copy no data, `redirect_dir` lets a directory be renamed, and `xino`
 * gives files and directories of all layers one device, without which `du -x` counts no file
 * (Documentation/filesystems/overlayfs.rst).
 */
export const FEATURES = "metacopy=on,redirect_dir=on,index=off,xino=on";

/** The parameters, with one `lowerdir+` a layer; `features` are those besides the layers. */
export function overlayParameters(
  { lowers, live, top }: OverlayParts,
  features: string = FEATURES,
): Parameters {
  const layers = live === null ? lowers : [...lowers, live];
  if (layers.length > MOST_LAYERS) throw tooMany(layers.length);
  return [
    ...layers.map((layer) => ["lowerdir+", layer] as const),
    ...(top ? [["upperdir", top.upper], ["workdir", top.work]] as const : []),
    ...features.split(",").map((feature) => {
      const [key = "", value] = feature.split("=");
      return [key, value ?? true] as const;
    }),
    ...(top?.isVolatile ? [["volatile", true]] as const : []),
  ];
}

/**
 * The lower half of what does not fit into one overlay, to be mounted by itself, so that the other
 * half is mounted on it; undefined for what fits. `isModern`: layers are named one by one.
 */
export function splitLayers(
  { lowers, live }: OverlayParts,
  isModern: boolean,
): { readonly upper: readonly string[]; readonly lower: OverlayParts } | undefined {
  if (lowers.length <= (isModern ? MOST_LAYERS - 1 : MOST_ON_PAGE)) return undefined;
  const middle = lowers.length >> 1;
  return {
    upper: lowers.slice(0, middle),
    lower: { lowers: lowers.slice(middle), live, top: null },
  };
}

/** Why no more layers fit. */
export function tooMany(layers: number): DiscoError {
  return new DiscoError(
    `Cannot mount the union: ${layers} balls have changed something at one place, and the kernel ` +
      "takes no more layers",
    { hint: "put balls that belong together into one" },
  );
}

/** The same as the option string of mount(2), for kernels before 6.8. */
export function overlayOptions(parameters: Parameters): string {
  const layers = parameters.filter(([key]) => key === "lowerdir+").map(([, layer]) => layer);
  const rest = parameters.filter(([key]) => key !== "lowerdir+");
  const options = [["lowerdir", layers.join(":")] as const, ...rest]
    .map(([key, value]) => value === true ? key : `${key}=${value}`).join(",");
  if (bytesOf(options).length <= PAGE) return options;
  throw tooMany(layers.length);
}
