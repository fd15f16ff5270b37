/**
 * The option string of an overlay mount.
 *
 * @module
 */
import { DiscoError } from "../error.ts";
import { bytesOf } from "../posix/mod.ts";

/** What an overlay is made of; all but `live` are names of ours, relative to the scratchpad. */
export interface OverlayParts {
  /** Uppermost first. */
  readonly lowers: readonly string[];
  /** Null for a place that is bare. */
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

/** mount(2) takes a page of options. */
const PAGE = 4095;

/**
 * `metacopy` lets a chmod or chown copy no data, `redirect_dir` lets a directory be renamed
 * (Documentation/filesystems/overlayfs.rst).
 */
export const FEATURES = "metacopy=on,redirect_dir=on,index=off";

/** Options of `mount -t overlay`; `features` are those besides the layers. */
export function overlayOptions(
  { lowers, live, top }: OverlayParts,
  features: string = FEATURES,
): string {
  const all = live === null ? lowers : [...lowers, escapeLower(live)];
  const options = [
    `lowerdir=${all.join(":")}`,
    ...(top ? [`upperdir=${top.upper}`, `workdir=${top.work}`] : []),
    features,
    ...(top?.isVolatile ? ["volatile"] : []),
  ].join(",");
  if (bytesOf(options).length > PAGE) {
    throw new DiscoError(
      `Cannot mount the union: ${lowers.length} layers do not fit into the options of one mount`,
    );
  }
  return options;
}

/** Colons end a layer, commas an option, and the backslash escapes both. */
export function escapeLower(path: string): string {
  return path.replaceAll(/[\\:,]/g, (c) => `\\${c}`);
}
