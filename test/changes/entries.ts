/**
 * Changes as examples.
 *
 * @module
 */
import type { Change, Entry } from "../../lib/result/change.ts";

/** A file of root with three bytes. */
export function file(fields: Partial<Entry> = {}): Entry {
  return {
    type: "file",
    mode: "0644",
    uid: 0,
    gid: 0,
    owner: "root",
    group: "root",
    size: 3,
    mtime: "2026-11-22T23:59:59.000000001Z",
    sha256: "aa",
    xattrs: {},
    ...fields,
  };
}

/** Something of root without content. */
export function other(type: Entry["type"], fields: Partial<Entry> = {}): Entry {
  const { size: _size, sha256: _hash, ...rest } = file();
  return { ...rest, type, mode: "0755", ...fields };
}

/** A change of `/etc/x` by ball `web`. */
export function change(
  kind: Change["kind"],
  before: Entry | null,
  after: Entry | null,
  fields: Partial<Change> = {},
): Change {
  return {
    path: "/etc/x",
    kind,
    balls: ["web"],
    before,
    after,
    diff: null,
    secret: false,
    ...fields,
  };
}
