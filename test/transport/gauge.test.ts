import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type FetchProgress, Gauge } from "../../lib/transport/gauge.ts";

/** A gauge, and what it told last. */
function gauge() {
  let last: FetchProgress | undefined;
  return { gauge: new Gauge((progress) => last = progress), last: () => last };
}

describe("the gauge of a fetch", () => {
  it("counts, and knows the total once rsync has listed everything", () => {
    const { gauge: one, last } = gauge();
    one.begin("balls wave 1");
    const read = one.call();
    const cases: readonly [line: string, done: number, total: number | undefined, bytes: number][] =
      [
        ["          32768   0%    0.00kB/s    0:00:00  ", 0, undefined, 32768],
        ["              2   0%    0.00kB/s    0:00:00 (xfr#1, ir-chk=1000/1003)", 3, undefined, 2],
        [
          "       30000002 100%    7.95MB/s    0:00:03 (xfr#2, to-chk=1/3003)   ",
          3002,
          3003,
          30000002,
        ],
      ];
    for (const [line, done, total, bytes] of cases) {
      assertEquals(read(line), true);
      assertEquals(last(), { step: "balls wave 1", done, total, bytes });
    }
  });

  it("takes nothing else for progress", () => {
    const { gauge: one } = gauge();
    const read = one.call();
    for (const line of ["=>f+++++++++ 2 a/1  50% ", "Total bytes received: 84", "", "created"]) {
      assertEquals(read(line), false, line);
    }
  });

  it("knows a total only when all calls do", () => {
    const { gauge: one, last } = gauge();
    one.expect(2);
    const line = "   10 100%    1.00kB/s    0:00:00 (xfr#1, to-chk=2/5)";
    one.call()(line);
    assertEquals([last()?.done, last()?.total], [3, undefined]);
    one.call()(line);
    assertEquals([last()?.done, last()?.total, last()?.bytes], [6, 10, 20]);
    // The next step begins anew.
    one.begin("balls wave 2");
    assertEquals([last()?.done, last()?.total, last()?.bytes], [0, undefined, 0]);
  });
});
