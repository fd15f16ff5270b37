import { assertEquals } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost, whyNoHost } from "../host/mod.ts";
import { costOf } from "./cost.ts";
import { type Debs, fetchDebs } from "./debs.ts";
import { type Job, whyNot } from "./job.ts";
import { CHOWN_NOTHING, JOBS as ALL, SAMPLE } from "./jobs/mod.ts";
import type { Comparison } from "./compare.ts";
import { judge } from "./judge.ts";
import { Score } from "./score.ts";

/**
 * All of them take minutes: "deno task fidelity" does all, "deno task test" one of each kind. What else
 * stands in DISCO_FIDELITY is a regular expression for their names.
 */
const which = Deno.env.get("DISCO_FIDELITY") ?? "";
const JOBS = which === "all" ? ALL : which === "" ? SAMPLE : [
  CHOWN_NOTHING,
  ...ALL.filter((job) => job !== CHOWN_NOTHING && new RegExp(which).test(job.name)),
];
const packages = [...new Set(JOBS.flatMap((job) => job.packages ?? []))];
const debs: Debs | string = whyNoHost() ?? await fetchDebs(packages);

describeOnHost("what a dry run predicts is what is done", () => {
  const done = new Map<Job, Comparison>();

  beforeAll(async () => {
    const score = new Score();
    const waiting = JOBS.filter((job) => {
      const reason = whyNot(job, debs);
      if (reason !== undefined) console.log(score.skip(job.name, reason));
      return reason === undefined;
    });
    const worker = async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        const verdict = await judge(job, typeof debs === "string" ? new Map() : debs);
        console.log(score.add(job.name, verdict));
        done.set(job, verdict);
      }
    };
    // Jobs wait a good deal: two at a time need little more than half the time.
    await Promise.all([worker(), worker()]);
    console.log(String(score));
  });

  for (const job of JOBS) {
    if (whyNot(job, debs) !== undefined) {
      it.ignore(job.name, () => {});
      continue;
    }
    it(job.name, () => assertEquals(done.get(job)?.wrong, []));
  }

  it("which costs something", async () => {
    assertEquals(done.get(CHOWN_NOTHING)?.paths.size, 0, "the control: what is measured is idle");
    console.log(await costOf(CHOWN_NOTHING));
  });
});
