import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { parseSavedPlan, planDifferences, type SavedPlan } from "../../lib/saved_plan/mod.ts";

const HASH = "0".repeat(64);

function plan(): SavedPlan {
  const entry = { type: "file", mode: "0644", uid: 0, gid: 0, owner: "root", group: "root" };
  const after = { ...entry, size: 1, sha256: HASH, xattrs: {} } as const;
  return {
    ...{ schema: 1, dance: "d", node: "n", root: "/", made: "2026-11-26T00:00:00Z", salt: "0" },
    universe: { parameters: HASH, balls: { a: HASH } },
    changes: [{
      path: "/etc/a",
      kind: "created",
      balls: ["a"],
      before: null,
      after: after as SavedPlan["changes"][number]["after"],
      below: null,
    }],
    effects: [
      { ball: "a", script: "s", cwd: "/", argv: ["true"], input: null, environment: null },
    ],
  } as SavedPlan;
}

// deno-lint-ignore no-explicit-any
type Spoilable = any;

/** Ways to spoil a plan, and what is said. */
const SPOILED: readonly [spoil: (plan: Spoilable) => void, said: string][] = [
  [(it) => void delete it.salt, '"the document" is not an object with "salt"'],
  [(it) => it.more = 1, '".more" is not a known field'],
  [(it) => it.schema = "1", '"schema" is not one of 1'],
  [(it) => it.universe.balls.a = "x", '"universe.balls.a" is not a hash'],
  [(it) => it.changes[0].path = "etc", '"changes[0].path" is not an absolute path'],
  [(it) => it.changes[0].after.uid = 0.5, '"changes[0].after.uid" is not a whole number'],
  [(it) => it.changes[0].after.extra = 1, '"changes[0].after.extra" is not a known field'],
  [(it) => it.changes = { length: 0 }, '"changes" is not a list of at most 1000000'],
  [(it) => it.effects[0].argv = "true", '"effects[0].argv" is not a list'],
];

describe("parseSavedPlan", () => {
  it("should take what was saved", () => {
    assertEquals(parseSavedPlan(JSON.stringify(plan())), plan());
  });

  for (const [spoil, said] of SPOILED) {
    it(`should refuse it: ${said}`, () => {
      const spoiled = plan() as Spoilable;
      spoil(spoiled);
      assertThrows(() => parseSavedPlan(JSON.stringify(spoiled)), Error, said);
    });
  }
});

describe("planDifferences", () => {
  it("should be none of the same", () => {
    assertEquals(planDifferences(plan(), plan()), []);
  });

  it("should name a content, a mode and an owner", () => {
    const now = plan();
    const [change] = now.changes;
    Object.assign(change!.after!, { mode: "0600", owner: null, sha256: "1".repeat(64) });
    assertEquals(planDifferences(plan(), now), [
      "/etc/a: outcome: mode 0600, not 0644, owner none, not root, other content",
    ]);
  });

  it("should let programs write their logs, but not with another mode", () => {
    const [one, two] = [plan(), plan()];
    for (const it of [one, two]) Object.assign(it.changes[0]!, { path: "/var/log/dpkg.log" });
    Object.assign(two.changes[0]!.after!, { size: 9, sha256: "1".repeat(64) });
    assertEquals(planDifferences(one, two), []);
    Object.assign(two.changes[0]!.after!, { mode: "0666" });
    assertEquals(planDifferences(one, two).length, 1);
  });

  it("should see effects in another order", () => {
    const effect = plan().effects[0]!;
    const both = [effect, { ...effect, argv: ["false"] }];
    assertEquals(planDifferences({ ...plan(), effects: both }, { ...plan(), effects: both }), []);
    const turned = planDifferences({ ...plan(), effects: both }, {
      ...plan(),
      effects: both.toReversed(),
    });
    assertEquals(turned, ["the effects come in another order or number"]);
  });
});
