/**
 * Stand-ins for files that only root may read and without which no account can be made in a dry run:
 * `/etc/shadow` and `/etc/gshadow`, with a line for each account and group, and without passwords.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { bytesOf, nameOf } from "../posix/mod.ts";

/** The largest passwd(5) or group(5) that is read. */
const LARGEST = 1 << 20;

/**
 * What may stand in for a file, or undefined where nothing can: an empty file for one that is empty.
 *
 * @param etc The folder of `passwd` and `group`.
 */
export function standInFor(
  live: Tree,
  path: string,
  size: number,
  etc: string,
): Uint8Array<ArrayBuffer> | undefined {
  if (size === 0) return new Uint8Array();
  switch (path) {
    case "/etc/shadow":
    case "/etc/shadow-":
      return linesOf(live, `${etc}/passwd`, ([name]) => `${name}:*:19000:0:99999:7:::`);
    case "/etc/gshadow":
    case "/etc/gshadow-":
      return linesOf(live, `${etc}/group`, ([name, , , members = ""]) => `${name}:*::${members}`);
    default:
      return undefined;
  }
}

function linesOf(
  live: Tree,
  path: string,
  line: (fields: readonly string[]) => string,
): Uint8Array<ArrayBuffer> {
  const text = nameOf(live.read(path, LARGEST) ?? new Uint8Array());
  const lines = text.split("\n").filter((l) => l.includes(":")).map((l) => line(l.split(":")));
  return bytesOf(lines.map((l) => `${l}\n`).join(""));
}
