import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Ball, parseRequires } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import type { Listed } from "../../lib/state/mod.ts";
import { makePlan, MAX_BALLS, type Plan, planLines } from "../../lib/plan/mod.ts";

/** Plans for node `n`, which lists `listed`; balls are given as their `requires`. */
function plan(listed: string | Listed[], requires: Record<string, string>): Plan {
  const by = { kind: "node" } as const;
  const all = typeof listed === "string"
    ? listed.split(" ").filter(Boolean).map((ball) => ({ ball, by }))
    : listed;
  return makePlan("n", all, balls(requires));
}

function balls(requires: Record<string, string>): Map<string, Ball> {
  const empty = {
    permissions: [],
    secrets: [],
    reactions: [],
    checks: [],
    purge: [],
    scripts: [],
    post: [],
    templates: [],
  };
  return new Map(
    Object.entries(requires).map(([name, text]) => [
      name,
      { name, dir: `/${name}`, requires: parseRequires(text, `${name}/requires`), ...empty },
    ]),
  );
}

const names = (made: Plan) => made.order.map(({ name }) => name).join(" ");

describe("makePlan", () => {
  const orders: [what: string, listed: string, requires: Record<string, string>, order: string][] =
    [
      ["nothing", "", {}, ""],
      ["independent balls alphabetically", "c a b", { a: "", b: "", c: "" }, "a b c"],
      [
        "code units, not a language",
        "b A a_ a-",
        { b: "", A: "", "a_": "", "a-": "" },
        "A a- a_ b",
      ],
      ["after", "a b", { a: "after b", b: "" }, "b a"],
      ["before", "a b", { a: "", b: "before a" }, "b a"],
      ["what is ready first, alphabetically", "a b c d", {
        a: "after d",
        b: "after a",
        c: "",
        d: "",
      }, "c d a b"],
      ["what nobody listed but somebody requires", "web", {
        web: "log\nbefore services",
        log: "after users",
        users: "",
        services: "",
      }, "users log web services"],
      ["without the balls that nobody needs", "a", { a: "", z: "after gone" }, "a"],
      ["a diamond once", "d", { a: "", b: "a", c: "a", d: "b\nc" }, "a b c d"],
      ["both sides saying the same", "a b", { a: "before b", b: "after a\nafter a" }, "a b"],
    ];
  for (const [what, listed, requires, order] of orders) {
    it(`orders ${what}`, () => assertEquals(names(plan(listed, requires)), order));
  }

  it("gives the same plan whatever the order of what it is given", () => {
    const requires = { a: "after e", b: "before a", c: "", d: "after c\nbefore b", e: "c" };
    const reversed = Object.fromEntries(Object.entries(requires).reverse());
    assertEquals(plan("a d b", requires), plan("b d a", reversed));
  });

  it("says why each ball is there, and where the order comes from", () => {
    const listed: Listed[] = [
      { ball: "web", by: { kind: "group", group: "www" } },
      { ball: "users", by: { kind: "group", group: "base" } },
      { ball: "users", by: { kind: "node" } },
      { ball: "users", by: { kind: "group", group: "all" } },
    ];
    const made = plan(listed, {
      users: "",
      web: "# x\nafter users\nbefore watch",
      watch: "users\nusers",
    });
    assertEquals(planLines(made), [
      "1. users   (listed by the node; listed by group all; listed by group base; " +
      "required by watch; required by web)",
      "2. web     (listed by group www)",
      "3. watch   (required by web to come after it)",
    ]);
    assertEquals(made.edges, [
      { before: "users", after: "watch", by: "watch", file: "watch/requires", line: 1 },
      { before: "users", after: "watch", by: "watch", file: "watch/requires", line: 2 },
      { before: "users", after: "web", by: "web", file: "web/requires", line: 2 },
      { before: "web", after: "watch", by: "web", file: "web/requires", line: 3 },
    ]);
  });

  describe("refuses a cycle", () => {
    const cycles: [listed: string, requires: Record<string, string>, message: string[]][] = [
      ["a", { a: "a" }, [
        "a -> a is a cycle",
        '"a/requires", line 1, says: the ball requires itself',
      ]],
      ["a", { a: "\nbefore a" }, [
        "a -> a is a cycle",
        '"a/requires", line 2, says: the ball requires itself',
      ]],
      ["c", { a: "before b", b: "", c: "after b\nbefore a" }, [
        "a -> b -> c -> a is a cycle",
        '"a/requires", line 1, says: before b',
        '"c/requires", line 1, says: after b',
        '"c/requires", line 2, says: before a',
      ]],
      ["a b", { a: "before b\nafter b", b: "after a" }, [
        "a -> b -> a is a cycle",
        '"a/requires", line 1, says: before b',
        '"b/requires", line 1, says: after a',
        '"a/requires", line 2, says: after b',
      ]],
      // The shortest of two, and nothing of what only depends on it.
      ["x", { x: "after a", a: "c", b: "a", c: "b", y: "z", z: "y\nafter a\nafter x", b2: "" }, [
        "a -> b -> c -> a is a cycle",
        '"b/requires", line 1, says: after a',
        '"c/requires", line 1, says: after b',
        '"a/requires", line 1, says: after c',
      ]],
      ["a p", { a: "b", b: "c", c: "a", p: "q", q: "p" }, [
        "p -> q -> p is a cycle",
        '"q/requires", line 1, says: after p',
        '"p/requires", line 1, says: after q',
      ]],
    ];
    for (const [listed, requires, [cycle, ...lines]] of cycles) {
      it(cycle!, () => {
        const error = assertThrows(() => plan(listed, requires), DiscoError);
        assertEquals(error.message.split("\n"), [`Cannot order the balls: ${cycle}`, ...lines]);
      });
    }
  });

  it("names every missing ball, and who wants it", () => {
    const listed: Listed[] = [
      { ball: "web", by: { kind: "node" } },
      { ball: "gone", by: { kind: "node" } },
      { ball: "gone", by: { kind: "group", group: "www" } },
    ];
    const error = assertThrows(
      () => plan(listed, { web: "log\nbefore lost", log: "after lost" }),
      DiscoError,
    );
    assertEquals(error.message.split("\n"), [
      'Cannot plan: missing ball "gone": group "www" lists it',
      'missing ball "gone": node "n" lists it',
      'missing ball "lost": "log/requires", line 1, requires it',
      'missing ball "lost": "web/requires", line 2, requires it',
    ]);
  });

  it("refuses more balls than two overlays take layers", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [`b${index}`, index ? `b${index - 1}` : ""]),
      );
    const fits = plan(`b${MAX_BALLS - 1}`, chain(MAX_BALLS));
    assertEquals(fits.order.at(-1)!.name, `b${MAX_BALLS - 1}`);
    assertThrows(
      () => plan(`b${MAX_BALLS}`, chain(MAX_BALLS + 1)),
      DiscoError,
      "Cannot plan more than 900 balls",
    );
    assertThrows(() => plan("b9999", chain(10_000)), DiscoError, "more than 900 balls");
  });

  it("finds the one cycle of many balls that require nearly all others", () => {
    const last = MAX_BALLS - 1;
    const requires = Object.fromEntries(
      Array.from({ length: MAX_BALLS }, (_, index) => [
        `b${index}`,
        index ? Array.from({ length: index }, (_, other) => `b${other}`).join("\n") : `b${last}`,
      ]),
    );
    assertThrows(() => plan(`b${last}`, requires), DiscoError, `b0 -> b899 -> b0 is a cycle`);
  });

  it("names some of many missing balls, and how many more there are", () => {
    const lines = Array.from({ length: 400 }, (_, index) => `gone${index}`).join("\n");
    const error = assertThrows(() => plan("a", { a: lines }), DiscoError, "missing ball");
    assertEquals(error.message.split("\n").length, 21);
    assertEquals(error.message.endsWith("and 380 more"), true);
  });

  it("keeps to every edge of a large random universe", () => {
    // A fixed sequence (Park and Miller), so that a failure can be repeated.
    let seed = 1;
    const random = (below: number) => (seed = seed * 48271 % 2147483647) % below;
    const requires = Object.fromEntries(Array.from({ length: 300 }, (_, index) => {
      const lines = Array.from({ length: index && 3 }, () => `b${random(index)}`);
      return [`b${index}`, lines.join("\n")];
    }));
    const made = plan(Object.keys(requires).join(" "), requires);
    const place = new Map(made.order.map(({ name }, index) => [name, index]));
    assertEquals(place.size, 300);
    assert(made.edges.length > 800);
    assertEquals(made.edges.filter((e) => place.get(e.before)! >= place.get(e.after)!), []);
  });
});
