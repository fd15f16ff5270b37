/**
 * Whether what a dance says of its changes is true of the host.
 *
 * @module
 */
import type { Change } from "../../mod.ts";
import { printable } from "../../lib/terminal/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";

/** The paths of the changes as a tree prints them, sorted. */
export function named(changes: readonly Change[]): string[] {
  return changes.map(({ path }) => printable(path)).sort();
}

/** A change of a folder that goes stands for all that was in it. */
export function withoutInner(paths: readonly string[], changes: readonly Change[]): string[] {
  const gone = changes.filter(({ kind, before }) =>
    ["deleted", "replaced"].includes(kind) && before?.type === "directory"
  ).map(({ path }) => `${printable(path)}/`);
  return paths.filter((path) => !gone.some((folder) => path.startsWith(folder)));
}

/** What a change says of its path: without times and the names of accounts. */
export type Said = Readonly<Record<string, unknown>> | undefined;

/** What the change says will be, or is, at its path. */
export function saidOf({ after }: Change): Said {
  if (!after) return undefined;
  const { type, mode, uid, gid, size, target, rdev, sha256, xattrs } = after;
  return { type, mode, owner: `${uid}:${gid}`, size, target, rdev, sha256, xattrs };
}

/** The same, as it is on the host now. */
export function foundOf(host: ThrowawayHost, { path, kind, secret }: Change): Said {
  const entry = host.entry(path);
  if (!entry) return undefined;
  const { type, mode, owner, size, target, rdev, content } = entry;
  // A change of attributes alone has no content to speak of, a secret none to show.
  const isShown = type === "file" && kind !== "attributes" && !secret;
  return {
    type,
    mode,
    owner,
    size: type === "file" ? size : undefined,
    target: type === "symlink" && !secret ? target : undefined,
    rdev: type === "char" || type === "block" ? rdev : undefined,
    sha256: isShown ? content : undefined,
    xattrs: Object.fromEntries(
      entry.xattrs.split(" ").filter(Boolean).map((attribute) => {
        const [name, hex] = attribute.split("=");
        return [name, btoa(String.fromCharCode(...Uint8Array.fromHex(hex!)))];
      }),
    ),
  };
}
