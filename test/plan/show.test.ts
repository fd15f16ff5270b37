import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DiscoError } from "../../lib/error/mod.ts";
import { loadPlan, type Plan, planDot, savePlan } from "../../lib/plan/mod.ts";
import { temporaryFolder, writeFiles } from "../ball/files.ts";

const plan: Plan = {
  node: "web1",
  order: [
    { name: "users", reasons: [{ kind: "required", by: "web", relation: "after" }] },
    { name: "web", reasons: [{ kind: "node" }] },
  ],
  edges: [{ before: "users", after: "web", by: "web", file: "web/requires", line: 3 }],
};

describe("planDot", () => {
  it("draws balls and edges for Graphviz", () => {
    assertEquals(
      planDot(plan),
      `strict digraph "web1" {
  "users" [tooltip="required by web"];
  "web" [tooltip="listed by the node"];
  "users" -> "web" [tooltip="web/requires, line 3"];
}
`,
    );
  });

  it("escapes what would end a string", () => {
    const odd = { ...plan, node: 'a"]; x -> y\\', order: [], edges: [] };
    assertEquals(planDot(odd), 'strict digraph "a\\"]; x -> y\\\\" {\n}\n');
  });
});

describe("savePlan and loadPlan", () => {
  it("keep a plan", () => {
    using tmp = temporaryFolder();
    savePlan(tmp.path, plan);
    assertEquals(loadPlan(tmp.path), plan);
    assertEquals([...Deno.readDirSync(tmp.path)].map(({ name }) => name), ["plan.json"]);
  });

  for (
    const [what, files] of [
      ["there is none", {}],
      ["it is cut off", { "plan.json": '{ "schema": 1' }],
      ["it is of another version", { "plan.json": '{ "schema": 2 }' }],
    ] as const
  ) {
    it(`fail when ${what}`, () => {
      using tmp = temporaryFolder();
      const dir = writeFiles(tmp.path, files);
      assertThrows(() => loadPlan(dir), DiscoError, `Cannot read plan "${join(dir, "plan.json")}"`);
    });
  }
});
