import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { names } from "../host/unchanged.ts";

/** A library that Deno cannot start without, and the shells of the tests can. */
const LIBM = /(\/\S*\/libm\.so\.6)$/m.exec(Deno.readTextFileSync("/proc/self/maps"))![1]!;

describeOnHost("disco install", () => {
  it("keeps a copy of the runtime, which undoes a merge that no Deno can start after", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // Timers are not what is tested here.
    host.mkdir("/run/systemd/system");
    host.write("/usr/bin/systemd-run", '#!/bin/sh\necho "$*" >>/run/armed\n', 0o755);
    host.write("/usr/bin/systemctl", "#!/bin/sh\n[ $1 != is-active ]\n", 0o755);
    assertStringIncludes(await host.run(host.discoArgv("install")), "/var/disco/runtime");
    assertEquals((await names(host, "/var/disco/runtime")).sort(), ["deno", "lib", "loader"]);
    const unit = host.read("/etc/systemd/system/disco-recover.service");
    const recovery = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(" ");
    const before = host.readBytes(LIBM);

    const ball = { [`files${LIBM}`]: "this is no library\n" };
    await scene.ball("a", ball).dance("--confirm", "1s").ok();
    assertMatch(host.read("/run/armed"), / \/var\/disco\/runtime\/loader .* recover --quiet --at /);
    // The control: the runtime itself does not start any more.
    await scene.disco("recover").exits(127).warns("libm.so.6");

    assertStringIncludes(await recovered(host, recovery), "in time: undone by generation");
    assertEquals(host.readBytes(LIBM), before);
    await scene.disco("history").ok();

    // A copy of another Deno is not relied on.
    await host.run(["sh", "-c", "echo >>/var/disco/runtime/deno"]);
    const units = await host.run(host.discoArgv("install", "--noop"));
    assertEquals([units.includes("ExecStart="), units.includes("/loader")], [true, false]);
  });
});

/** What recovery says once the deadline is over; before, it has nothing to say. */
async function recovered(host: ThrowawayHost, recovery: readonly string[]): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const said = await host.run([...recovery]);
    if (said !== "") return said;
    await host.run(["sleep", "0.1"]);
  }
  return "";
}
