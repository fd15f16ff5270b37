import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stubServices } from "./support.ts";

describeOnHost("a script that decides by the exit code of an effect", () => {
  for (const option of [["--noop"], []]) {
    const how = option[0] ?? "live";
    it(`fails its ball: ${how}`, async () => {
      await using scene = await newScene();
      stubServices(scene.host);
      const script = "if systemctl restart nginx; then\n  touch /etc/restarted\nfi\n";
      await scene.ball("a", script).dance(...option).mergesNothing().fails(
        'Cannot apply ball "a": scripts/do, line 1, decides by the exit code of an effect: ' +
          "systemctl restart nginx (a condition waits for it)",
      ).leaves({ "/etc/restarted": null });
    });

    it(`control: one that does not decide by it is applied: ${how}`, async () => {
      await using scene = await newScene();
      stubServices(scene.host);
      const script = "touch /etc/restarted\nsystemctl restart nginx || exit 1\n";
      await scene.ball("a", script).dance(...option).ok();
    });
  }

  it("fails its ball in Perl", async () => {
    await using scene = await newScene();
    stubServices(scene.host);
    const script = '#!/usr/bin/perl\nif (system("systemctl restart nginx") == 0) {\n' +
      'open(F, ">/etc/restarted"); }\n';
    await scene.ball("a", script).dryRun()
      .fails("scripts/do, line 2, decides by the exit code of an effect");
  });

  it("control: ending with it in Perl decides nothing", async () => {
    await using scene = await newScene();
    stubServices(scene.host);
    const script = "#!/usr/bin/perl\n# if systemctl restart nginx; then\n" +
      'system("systemctl restart nginx") == 0 or die;\n';
    await scene.ball("a", script).dryRun().ok();
  });
});
