/**
 * The core of DISCO on the kernels and with the systemd of Debian's releases.
 *
 * @module
 */
import { it } from "@std/testing/bdd";
import { assertMatch } from "@std/assert";
import { featuresOf } from "./features.ts";
import { besideCases } from "./beside.ts";
import { confirmCases } from "./confirm.ts";
import { emergencyCases } from "./emergency.ts";
import { helloCases } from "./hello.ts";
import { installedCases } from "./installed.ts";
import { killedCases } from "./killed.ts";
import { metadataCases } from "./metadata.ts";
import { powerCases } from "./power.ts";
import { reactionCases } from "./reactions.ts";
import { rollbackCases } from "./rollback.ts";
import { serviceCases } from "./services.ts";
import { describeOnMachines } from "./support.ts";

describeOnMachines("the core", (machine, suite) => {
  it("is what its name says", async () => {
    const features = await featuresOf(machine());
    console.log([`${suite.title}:`, ...features].join("\n  "));
    assertMatch(features[0]!, suite.kernel);
  });

  metadataCases(machine);
  helloCases(machine);
  serviceCases(machine);
  reactionCases(machine);
  rollbackCases(machine);
  confirmCases(machine);
  besideCases(machine);
  installedCases(machine);
  killedCases(machine);
  powerCases(machine);
  emergencyCases(machine);
});
