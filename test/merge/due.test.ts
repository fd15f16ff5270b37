import { assert } from "@std/assert";
import { it } from "@std/testing/bdd";
import { ask, check, hostFor } from "../faults/asking.ts";
import type { Findings } from "../faults/experiments.ts";
import { build } from "../faults/build.ts";
import { MUTANTS } from "../faults/mutants.ts";
import { describeOnHost } from "../host/mod.ts";

/** Every n-th call only: test:faults takes them all. */
const STEP = "9";

describeOnHost("a merge that is killed with something due", () => {
  it("loses nothing of it: a sample", async () => {
    await using host = await hostFor("ext4");
    check("ext4, kill of what is due", await ask(host, "kills-of-due", STEP), 12);
  });

  it("is noticed if it forgets what is owed: a control", async () => {
    const js = await build(MUTANTS["forgets what is owed"]);
    await using host = await hostFor("ext4", { js });
    const { bad } = await ask<Findings>(host, "kills-of-due", STEP, "stop");
    assert(bad.length > 0);
  });
});
