import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

const LOG = "/srv/app.log";

async function sceneWithLog(): Promise<Scene> {
  return (await newScene()).live({ [LOG]: "old\n" });
}

describeOnHost("a check on a machine where others work", () => {
  it("is made once more where they have changed what the rounds differ in", async () => {
    await using scene = await sceneWithLog();
    scene.ball("a", `sed -i s/old/new/ ${LOG}; sleep 0.37`);
    // Once, while the first round is at the end of its script.
    const write =
      `pgrep -fx "sleep 0.37" && [ ! -e /run/once ] && echo theirs >>${LOG} && touch /run/once`;
    await scene.beside(write, async () => {
      await scene.checkInWords("a").says(
        `another process has changed "${LOG}" during the check; checking again (2 of 3)`,
        "1 change, 0 effects, as predicted",
        "again: nothing changes",
      ).ok();
    });
  });

  it("is refused where they change it each time, and accuses no ball", async () => {
    await using scene = await sceneWithLog();
    scene.ball("a", `sed -i s/old/new/ ${LOG}; sleep 0.1`);
    await scene.beside(`echo theirs >>${LOG}`, async () => {
      await scene.checkInWords("a").exits(1).omits("as predicted", "changed again").warns(
        `Cannot check ball "a": another process has changed "${LOG}" during the check, 3 times`,
      );
    });
    // The control: what nobody else changes is the ball's own.
    scene.ball("a", `date +%N >/srv/now; sed -i s/old/new/ ${LOG}`);
    await scene.checkInWords("a").exits(1).omits("another process")
      .warns("not as predicted: /srv/now");
  });
});
