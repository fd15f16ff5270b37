import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { GIVEN } from "../host/scene.ts";

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

/** A script that takes a while when it says "ready", with something before and after. */
const during = (before: string, after = ":") => `${before}; echo ready; sleep 1; ${after}`;

describeOnHost("the files of the next ball", () => {
  /** Balls a, b and c, after each other; the union is as old as it has to be when b begins. */
  async function sceneOf(script: string, files: Record<string, string>) {
    const scene = await newScene();
    scene.ball("a", { "scripts/1": "sleep 0.1" })
      .ball("b", { "scripts/1": script, requires: "after a\n" })
      .ball("c", { ...files, requires: "after b\n" });
    return scene;
  }

  it("are compared while a script of this one runs", async () => {
    await using scene = await sceneOf(during(":"), { "files/srv/x": "x", "files/srv/y": "y" });
    await scene.dance().ok();
    // What is changed after that is seen by the next dance.
    const change = () => setTimeout(() => scene.host.write("/srv/x", "other"), 500);
    await scene.danceInWords().meanwhile(/ready/, change).ok();
    assertEquals(scene.host.read("/srv/x"), "other");
    const { result } = await scene.dance().ok();
    assertEquals(result.changes.map(({ path }) => path), ["/srv/x"]);
    assertEquals(scene.host.read("/srv/x"), "x");
  });

  it("are noted as delivered, with what their permissions match", async () => {
    const files = { "files/srv/x": "x", "permissions": "0640 - - /srv/x\n0600 - - /srv/none*\n" };
    await using scene = await sceneOf(during(":"), files);
    await scene.dance().ok();
    const { stderr } = await scene.danceInWords().ok();
    assert(stderr.includes('matches "/srv/none*"') && !stderr.includes('"/srv/x"'), stderr);
    // What is delivered no more is known.
    scene.ball("c", { requires: "after b\n" });
    const { result } = await scene.dance().ok();
    assertEquals(result.orphans?.map(({ path }) => path), ["/srv/x"]);
  });

  const SCRIPTS: Record<string, string> = {
    "changes one of them": "sleep 1; echo other >/srv/x",
    "removes one of them": "sleep 1; rm /srv/x",
    "changes the mode of one": "sleep 1; chmod 600 /srv/x",
    "has one on top of the root, and takes it away":
      "cp -a /srv/x /top; sleep 1; rm /top; sleep 0.1",
    "has a folder of them there, and takes it away":
      "mkdir -p /top; cp -a /srv/x /top/x; sleep 1; rm -r /top; sleep 0.1",
    "has a link to them there, and takes it away": "ln -s srv /top; sleep 1; rm /top; sleep 0.1",
  };
  for (const [what, script] of Object.entries(SCRIPTS)) {
    it(`are delivered after a script that ${what}`, async () => {
      const first = { "files/srv/x": "x", "files/srv/z": "z" };
      await using scene = await sceneOf(":", first);
      // To look at these takes until the script has begun.
      await scene.sh(`mkdir -p ${GIVEN}/balls/c/files/many; cd ${GIVEN}/balls/c/files/many
        for i in {1..3000}; do echo $i >$i; done`);
      await scene.dance().ok();
      const top = /folder|link/.test(what) ? "top/x" : "top";
      const isThere = script.includes("/top");
      await scene.sh(isThere ? `install -D -m 644 /srv/x ${GIVEN}/balls/c/files/${top}` : ":");
      scene.ball("b", { "scripts/1": script, requires: "after a\n" });
      await scene.dance().ok();
      const { host } = scene;
      assertEquals(
        [host.read("/srv/x"), host.read("/srv/z"), isThere ? host.read(`/${top}`) : "x"],
        ["x", "z", "x"],
      );
      assertEquals((await scene.sh("stat -c %a /srv/x")).trim(), "644");
    });
  }

  it("are delivered where a ball before them fails, or is skipped", async () => {
    await using scene = await sceneOf(":", { "files/srv/x": "x" });
    await scene.dance().ok();
    // Of c what is right is passed, and then b fails; d is delivered instead.
    scene.ball("b", { "scripts/1": ":", "scripts/2": `${during("rm /srv/x")}; exit 3` })
      .ball("c", { "files/srv/x": "x", "files/srv/y": "y" })
      .ball("d", { "files/srv/x": "x", "files/srv/z": "z", requires: "after c\n" });
    const { result } = await scene.dance("--keep-going").fails("scripts/2");
    assertEquals(result.balls.map(({ name, status }) => `${name} ${status}`), [
      ...["a ok", "b failed", "c ok", "d ok"],
    ]);
    assertEquals(["x", "y", "z"].map((name) => scene.host.read(`/srv/${name}`)), ["x", "y", "z"]);
    // The control: one that comes after b is skipped.
    scene.ball("c", { "files/srv/new": "", requires: "after b\n" });
    await scene.dance("--keep-going").fails("scripts/2");
    assert(!scene.host.exists("/srv/new"));
  });

  it("are looked at below mounts, too", async () => {
    const files = { "files/srv/m/x": "x", "files/srv/m/d/y": "y" };
    await using scene = await sceneOf("sleep 0.5; rm /srv/m/x; sleep 0.1", files);
    await scene.sh("mkdir -p /srv/m; mount -t tmpfs m /srv/m; sleep 0.1");
    for (const _ of ["first", "second"]) await scene.dance().ok();
    assertEquals(["x", "d/y"].map((name) => scene.host.read(`/srv/m/${name}`)), ["x", "y"]);
    // What a script has on top of the mount for a moment.
    scene.ball("b", { "scripts/1": "cp -a /srv/m/x /srv/m/z; sleep 1; rm /srv/m/z; sleep 0.1" })
      .ball("c", { ...files, "files/srv/m/z": "x", requires: "after b\n" });
    await scene.dance().ok();
    assertEquals(scene.host.read("/srv/m/z"), "x");
  });

  it("do not keep Ctrl-C waiting, however many there are", async () => {
    await using scene = await sceneOf("echo ready; sleep 600", {});
    await scene.sh(`mkdir -p ${GIVEN}/balls/c/files/srv/many; cd ${GIVEN}/balls/c/files/srv/many
      for i in {1..20000}; do echo $i >$i; done; cp -a . /srv/many; chown -R root: /srv/many`);
    await scene.danceInWords("--noop").meanwhile(/ready/, (running) => running.kill("SIGINT"))
      .fails("interrupted");
  });

  it("are told of in their turn where something is wrong with them", async () => {
    await using scene = await sceneOf(during(":"), { "files/srv/x": "x", "files/srv/y/z": "z" });
    scene.host.write("/srv/x", "x");
    scene.host.write("/srv/none", "");
    await scene.host.run(["ln", "-s", "none", "/srv/y"]);
    await scene.dance().fails('Cannot deliver "/srv/y" of ball "c"');
    // The control: the ball before it fails first.
    scene.ball("b", { "scripts/1": during(":", "exit 3"), requires: "after a\n" });
    const { stderr, stdout } = await scene.danceInWords().fails("scripts/1");
    assert(!`${stdout}${stderr}`.includes("Cannot deliver"), stderr);
  });
});
