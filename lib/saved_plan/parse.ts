/**
 * A saved plan as a document of others: every field is what it has to be, and there is no other.
 *
 * @module
 */
import type { SavedPlan } from "./saved_plan.ts";

/** Throws an error that names the first place that is not as it should be. */
export function parseSavedPlan(text: string): SavedPlan {
  const value: unknown = JSON.parse(text);
  PLAN(value, "");
  return value as SavedPlan;
}

type Check = (value: unknown, at: string) => void;

function fail(at: string, expected: string): never {
  throw new Error(`"${at || "the document"}" is not ${expected}`);
}

function test(expected: string, is: (value: unknown) => boolean): Check {
  return (value, at) => void (is(value) || fail(at, expected));
}

function list(of: Check, most: number): Check {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > most) fail(at, `a list of at most ${most}`);
    value.forEach((one, i) => of(one, `${at}[${i}]`));
  };
}

/** Exactly these fields; those whose names end with `?` may be missing. */
function shape(fields: Readonly<Record<string, Check>>): Check {
  const known = new Map(
    Object.entries(fields).map(([name, check]) => [name.replace("?", ""), check]),
  );
  const needed = Object.keys(fields).filter((name) => !name.endsWith("?"));
  return (value, at) => {
    const entries = entriesOf(value, at);
    const names = new Set(entries.map(([name]) => name));
    for (const name of needed) if (!names.has(name)) fail(at, `an object with "${name}"`);
    for (const [name, one] of entries) {
      const check = known.get(name) ?? fail(`${at}.${name}`, "a known field");
      check(one, at === "" ? name : `${at}.${name}`);
    }
  };
}

function record(of: Check, most: number): Check {
  return (value, at) => {
    const entries = entriesOf(value, at);
    if (entries.length > most) fail(at, `an object of at most ${most} fields`);
    for (const [name, one] of entries) of(one, `${at}.${name}`);
  };
}

function entriesOf(value: unknown, at: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(at, "an object");
  return Object.entries(value);
}

function orNull(check: Check): Check {
  return (value, at) => value === null || check(value, at);
}

const text = test("text", (value) => typeof value === "string" && value.length <= 1 << 20);
const path = test("an absolute path", (value) =>
  typeof value === "string" && value.startsWith("/") && value.length <= 1 << 16);
const number = test("a whole number", Number.isSafeInteger);
const hash = test("a hash", (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
const time = test("a time", (value) => typeof value === "string" && !isNaN(Date.parse(value)));
const oneOf = (...words: readonly unknown[]) =>
  test(`one of ${words.join(", ")}`, (value) => words.includes(value));

const ENTRY = shape({
  type: oneOf("file", "directory", "symlink", "fifo", "socket", "block", "char"),
  mode: text,
  uid: number,
  gid: number,
  owner: orNull(text),
  group: orNull(text),
  "size?": number,
  "target?": text,
  "rdev?": text,
  "sha256?": hash,
  xattrs: record(text, 1000),
});

const PLAN = shape({
  schema: oneOf(1),
  dance: text,
  node: text,
  root: path,
  made: time,
  salt: text,
  universe: shape({ parameters: hash, balls: record(hash, 10_000) }),
  changes: list(
    shape({
      path,
      kind: oneOf("created", "modified", "deleted", "replaced", "attributes"),
      balls: list(text, 10_000),
      before: orNull(ENTRY),
      after: orNull(ENTRY),
      below: orNull(hash),
    }),
    1_000_000,
  ),
  effects: list(
    shape({
      ball: text,
      script: text,
      cwd: path,
      argv: list(text, 100_000),
      input: orNull(hash),
      environment: orNull(hash),
    }),
    100_000,
  ),
});
