import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { AS_USER, describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** A ball, and a home with a file that its owner keeps changing. */
async function sceneWithHome(script: string): Promise<Scene> {
  const scene = (await newScene()).ball("b", script)
    .live({ "/home/u/.rc": "his\n", "/home/u/spool/1": "1\n" });
  await scene.sh("chown -R 1000:1000 /home/u");
  return scene;
}

const APPEND = "echo theirs >>/home/u/.rc";
const OURS = "echo ours >>/home/u/.rc; sleep 0.2";

describeOnHost("a user who keeps changing a file that a ball changes", () => {
  it("fails that ball and what comes after it, and nothing else, where the dance keeps going", async () => {
    await using scene = await sceneWithHome("echo ours >/srv/other");
    scene.ball("rc", OURS)
      .ball("late", { "scripts/do": "echo ours >/srv/late", requires: "after rc\n" });
    const dance = scene.dance("--keep-going").exits(1).merges()
      .balls({ b: "ok", rc: "failed", late: "skipped" })
      .leaves({ "/srv/other": "ours\n", "/srv/late": null });
    const { result } = await scene.beside(APPEND, () => dance, AS_USER);
    assertEquals(result.error, null);
    assertMatch(
      result.balls.find(({ name }) => name === "rc")!.error!,
      /"\/home\/u\/\.rc" keeps being changed by others; its directory belongs to user 1000/,
    );
    assert(!scene.host.read("/home/u/.rc").includes("ours"));
  });

  it("lets the dance fail after three tries otherwise, which names him", async () => {
    await using scene = await sceneWithHome(`echo ours >/srv/other; ${OURS}`);
    const dance = scene.dance().leaves({ "/srv/other": null })
      .fails('Cannot merge "/home/u/.rc"', "its directory belongs to user 1000");
    await scene.beside(APPEND, () => dance, AS_USER);
  });

  for (
    const [what, line, script, look, expected] of [
      ["the mode of a log", APPEND, "chmod 640 /home/u/.rc", "stat -c %a /home/u/.rc", "640"],
      [
        "the owner of a busy directory",
        "echo >/home/u/spool/$$; rm /home/u/spool/$$",
        "chown 0:1000 /home/u/spool",
        "stat -c %u:%g /home/u/spool",
        "0:1000",
      ],
    ] as const
  ) {
    it(`does not keep ${what} from being changed`, async () => {
      await using scene = await sceneWithHome(`${script}; sleep 0.2`);
      const dance = scene.danceInWords().omits("(2 of 3)").ok();
      await scene.beside(line, () => dance, AS_USER);
      assertEquals((await scene.sh(look)).trim(), expected);
    });
  }
});
