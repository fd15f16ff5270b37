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
  readonly live: string;
  readonly upper: string;
  readonly work: string;
  /** No sync to the upper file system: the scratchpad does not outlive the dance anyway. */
  readonly isVolatile: boolean;
}

/** mount(2) takes a page of options. */
const PAGE = 4095;

/**
 * Options of `mount -t overlay`. `metacopy` lets a chmod or chown copy no data, `redirect_dir` lets
 * a directory be renamed (Documentation/filesystems/overlayfs.rst).
 */
export function overlayOptions(parts: OverlayParts): string {
  const options = [
    `lowerdir=${[...parts.lowers, escapeLower(parts.live)].join(":")}`,
    `upperdir=${parts.upper}`,
    `workdir=${parts.work}`,
    "metacopy=on,redirect_dir=on,index=off",
    ...(parts.isVolatile ? ["volatile"] : []),
  ].join(",");
  if (bytesOf(options).length > PAGE) {
    throw new DiscoError(
      `Cannot mount the union: ${parts.lowers.length} layers do not fit into the options of one mount`,
    );
  }
  return options;
}

/** Options of an overlay without an upper layer, which needs a second folder: an empty one. */
export function readOnlyOptions(empty: string, live: string): string {
  return `lowerdir=${escapeLower(empty)}:${escapeLower(live)}`;
}

/** Colons end a layer, commas an option, and the backslash escapes both. */
export function escapeLower(path: string): string {
  return path.replaceAll(/[\\:,]/g, (c) => `\\${c}`);
}
