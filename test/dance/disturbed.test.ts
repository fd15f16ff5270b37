import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type Running, type ThrowawayHost } from "../host/mod.ts";
import {
  assertNothingLeft,
  assertUnchanged,
  freshHost,
  FROM_GIVEN,
  give,
  names,
  stateOf,
} from "./support.ts";

/** Changes something, starts a daemon, then waits; where /etc/go is, it does not wait. */
const LONG = {
  a: {
    "files/etc/delivered": "a\n",
    "scripts/10-long": [
      "echo a >>/etc/hosts; rm /etc/issue; disco-effect touch /etc/effect",
      "setsid -f sleep 600 >/dev/null 2>&1 </dev/null",
      "echo ready; [ -e /etc/go ] || sleep 600",
    ].join("\n"),
  },
};

/** A dance that is in the middle of its long script. */
async function inTheMiddle(host: ThrowawayHost, ...options: string[]): Promise<Running> {
  const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN, ...options));
  await running.printed(/ready/);
  // setsid is back before what it has started is what it will be.
  while (!hasDaemon(host)) await new Promise((done) => setTimeout(done, 5));
  return running;
}

function hasDaemon(host: ThrowawayHost): boolean {
  return host.processes().some(({ argv }) => argv.join(" ") === "sleep 600");
}

describeOnHost("a dance that is disturbed", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends at ${signal} with nothing merged and nothing left`, async () => {
      await using host = await freshHost();
      await give(host, LONG);
      const before = stateOf(host);
      const running = await inTheMiddle(host);
      // The control: there is something to leave.
      assert(hasDaemon(host));
      assert((await names(host, "/run/disco")).length > 1);
      await running.kill(signal);
      const { code, stderr } = await running.outcome;
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, "The dance was interrupted; nothing was merged");
      await host.settled();
      await assertUnchanged(host, before);
    });
  }

  it("ends at a signal to it alone, as from a service manager", async () => {
    await using host = await freshHost();
    await give(host, LONG);
    const before = stateOf(host);
    const running = await inTheMiddle(host);
    Deno.kill(await running.pid(), "SIGINT");
    const { code, stderr } = await running.outcome;
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "The dance was interrupted; nothing was merged");
    await host.settled();
    await assertUnchanged(host, before);
  });

  for (const scratch of ["memory", "disk"] as const) {
    it(`leaves no mount and no process after a kill, and the next cleans up: ${scratch}`, async () => {
      await using host = await freshHost();
      host.write("/etc/disco/client/scratch", scratch);
      host.write("/etc/disco/client/scratch-size", "64M");
      await give(host, LONG);
      const before = stateOf(host);
      const running = await inTheMiddle(host);
      Deno.kill(await running.pid(), "SIGKILL");
      assertEquals((await running.outcome).signal ?? "SIGKILL", "SIGKILL");
      await host.settled();
      assertEquals([host.mounts(), host.processes()], [before.mounts, before.processes]);

      host.write("/etc/go", "");
      const { code, stdout, stderr } = await host.disco("dance", ...FROM_GIVEN);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "cleaned up what dance ");
      assertEquals([host.exists("/etc/issue"), host.exists("/etc/effect")], [false, true]);
      await host.settled();
      await assertNothingLeft(host, before);
    });
  }

  it("keeps a second one waiting, and nobody who only looks", async () => {
    await using host = await freshHost();
    await give(host, LONG);
    const before = stateOf(host);
    const running = await inTheMiddle(host, "--noop");
    for (const options of [[], ["--noop"]]) {
      const { code, stderr } = await host.disco("dance", ...FROM_GIVEN, ...options);
      assertEquals(code, 4, stderr);
      assertStringIncludes(stderr, "another dance holds the lock");
    }
    assertEquals((await host.disco("history")).code, 0);
    await running.kill("SIGINT");
    await running.outcome;
    await host.settled();
    await assertUnchanged(host, before);
    host.write("/etc/go", "");
    assertEquals((await host.disco("dance", ...FROM_GIVEN)).code, 0);
  });
});
