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
    await scene.disco("install").says("/var/disco/runtime").ok();
    assertEquals((await names(host, "/var/disco/runtime")).sort(), ["deno", "lib", "loader"]);
    const unit = host.read("/etc/systemd/system/disco-recover.service");
    const recovery = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(" ");
    const before = host.readBytes(LIBM);

    await scene.ball("a", { [`files${LIBM}`]: "this is no library\n" }).dance("--confirm", "1s")
      .ok();
    assertMatch(host.read("/run/armed"), / \/var\/disco\/runtime\/loader .* recover --quiet --at /);
    // The control: the runtime itself does not start any more.
    await scene.disco("recover").warns("libm.so.6").exits(127);

    assertStringIncludes(await recovered(host, recovery), "in time: undone by generation");
    assertEquals(host.readBytes(LIBM), before);
    await scene.disco("history").ok();

    // A copy of another Deno is not relied on.
    await scene.sh("echo >>/var/disco/runtime/deno");
    await scene.disco("install", "--noop").says("ExecStart=").omits("/loader").ok();
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
