import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

/** What a host's crontab does, as far as groups are concerned; a shell would give the group up. */
async function installCrontab(host: ThrowawayHost, mode: string): Promise<void> {
  host.write("/usr/bin/crontab", '#!/usr/bin/perl\nopen F, ">", $ARGV[0]; print F $) + 0, "\n";\n');
  await host.run(["sh", "-c", `chgrp 7 /usr/bin/crontab; chmod ${mode} /usr/bin/crontab`]);
}

describeOnHost("crontab in a script", () => {
  it("has the group that its set-group-ID bit gives it on the live system", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await installCrontab(host, "2755");
    const script = "crontab /etc/by-name; /usr/bin/crontab /etc/by-path\n" +
      'perl -e \'exec "/usr/bin/crontab", "/etc/past"\'';
    await scene.ball("a", script).dance().ok();
    // Control: what does not go through the shell meets it as it is, and the bit has no effect.
    const groups = ["by-name", "by-path", "past"].map((name) => host.read(`/etc/${name}`));
    assertEquals(groups, ["7\n", "7\n", "0\n"]);
  });

  it("is as it is where it has no such bit, and missing where there is none", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await installCrontab(host, "0755");
    await scene.ball("a", "crontab /etc/plain").dance().leaves({ "/etc/plain": "0\n" }).ok();
    scene.live({ "/usr/bin/crontab": null });
    await scene.ball("a", "! command -v crontab").dance().ok();
  });
});
