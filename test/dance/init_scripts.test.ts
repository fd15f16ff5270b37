import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stubServices } from "./support.ts";

const FOOD = '#!/bin/sh\necho "$1" >>/etc/food.log\n';

describeOnHost("a service's own script, called by its path", () => {
  it("is an effect, as service is", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    host.write("/etc/init.d/food", FOOD, 0o755);
    const script = "set -e\n/etc/init.d/food reload\n";
    const { result } = await scene.ball("a", { "scripts/1": script }).dryRun().ok();
    assertEquals(result.effects.map(({ argv }) => argv), [["service", "food", "reload"]]);
    assertEquals(result.changes, []);
  });

  it("control: in another shell it acts in the sandbox", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    host.write("/etc/init.d/food", FOOD, 0o755);
    const script = "#!/bin/sh\n/etc/init.d/food reload\n";
    const { result } = await scene.ball("a", { "scripts/1": script }).dryRun();
    assertEquals(result.changes.map(({ path }) => path), ["/etc/food.log"]);
  });
});

describeOnHost("a script that fails after it has asked for effects", () => {
  it("is told that these wait for the merge", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    const script = "systemctl restart web; systemctl restart db; false\n";
    await scene.ball("a", { "scripts/1": script }).dryRun().fails(
      "it had asked for systemctl restart web and 1 more effect",
    );
  });
});
