/**
 * Imports between the rooms of lib/ run one way, from what orchestrates to what serves.
 */
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "@std/path";
import { sources } from "./sources.ts";

/** What a room must never import; `*` stands for every room, of which `but` are allowed. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
  "*": ["report", "lint", "check", "dance"],
  terminal: ["posix", "files", "door"],
  process: ["posix", "door", "files", "terminal", "state", "context", "error"],
  posix: ["door", "process", "files", "state"],
  door: ["files", "state", "context", "process"],
  result: ["changes", "sandbox", "merge", "state", "context"],
  state: ["context", "changes", "sandbox", "merge", "transport", "plan", "orphans"],
  plan: ["transport", "params", "sandbox", "union"],
  transport: ["plan", "merge", "sandbox"],
  params: ["ball", "context", "plan"],
  ball: ["params", "plan", "transport", "effects", "sandbox"],
  union: ["sandbox", "effects", "merge", "context"],
  sandbox: ["merge", "transport", "plan", "ball", "due"],
  effects: ["sandbox", "union", "merge", "due", "context"],
  changes: ["merge", "sandbox", "effects", "context"],
  merge: ["union", "sandbox", "effects", "ball", "transport"],
  init: ["door", "effects", "due", "merge", "sandbox", "context"],
  due: ["merge", "sandbox", "union", "context"],
};
/** Rooms that stand above the rest, and what of it they may import. */
const ABOVE: Readonly<Record<string, readonly string[]>> = {
  check: ["dance", "lint"],
};

describe("the rooms of lib/", () => {
  it("should not import what they must never import", () => {
    const wrong = imports(sources()).filter(({ from, to }) => isForbidden(from, to));
    assertEquals(wrong.map(({ name, to }) => `${name}: ${to}`), []);
  });

  it("should not import in a circle, nor from tasks/", () => {
    const all = imports(sources());
    assertEquals(all.filter(({ to }) => to === "..").map(({ name }) => name), []);
    assertEquals(circleIn(all), undefined);
  });

  it("should start programs by lib/process only", () => {
    assertEquals(starting(sources()), []);
    // Controls.
    const text = "const child = new Deno.Command(program).spawn();\n";
    assertEquals(starting([["union/a.ts", text], ["process/a.ts", text]]), ["union/a.ts"]);
    const own = sources().filter(([, text]) => text.includes("Deno.Command("));
    assertEquals(own.map(([name]) => name), ["process/run_sync.ts", "process/spawn.ts"]);
  });

  it("should find out in one place whether this is root, and choose the view of the machine once", () => {
    assertEquals(choosing(sources()), ["posix/machine_view.ts"]);
    // A control.
    assertEquals(choosing([["union/a.ts", "if (Deno.env.get(ROOTLESS)) return;\n"]]), [
      "union/a.ts",
    ]);
  });

  it("should be seen if they do: a control", () => {
    const [one] = imports([["sandbox/a.ts", 'import { x } from "../report/mod.ts";\n']]);
    assertEquals([one!.to, isForbidden(one!.from, one!.to)], ["report", true]);
    const circle = imports([
      ["a/a.ts", 'import { b } from "../b/mod.ts";\n'],
      ["b/b.ts", 'const c = await import("../c/mod.ts");\n'],
      ["c/c.ts", 'export { a } from "../a/mod.ts";\n'],
    ]);
    assertEquals(circleIn(circle), ["a", "b", "c", "a"]);
    assertEquals(circleIn(circle.slice(1)), undefined);
  });
});

/** Modules besides lib/process that start programs by themselves. */
function starting(files: readonly (readonly [string, string])[]): string[] {
  return files.filter(([name, text]) =>
    !name.startsWith("process/") && !name.startsWith("std/") && /\bDeno\.Command\b/.test(text)
  ).map(([name]) => name);
}

/** Modules that look whether this process is in a user namespace of DISCO's own. */
function choosing(files: readonly (readonly [string, string])[]): string[] {
  return files.filter(([, text]) =>
    /env\.get\((ROOTLESS|"DISCO_ROOTLESS")\)|\/self\/[ug]id_map/.test(text)
  ).map(([name]) => name);
}

interface Import {
  /** The file, below lib/. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function imports(files: readonly (readonly [string, string])[]): Import[] {
  return files.flatMap(([name, text]) => {
    const [from] = name.split("/");
    const found = text.matchAll(/(?:\bfrom|\bimport\() ?"(\.\.?\/[^"]*)"/g);
    const rooms = [...found].map(([, path]) => join(name, "..", path!).split("/")[0]!);
    return [...new Set(rooms)].filter((to) => to !== from)
      .map((to) => ({ name, from: from!, to }));
  });
}

function isForbidden(from: string, to: string): boolean {
  if (NEVER[from]?.includes(to)) return true;
  return NEVER["*"]!.includes(to) && !ABOVE[from]?.includes(to);
}

/** Rooms that import one another in a circle. */
function circleIn(all: readonly Import[]): string[] | undefined {
  const over = new Set<string>();
  const visit = (room: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(room)) return [...way.slice(way.indexOf(room)), room];
    if (over.has(room)) return undefined;
    for (const to of new Set(all.filter(({ from }) => from === room).map((one) => one.to))) {
      const circle = visit(to, [...way, room]);
      if (circle) return circle;
    }
    over.add(room);
    return undefined;
  };
  for (const { from } of all) {
    const circle = visit(from, []);
    if (circle) return circle;
  }
  return undefined;
}
