import { assert } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";

describeOnHost("a universe that has lost most of itself", () => {
  const balls = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, {
      [`files/srv/${name}`]: `${name}\n`,
      purge: "/srv/**\n",
    }]));

  it("is refused, and deletes nothing", async () => {
    await using scene = await newScene();
    await scene.balls(balls("a", "b", "c", "d")).dance().ok();
    scene.balls(balls("a"));
    for (const words of ["dance --noop", "fetch", "dance"]) {
      await scene.disco(...words.split(" "), ...FROM_GIVEN).fails(
        `error: Cannot use what the universe "${GIVEN}" has for node "n": it lost 3 of 4 balls: ` +
          "b, c, d",
        "If that is meant, pass --allow-removals",
      ).untouched();
    }
    await scene.dance("--allow-removals").ok().leaves({ "/srv/b": null });
    assert(scene.host.exists("/srv/a"));
  });

  it("is refused where it does not list the node any more", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(balls("a")).live({ [`${GIVEN}/parameters/default/modules/a`]: "" });
    await scene.dance().ok();
    await host.run(["rm", "-r", `${GIVEN}/parameters/n`]);
    await scene.danceInWords()
      .fails('it does not list the node any more (it would dance as "default")');
    await scene.danceInWords("--allow-removals").ok();
  });

  it("is refused where a group that is still named has no folder any more", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(balls("a")).parameters({ "groups/web": "" })
      .live({ [`${GIVEN}/groups/web/key`]: "value\n" });
    await scene.dance().ok();
    await host.run(["rm", "-r", `${GIVEN}/groups`]);
    host.mkdir(`${GIVEN}/groups`);
    await scene.danceInWords()
      .fails('it has no folder of group "web" any more, which is still named');
  });
});
