import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { assertNothingLeft, stateOf } from "../host/unchanged.ts";

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
    scene.ball("a", { "files/etc/a": "a\n", "scripts/10-a": many });
    const before = stateOf(host);
    const { code } = await scene.danceInWords()
      .meanwhile(/ready/, async (running) => {
        await afterScripts(host);
        Deno.kill(await running.pid(), "SIGINT");
      })
      // Not asked to end, but ended: a listener is not called in the midst of that.
      .omits("interrupted")
      // It has not come to its end.
      .omits("report:").leaves({ "/etc/a": null, "/srv/d": null });
    assert(code !== 0);
    assertEquals([host.mounts(), host.processes()], [before.mounts, before.processes]);

    await scene.live({ "/etc/go": "" }).danceInWords().says("cleaned up what dance ").ok()
      .leaves({ "/etc/a": "a\n" });
    await host.settled();
    await assertNothingLeft(host, before);
  });

  it("ends a dance in order while a script floods it with output", async () => {
    await using scene = await newScene();
    scene.ball("a", { "files/etc/a": "a\n", "scripts/10-a": "echo ready; yes" });
    await scene.danceInWords().meanwhile(/ready/, (running) => running.kill("SIGINT"))
      .fails("The dance was interrupted; nothing was merged")
      .leaves({ "/etc/a": null }).leavesNothing();
  });

  it("after the merge leaves the effects that are due undone, and says so", async () => {
    await using scene = await newScene();
    scene.ball("a", {
      "files/etc/a": "a\n",
      "scripts/10-a": "disco-effect sh -c 'echo begun; sleep 600'; disco-effect touch /etc/second",
    });
    await scene.danceInWords().meanwhile(/a: begun/, (running) => running.kill("SIGINT"))
      .fails("1 effects were not carried out: the dance was interrupted")
      .leaves({ "/etc/a": "a\n", "/etc/second": null }).leavesNothing();
    const report = await scene.disco("report", "--json");
    const { ok, merged, effects } = JSON.parse(report.stdout);
    assertEquals([ok, merged], [false, true]);
    assertEquals(effects.map(({ status }: { status: string }) => status), ["failed", "failed"]);
  });
});
