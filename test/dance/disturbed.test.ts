import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type Running, type ThrowawayHost } from "../host/mod.ts";
import {
  assertNothingLeft,
  assertUnchanged,
  danceBall,
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

const GENERATIONS = "/var/disco/generations";

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
      assertEquals((await running.outcome).signal, "SIGKILL");
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

describeOnHost("a merge that recovery can neither finish nor take back", () => {
  it("is given up by a person, told path by path, and later dances go on", async () => {
    await using host = await freshHost();
    await host.run(["sh", "-ec", "mkdir /srv/m; mount -t tmpfs none /srv/m"]);
    for (const path of ["/srv/m/f", "/etc/g"]) host.write(path, "old\n");
    const script = "echo new >/srv/m/f; echo new >/etc/g";
    const { result: { generation: id } } = await danceBall(host, { "scripts/1": script });
    const giveUp = () => host.disco("recover", "--give-up", id!);
    const refused = `Cannot give up "${id}": no merge of that name was cut off`;
    // The control: what is merged cannot be given up.
    const merged = await giveUp();
    assertEquals(merged.code, 1);
    assertStringIncludes(merged.stderr, refused);

    // As if it had been cut off at its end, and the disk had died then.
    await host.run(["mv", `${GENERATIONS}/${id}/done`, `${GENERATIONS}/${id}/pending`]);
    await host.run(["umount", "/srv/m"]);
    await give(host, { a: { "files/etc/later": "later\n" } });
    for (
      const words of [["dance", ...FROM_GIVEN], ["dance", "--noop", ...FROM_GIVEN], ["recover"]]
    ) {
      const { code, stderr } = await host.disco(...words);
      assertEquals([code, host.exists("/etc/later")], [1, false], words.join(" "));
      assertStringIncludes(stderr, id!);
    }
    const { code, stdout, stderr } = await giveUp();
    assertEquals(code, 0, stderr);
    assertStringIncludes(
      stderr,
      `"/srv/m/.disco/${id}" of generation ${id} was moved, removed, or`,
    );
    assertEquals(stdout.split("\n").slice(0, 3).map((line) => line.replace("report: ", "")), [
      `gave up the merge ${id}; what is live stays:`,
      "/etc/g: new",
      "/srv/m/f: missing: it is neither old nor new",
    ]);
    assertEquals(host.read("/etc/g"), "new\n");

    const later = await host.disco("dance", ...FROM_GIVEN);
    assertEquals([later.code, host.read("/etc/later")], [0, "later\n"], later.stderr);
    assertStringIncludes((await giveUp()).stderr, refused);
    const undo = await host.disco("rollback", id!);
    assertEquals([undo.code, host.read("/etc/g")], [1, "new\n"]);
    assertStringIncludes(undo.stderr, "it was given up, and what it replaced is not kept");
  });
});
