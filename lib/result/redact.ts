/**
 * Secrets, kept out of what is stored and shown.
 *
 * @module
 */
import type { Change, Entry } from "./change.ts";

/** The change without anything that tells the content of a secret path, hashes included. */
export function redactChange(change: Change): Change {
  if (!change.secret) return change;
  const { diffCut: _cut, ...rest } = change;
  return { ...rest, diff: null, before: redact(change.before), after: redact(change.after) };
}

function redact(entry: Entry | null): Entry | null {
  if (entry === null) return null;
  const { sha256: _hash, target: _target, xattrs, ...rest } = entry;
  const names = Object.keys(xattrs).filter((name) => /^(security|system)\./.test(name));
  return { ...rest, xattrs: Object.fromEntries(names.map((name) => [name, xattrs[name]!])) };
}
