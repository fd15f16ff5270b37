import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { emptyUsage, Meter, type Metric } from "../../lib/metrics/mod.ts";

/** A process that uses a second of user time, and the rest, between any two looks. */
function busyProcess() {
  let looks = 0;
  return () => {
    const n = looks++;
    return {
      user: n,
      sys: 2 * n,
      maxRss: 4096,
      majorFaults: n,
      minorFaults: 3 * n,
      blocksIn: 4 * n,
      blocksOut: 5 * n,
    };
  };
}

const brief = ({ ball, stage, name, exit }: Metric) => [ball, stage, name, exit];

describe("Meter", () => {
  it("should measure steps that return, and give what they return", () => {
    const meter = new Meter();
    assertEquals(meter.measure("plan", "plan", null, () => 42), 42);
    assertEquals(meter.list.map(brief), [[null, "plan", "plan", 0]]);
  });

  it("should measure a promise until it settles", async () => {
    const meter = new Meter();
    const { promise, resolve } = Promise.withResolvers<string>();
    const step = meter.measure("fetch", "rsync", "web", () => promise);
    assertEquals(meter.list.length, 0);
    resolve("done");
    assertEquals(await step, "done");
    assertEquals(meter.list.map(brief), [["web", "fetch", "rsync", 0]]);
  });

  it("should keep a step that fails, and pass the failure on", async () => {
    const meter = new Meter();
    const fail = () => {
      throw new RangeError("no");
    };
    assertThrows(() => meter.measure("plan", "plan", null, fail), RangeError, "no");
    await assertRejects(
      () => meter.measure("run", "a.sh", "web", () => Promise.reject(new RangeError("late"))),
      RangeError,
      "late",
    );
    assertEquals(meter.list.map(({ exit }) => exit), [1, 1]);
  });

  it("should count what the process used meanwhile", () => {
    const meter = new Meter({ usage: busyProcess() });
    meter.measure("diff", "diff", null, () => {});
    assertEquals({ ...meter.list[0], time_real: 0, start: 0 }, {
      ...emptyUsage(),
      start: 0,
      ball: null,
      stage: "diff",
      name: "diff",
      time_user: 1,
      time_sys: 2,
      mem_max: 4096,
      mem_faults_major: 1,
      mem_faults_minor: 3,
      io_fsin: 4,
      io_fsout: 5,
    });
  });

  it("should go on from the metrics of stages that ran alone", () => {
    const first = new Meter({ began: 0 });
    first.measure("fetch", "fetch", null, () => {});
    const second = new Meter({ began: first.began, metrics: first.list });
    second.add({ ball: "web", stage: "run", name: "a.sh", ...emptyUsage(3) });
    assertEquals(second.list.map(({ stage }) => stage), ["fetch", "run"]);
    assertEquals(first.list.length, 1);
    assert(second.clock() > 1e9, "the clock counts from the given beginning, here 1970");
  });
});
