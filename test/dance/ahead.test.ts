import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

const BROKEN = "<%= it.param('missing') %>\n";
const ENDLESS = "<% for (;;); %>\n";
const NOW = "<%= Date.now() %>\n";

describeOnHost("the Eta templates of the next ball", () => {
  it("are rendered while a script of this one runs", async () => {
    await using scene = await newScene();
    const script = "sleep 1; date +%s%3N >/srv/end";
    scene.ball("a", { "templates/srv/a.eta": NOW, "scripts/1": script })
      .ball("b", { "templates/srv/b.eta": NOW, requires: "after a\n" })
      .ball("c", { "templates/srv/c.eta": NOW, requires: "after b\n" });
    await scene.dance().ok();
    const [a, b, c, end] = ["a", "b", "c", "end"]
      .map((name) => Number(scene.host.read(`/srv/${name}`)));
    assert(a! < end! && b! < end!, `${[a, b, end]}`);
    // The control: one whose turn is not the next.
    assert(c! >= end!, `${[c, end]}`);
  });

  it("are not told of where their turn does not come", async () => {
    await using scene = await newScene();
    scene.ball("a", { "scripts/1": "sleep 0.5; exit 3" })
      .ball("b", { "templates/srv/b.eta": BROKEN, requires: "after a\n" });
    const { stderr, stdout } = await scene.danceInWords().fails("scripts/1");
    assert(!`${stdout}${stderr}`.includes("missing"), stderr);
  });

  it("fail when it is their turn, and that is the ball's failure", async () => {
    await using scene = await newScene();
    scene.ball("a", { "scripts/1": "sleep 0.5; echo a >/srv/a" })
      .ball("b", { "templates/srv/b.eta": BROKEN, requires: "after a\n" })
      .ball("c", { "files/srv/c": "c\n" });
    const { result } = await scene.dance("--keep-going").fails('"missing" does not exist');
    assertEquals(result.balls.map(({ name, status }) => [name, status]), [
      ["a", "ok"],
      ["b", "failed"],
      ["c", "ok"],
    ]);
    assertEquals(scene.host.read("/srv/a"), "a\n");
  });

  it("fail no other ball where they do not end, and their turn does not come", async () => {
    await using scene = await newScene();
    scene.ball("a", { "scripts/1": "sleep 0.5; exit 3" })
      .ball("b", { "templates/srv/b.eta": ENDLESS, requires: "after a\n" })
      .ball("c", { "templates/srv/c.eta": "c\n" });
    const { result } = await scene.dance("--keep-going").fails("scripts/1");
    assertEquals(result.balls.map(({ name, status }) => [name, status]), [
      ["a", "failed"],
      ["b", "skipped"],
      ["c", "ok"],
    ]);
  });

  it("do not keep Ctrl-C waiting", async () => {
    await using scene = await newScene();
    scene.ball("a", { "scripts/1": "echo ready; sleep 600" })
      .ball("b", { "templates/srv/b.eta": ENDLESS, requires: "after a\n" });
    await scene.danceInWords().meanwhile(/ready/, (running) => running.kill("SIGINT"))
      .fails("interrupted");
  });
});
