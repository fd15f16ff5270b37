import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { assertNothingLeft, stateOf } from "../host/unchanged.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Nothing of the sandbox runs any more: DISCO itself is at work. */
async function afterScripts(host: ThrowawayHost): Promise<void> {
  const isInside = () => host.processes().some(({ argv }) => argv[0]?.endsWith("bwrap"));
  while (isInside()) await pause(5);
  await pause(200);
}

describeOnHost("Ctrl-C", () => {
  it("ends a dance that works out many changes, and the next one cleans up", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const many =
      "mkdir /srv/d; cd /srv/d; seq 40000 | xargs touch; echo ready; [ ! -e /etc/go ] || rm -r /srv/d";
    scene.balls({ a: { "files/etc/a": "a\n", "scripts/10-a": many } });
    const before = stateOf(host);
    const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN));
    await running.printed(/ready/);
    await afterScripts(host);
    Deno.kill(await running.pid(), "SIGINT");
    const { code, stdout, stderr } = await running.outcome;
    // Not asked to end, but ended: a listener is not called in the midst of that.
    assert(code !== 0 && !stderr.includes("interrupted"), stderr);
    assert(!stdout.includes("report:"), "it came to its end");
    await host.settled();
    assertEquals([host.exists("/etc/a"), host.exists("/srv/d")], [false, false]);
    assertEquals([host.mounts(), host.processes()], [before.mounts, before.processes]);

    host.write("/etc/go", "");
    const next = await scene.danceInWords();
    assertEquals([next.code, host.exists("/etc/a")], [0, true], next.stderr);
    assertStringIncludes(next.stdout, "cleaned up what dance ");
    await host.settled();
    await assertNothingLeft(host, before);
  });

  it("ends a dance in order while a script floods it with output", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: { "files/etc/a": "a\n", "scripts/10-a": "echo ready; yes" } });
    const before = stateOf(host);
    const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN));
    await running.printed(/ready/);
    await running.kill("SIGINT");
    const { code, stderr } = await running.outcome;
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "The dance was interrupted; nothing was merged");
    await host.settled();
    assertEquals(host.exists("/etc/a"), false);
    await assertNothingLeft(host, before);
  });

  it("after the merge leaves the effects that are due undone, and says so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({
      a: {
        "files/etc/a": "a\n",
        "scripts/10-a":
          "disco-effect sh -c 'echo begun; sleep 600'; disco-effect touch /etc/second",
      },
    });
    const before = stateOf(host);
    const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN));
    await running.printed(/a: begun/);
    await running.kill("SIGINT");
    const { code, stderr } = await running.outcome;
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "1 effects were not carried out: the dance was interrupted");
    await host.settled();
    assertEquals([host.exists("/etc/a"), host.exists("/etc/second")], [true, false]);
    await assertNothingLeft(host, before);
    const { ok, merged, effects } = JSON.parse((await scene.disco("report", "--json")).stdout);
    assertEquals([ok, merged], [false, true]);
    assertEquals(effects.map(({ status }: { status: string }) => status), ["failed", "failed"]);
  });
});
