import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

describeOnHost("what an editor has left beside scripts", () => {
  it("is run, as every file there, and a warning says so", async () => {
    await using scene = await newScene();
    await scene.ball("a", { "scripts/1": "true", "scripts/1~": "touch /etc/left" })
      .dryRun().changes("+ /etc/left").ok()
      .warns("warning: ball a: scripts/1~ does not look like a script, but is run as one");
    // Control: of scripts nothing is said.
    await scene.ball("a", { "scripts/1": "true" }).dryRun().omits("looks like").ok();
  });
});
