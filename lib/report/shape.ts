/**
 * Whether a JSON document has the shape of a result: what is on disk may be damaged, or somebody's.
 *
 * @module
 */
import { USAGE_FIELDS } from "../metrics/mod.ts";
import { isDanceId } from "./dance_id.ts";
import type { Result } from "./result.ts";

/** Throws an error that names the first place that is not as it should be. */
export function assertResult(value: unknown): asserts value is Result {
  if ((value as Partial<Result> | null)?.schema !== 1) {
    throw new Error("expected schema 1; another DISCO wrote it");
  }
  RESULT(value, "");
}

type Check = (value: unknown, at: string) => void;

function fail(at: string, expected: string): never {
  throw new Error(`"${at}" is not ${expected}`);
}

function test(expected: string, is: (value: unknown) => boolean): Check {
  return (value, at) => void (is(value) || fail(at, expected));
}

function list(of: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) fail(at, "a list");
    value.forEach((one, i) => of(one, `${at}[${i}]`));
  };
}

function shape(fields: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) fail(at, "an object");
    for (const [name, check] of Object.entries(fields)) {
      check((value as Record<string, unknown>)[name], at === "" ? name : `${at}.${name}`);
    }
  };
}

/** All values of an object are of one kind, whatever their names. */
function record(of: Check): Check {
  return (value, at) => {
    if (typeof value !== "object" || value === null) fail(at, "an object");
    for (const [name, one] of Object.entries(value)) of(one, `${at}.${name}`);
  };
}

function orNull(check: Check): Check {
  return (value, at) => value === null || check(value, at);
}

function optional(check: Check): Check {
  return (value, at) => value === undefined || check(value, at);
}

const text = test("text", (value) => typeof value === "string");
const flag = test("true or false", (value) => typeof value === "boolean");
const number = test("a number", (value) => Number.isFinite(value));
const time = test("a time", (value) => typeof value === "string" && !isNaN(Date.parse(value)));
const id = test("a dance's id", (value) => typeof value === "string" && isDanceId(value));

function oneOf(...words: string[]): Check {
  return test(`one of ${words.join(", ")}`, (value) => words.includes(value as string));
}

const TYPE = oneOf("file", "directory", "symlink", "fifo", "socket", "block", "char");

const ENTRY = shape({
  type: TYPE,
  mode: text,
  uid: number,
  gid: number,
  owner: orNull(text),
  group: orNull(text),
  size: optional(number),
  mtime: text,
  target: optional(text),
  rdev: optional(text),
  sha256: optional(text),
  xattrs: record(text),
});

const CHANGE = shape({
  path: text,
  kind: oneOf("created", "modified", "deleted", "replaced", "attributes"),
  balls: list(text),
  before: orNull(ENTRY),
  after: orNull(ENTRY),
  diff: orNull(text),
  diffCut: optional(number),
  secret: flag,
  critical: optional(flag),
  package: optional(text),
});

const METRIC = shape({
  ball: orNull(text),
  stage: text,
  name: text,
  start: optional(number),
  ...Object.fromEntries(USAGE_FIELDS.map((field) => [field, number])),
});

const RESULT = shape({
  dance: id,
  node: text,
  universe: optional(text),
  noop: flag,
  ok: flag,
  merged: flag,
  started: time,
  finished: time,
  error: orNull(text),
  generation: orNull(text),
  balls: list(shape({
    name: text,
    status: oneOf("ok", "failed", "skipped"),
    changes: number,
    error: orNull(text),
    output: optional(list(text)),
  })),
  changes: list(CHANGE),
  effects: list(shape({
    ball: text,
    script: text,
    argv: list(text),
    cwd: optional(text),
    status: oneOf("would-run", "done", "failed", "skipped"),
    error: optional(text),
    output: optional(list(text)),
  })),
  checks: optional(list(shape({
    argv: list(text),
    path: text,
    ball: text,
    status: oneOf("passed", "failed", "warned", "not-tried"),
    error: optional(text),
    output: optional(list(text)),
  }))),
  owed: optional(list(shape({
    id: text,
    ball: text,
    script: text,
    argv: list(text),
    since: time,
    tried: number,
    error: text,
    held: flag,
  }))),
  notSimulated: list(shape({ ball: text, script: text, kind: text, what: text })),
  orphans: optional(list(shape({
    ball: text,
    path: text,
    status: oneOf("purged", "kept", "changed"),
  }))),
  metrics: list(METRIC),
});
