import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { outcome, reportLines } from "../../lib/report/mod.ts";
import type { Result } from "../../lib/result/mod.ts";
import { slowestSteps, stageTimes } from "../../lib/report/steps.ts";
import { DANCE, exampleResult, step } from "./example.ts";

describe("reportLines", () => {
  it("should print the figures as the original did, and sum up", () => {
    const zero = (indent: string, exit = 0) => [
      `${indent}mem_avg 0 : mem_max 0 : mem_faults_major 0 : mem_faults_minor 0`,
      `${indent}io_fsin 0 : io_fsout 0 : io_sockin 0 : io_sockout 0 : io_signals 0`,
      `${indent}exit: ${exit}`,
    ];
    assertEquals(reportLines(exampleResult()), [
      "_internal: fetch",
      "   time_real 1.26 : time_user 0.00 : time_sys 0.00",
      ...zero("   "),
      "users: exec-run",
      "   1.sh :",
      "       time_real 0.50 : time_user 0.25 : time_sys 0.00",
      "       mem_avg 0 : mem_max 4672 : mem_faults_major 0 : mem_faults_minor 0",
      ...zero("       ").slice(1),
      "web: exec-render",
      "   time_real 0.10 : time_user 0.00 : time_sys 0.00",
      ...zero("   "),
      "web: exec-run",
      "   10.sh :",
      "       time_real 0.25 : time_user 0.00 : time_sys 0.00",
      ...zero("       ", 3),
      `dance ${DANCE} of node.example.org: live, 2026-11-22T23:59:59.000Z, 3.50 s`,
      "ball   status  changes  seconds",
      "users  ok            1     0.50",
      "web    failed        0     0.35",
      "changes: 1 (1 created)",
      "effects: 1 (1 done)",
      "   done: systemctl restart ssh [users/1.sh]",
      "not simulated: connect to 192.0.2.1 (network) [web/scripts/10]",
      "slowest: 1.26 s _internal: fetch",
      "slowest: 0.50 s users: exec-run: 1.sh",
      "slowest: 0.25 s web: exec-run: 10.sh",
      "slowest: 0.10 s web: exec-render",
      'web: script "10.sh" ended with 3',
      "failed: ball web",
    ]);
  });

  it("should print one ball only", () => {
    const lines = reportLines(exampleResult(), { ball: "users" });
    assertEquals([lines[0], lines.at(-3), lines.at(-2)], [
      "users: exec-run",
      "   done: systemctl restart ssh [users/1.sh]",
      "slowest: 0.50 s users: exec-run: 1.sh",
    ]);
    assertEquals(lines.filter((line) => /^web/.test(line)), []);
  });

  it("should refuse a ball that did not dance", () => {
    const error = assertThrows(
      () => reportLines(exampleResult(), { ball: "db\n" }),
      DiscoError,
      'Cannot report ball "db\\n": it did not dance',
    );
    assertEquals(error.hint, `the balls of dance ${DANCE}: users, web`);
  });

  it("should keep names from outside on their line", () => {
    const name = "a\nreport: success\x1b[2J";
    const lines = reportLines(exampleResult({
      node: name,
      error: name,
      balls: [{ name, status: "failed", changes: 0, error: name }],
      metrics: [step("web", "exec-run", name, 1)],
      effects: [{ ball: "web", script: name, argv: [name], status: "failed", error: name }],
      notSimulated: [{ ball: "web", script: name, kind: "place", what: name }],
    }));
    // deno-lint-ignore no-control-regex
    assertEquals(lines.filter((line) => /[\x00-\x1f]/.test(line)), []);
  });
});

describe("outcome", () => {
  const good = { ok: true, balls: [], effects: [] };
  const cases: [fields: Partial<Result>, text: string][] = [
    [
      { ...good },
      `success: 1 change merged, generation ${DANCE}: undo it with disco rollback`,
    ],
    [{ ...good, merged: false, changes: [] }, "success: nothing to change"],
    [{ ...good, noop: true, merged: false }, "success: 1 change would be merged"],
    [{ ...good, merged: false }, "success: 1 change, not merged"],
    [{ error: "Cannot fetch: no route" }, "failed: Cannot fetch: no route"],
    [
      {
        balls: [],
        effects: [{ ball: "web", script: "a", argv: ["b"], status: "failed" }],
      },
      "failed: 1 of 1 effects",
    ],
    [{ balls: [] }, "failed: no reason was recorded"],
  ];
  for (const [fields, text] of cases) {
    it(`should say "${text}"`, () => assertEquals(outcome(exampleResult(fields)), text));
  }
});

describe("steps", () => {
  const metrics = [
    step("web", "exec-run", "exec-run", 5),
    step("web", "exec-run", "a.sh", 3),
    step("web", "exec-run", "b.sh", 1),
    step("db", "exec-run", "c.sh", 2),
    step("db", "exec-run", "d.sh", 2.5),
  ];

  it("should not count a stage and its steps twice", () => {
    assertEquals(stageTimes(metrics), [
      { ball: "web", stage: "exec-run", seconds: 5 },
      { ball: "db", stage: "exec-run", seconds: 4.5 },
    ]);
  });

  it("should name the slowest steps, not the stages they are in", () => {
    assertEquals(slowestSteps(metrics, 3).map(({ name }) => name), ["a.sh", "d.sh", "c.sh"]);
  });
});
