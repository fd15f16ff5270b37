/**
 * A saved plan as a document of others: every field is what it has to be, and there is no other.
 *
 * @module
 */
import {
  exactly,
  list,
  map,
  oneOf,
  orNull,
  pattern,
  requireShape,
  text,
  TIME,
  WHOLE,
} from "../shape/mod.ts";
import type { SavedPlan } from "./saved_plan.ts";

/** Throws an error that names the first place that is not as it should be. */
export function parseSavedPlan(text: string): SavedPlan {
  const value: unknown = JSON.parse(text);
  requireShape(value, SAVED_PLAN);
  return value as SavedPlan;
}

const TEXT = text(1 << 20);
const PATH = pattern("an absolute path", "/[^]*", 1 << 16);
const HASH = pattern("a hash", "[0-9a-f]{64}");

const ENTRY = exactly({
  type: oneOf("file", "directory", "symlink", "fifo", "socket", "block", "char"),
  mode: TEXT,
  uid: WHOLE,
  gid: WHOLE,
  owner: orNull(TEXT),
  group: orNull(TEXT),
  "size?": WHOLE,
  "target?": TEXT,
  "rdev?": TEXT,
  "sha256?": HASH,
  xattrs: map(TEXT, 1000),
});

/** The document that `disco dance --noop --save` writes. */
export const SAVED_PLAN = exactly({
  schema: oneOf(1),
  dance: TEXT,
  node: TEXT,
  root: PATH,
  made: TIME,
  salt: TEXT,
  universe: exactly({ parameters: HASH, balls: map(HASH, 10_000) }),
  changes: list(
    exactly({
      path: PATH,
      kind: oneOf("created", "modified", "deleted", "replaced", "attributes"),
      balls: list(TEXT, 10_000),
      before: orNull(ENTRY),
      after: orNull(ENTRY),
      below: orNull(HASH),
    }),
    1_000_000,
  ),
  effects: list(
    exactly({
      ball: TEXT,
      script: TEXT,
      cwd: PATH,
      argv: list(TEXT, 100_000),
      input: orNull(HASH),
      environment: orNull(HASH),
    }),
    100_000,
  ),
});
