/**
 * What a result is as a JSON document: what is on disk may be damaged, or written by others.
 *
 * @module
 */
import { USAGE_FIELDS } from "../metrics/mod.ts";
import {
  FLAG,
  list,
  map,
  NUMBER,
  object,
  oneOf,
  orNull,
  pattern,
  requireShape,
  text,
  TIME,
} from "../shape/mod.ts";
import { DANCE_ID } from "./dance_id.ts";
import type { Result } from "./result.ts";

/** Throws an error that names the first place that is not as it should be. */
export function assertResult(value: unknown): asserts value is Result {
  if ((value as Partial<Result> | null)?.schema !== 1) {
    throw new Error("expected schema 1; another DISCO wrote it");
  }
  requireShape(value, RESULT);
}

const ENTRY = object({
  type: oneOf("file", "directory", "symlink", "fifo", "socket", "block", "char"),
  mode: text(),
  uid: NUMBER,
  gid: NUMBER,
  owner: orNull(text()),
  group: orNull(text()),
  "size?": NUMBER,
  mtime: text(),
  "target?": text(),
  "rdev?": text(),
  "sha256?": text(),
  xattrs: map(text()),
});

const CHANGE = object({
  path: text(),
  kind: oneOf("created", "modified", "deleted", "replaced", "attributes"),
  balls: list(text()),
  before: orNull(ENTRY),
  after: orNull(ENTRY),
  diff: orNull(text()),
  "diffCut?": NUMBER,
  secret: FLAG,
  "critical?": FLAG,
  "package?": text(),
});

const METRIC = object({
  ball: orNull(text()),
  stage: text(),
  name: text(),
  "start?": NUMBER,
  ...Object.fromEntries(USAGE_FIELDS.map((field) => [field, NUMBER])),
});

/** The document that `disco dance --json` prints, and `result.json` of a dance that is kept. */
export const RESULT = object({
  schema: oneOf(1),
  "version?": text(),
  dance: pattern("a dance's id", DANCE_ID),
  node: text(),
  "universe?": text(),
  noop: FLAG,
  ok: FLAG,
  merged: FLAG,
  started: TIME,
  finished: TIME,
  error: orNull(text()),
  generation: orNull(text()),
  balls: list(object({
    name: text(),
    status: oneOf("ok", "failed", "skipped"),
    changes: NUMBER,
    error: orNull(text()),
    "output?": list(text()),
  })),
  changes: list(CHANGE),
  effects: list(object({
    ball: text(),
    script: text(),
    argv: list(text()),
    "cwd?": text(),
    status: oneOf("would-run", "done", "failed", "skipped"),
    "error?": text(),
    "output?": list(text()),
  })),
  "checks?": list(object({
    argv: list(text()),
    path: text(),
    ball: text(),
    status: oneOf("passed", "failed", "warned", "not-tried"),
    "error?": text(),
    "output?": list(text()),
  })),
  "owed?": list(object({
    id: text(),
    ball: text(),
    script: text(),
    argv: list(text()),
    since: TIME,
    tried: NUMBER,
    error: text(),
    held: FLAG,
  })),
  notSimulated: list(object({ ball: text(), script: text(), kind: text(), what: text() })),
  "orphans?": list(object({
    ball: text(),
    path: text(),
    status: oneOf("purged", "kept", "changed"),
  })),
  metrics: list(METRIC),
});
