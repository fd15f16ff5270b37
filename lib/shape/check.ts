/**
 * Whether a value has a shape.
 *
 * @module
 */
import { fieldOf, type Shape } from "./shape.ts";

type ObjectShape = Extract<Shape, { kind: "object" }>;

/** Throws an error that names the first place that is not as it should be. */
export function requireShape(value: unknown, shape: Shape, at = ""): void {
  switch (shape.kind) {
    case "nullable":
      return value === null ? undefined : requireShape(value, shape.of, at);
    case "list": {
      const { of, most = Infinity } = shape;
      if (!Array.isArray(value) || value.length > most) fail(at, nameOf(shape));
      return value.forEach((one, i) => requireShape(one, of, `${at}[${i}]`));
    }
    case "map": {
      const entries = entriesOf(value, at);
      if (entries.length > (shape.most ?? Infinity)) {
        fail(at, `an object of at most ${shape.most} fields`);
      }
      for (const [name, one] of entries) requireShape(one, shape.of, `${at}.${name}`);
      return;
    }
    case "object":
      return requireFields(value, shape, at);
    default:
      if (!isSimple(value, shape)) fail(at, nameOf(shape));
  }
}

function requireFields(value: unknown, { fields, isExact }: ObjectShape, at: string): void {
  const given = new Map(entriesOf(value, at));
  const all = Object.entries(fields).map(([field, shape]) => ({ ...fieldOf(field), shape }));
  const missing = all.find(({ name, isOptional }) => !isOptional && !given.has(name));
  if (isExact && missing) fail(at, `an object with "${missing.name}"`);
  for (const { name, isOptional, shape } of all) {
    const one = given.get(name);
    if (isOptional && one === undefined) continue;
    requireShape(one, shape, at === "" ? name : `${at}.${name}`);
  }
  if (!isExact) return;
  const known = new Set(all.map(({ name }) => name));
  for (const name of given.keys()) if (!known.has(name)) fail(`${at}.${name}`, "a known field");
}

function isSimple(
  value: unknown,
  shape: Exclude<Shape, { kind: "nullable" | "list" | "map" | "object" }>,
): boolean {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" && value.length <= (shape.most ?? Infinity);
    case "flag":
      return typeof value === "boolean";
    case "number":
      return shape.isWhole ? Number.isSafeInteger(value) : Number.isFinite(value);
    case "time":
      return typeof value === "string" && !isNaN(Date.parse(value));
    case "pattern":
      return typeof value === "string" && value.length <= (shape.most ?? Infinity) &&
        regexOf(shape.pattern).test(value);
    case "words":
      return shape.words.includes(value as string);
  }
}

const regexes = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const known = regexes.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  regexes.set(pattern, known);
  return known;
}

function nameOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return "text";
    case "flag":
      return "true or false";
    case "number":
      return shape.isWhole ? "a whole number" : "a number";
    case "time":
      return "a time";
    case "pattern":
      return shape.name;
    case "words":
      return `one of ${shape.words.join(", ")}`;
    case "list":
      return shape.most === undefined ? "a list" : `a list of at most ${shape.most}`;
    default:
      return "an object";
  }
}

function entriesOf(value: unknown, at: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(at, "an object");
  return Object.entries(value);
}

function fail(at: string, expected: string): never {
  throw new Error(`"${at || "the document"}" is not ${expected}`);
}
