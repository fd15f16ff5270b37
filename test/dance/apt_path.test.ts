import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stubServices } from "./support.ts";

/** The search path that apt gives to dpkg, in `path`. */
const ASK_APT = 'eval "$(apt-config shell path DPkg::Path)"';

describeOnHost("apt in a script", () => {
  it("lets maintainer scripts meet the policy by name", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const script = `${ASK_APT}; test "$path" = "$PATH" && echo same >/etc/paths`;
    const { code, stderr } = await scene.ball("a", { "scripts/1": script }).dance();
    assertEquals([code, host.exists("/etc/paths")], [0, true], stderr);
    // What is asked for from there does not need the file.
    stubServices(host);
    const asked = await scene.ball("a", { "scripts/1": "systemctl restart nginx" }).dryRun();
    assertEquals([asked.code, asked.result.effects[0]?.environment], [0, undefined], asked.stderr);
    // Control: without DISCO's configuration it is another one.
    const plain = await host.run(["sh", "-c", `${ASK_APT}; echo "$path"`]);
    assertEquals(plain, "/usr/sbin:/usr/bin:/sbin:/bin\n");
  });
});
