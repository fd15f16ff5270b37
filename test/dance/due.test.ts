import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { type BallFiles, FROM_GIVEN } from "../host/scene.ts";
import { names } from "../host/unchanged.ts";

/** A command that fails until there is `/run/works`. */
const FLAKY = "[ -e /run/works ]\n";

/** Asks for its effect once, as a ball does that looks whether there is something to do. */
const ONCE: BallFiles = {
  "scripts/10-do": "[ -e /etc/a ] || { echo a >/etc/a; disco-effect flaky; }",
};

async function dueLogs(host: ThrowawayHost): Promise<string[]> {
  return await names(host, "/var/disco/due");
}

describeOnHost("an effect that failed", () => {
  it("is owed: told and tried by each dance until it works, and not once more", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    const first = await scene.ball("a", ONCE).dance().fails();
    assertEquals(first.result.owed?.map(({ tried }) => tried), [1]);

    await scene.danceInWords("--noop").warns("warning: owed: flaky [a/scripts/10-do]");
    assertEquals(calls(host).length, 1);

    const second = await scene.dance().fails().mergesNothing();
    assertEquals(second.result.ok, false);
    assertEquals(second.result.owed?.map(({ tried, held }) => [tried, held]), [[2, false]]);
    assertEquals(second.result.owed![0]!.since, first.result.owed![0]!.since);
    await scene.disco("report", "--format", "prometheus")
      .says(/^disco_dance_owed_effects 1$/m).ok();
    await scene.disco("report").says("owed: flaky [a/scripts/10-do]").ok();
    const listed = await scene.disco("owed", "--json").fails();
    assertEquals(JSON.parse(listed.stdout).owed.length, 1);

    await scene.live({ "/run/works": "" }).dance().ok();
    assertEquals([calls(host).length, await dueLogs(host)], [3, []]);
    await scene.dance().ok();
    assertEquals(calls(host).length, 3);
    await scene.disco("owed").ok();
  });

  it("is forgotten by a person's word only", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    const { result } = await scene.ball("a", ONCE).dance();
    const { id } = result.owed![0]!;
    await scene.disco("owed", "--forget", "nothing").exits(3);
    await scene.disco("owed", "--forget", id).ok();
    await scene.dance().ok();
    assertEquals(calls(host).length, 1);
  });

  it("of a dance that changed nothing is owed, too; one that is asked for again runs once", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    await scene.ball("a", "disco-effect flaky").dance().fails();
    await scene.live({ "/run/works": "" }).dance().ok();
    assertEquals([calls(host).length, await dueLogs(host)], [2, []]);
  });
});

describeOnHost("a generation of which something is owed", () => {
  it("is not pruned, nor does another one that is damaged keep dances from going on", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    await scene.settings({ generations: "1" }).ball("a", { "files/etc/0": "0\n" }).dance();
    const [old] = await names(host, "/var/disco/generations");
    const { result } = await scene.settings({ generations: "2" }).ball("a", ONCE).dance();
    scene.live({ [`/var/disco/generations/${old}/journal.json`]: "" });
    await scene.disco("history").warns(`the folder "/var/disco/generations/${old}"`).ok();
    scene.settings({ generations: "1" });
    for (const name of ["1", "2"]) {
      await scene.ball("a", { [`files/etc/${name}`]: `${name}\n` }).dance().fails()
        .leaves({ [`/etc/${name}`]: `${name}\n` });
    }
    const kept = await names(host, "/var/disco/generations");
    assertEquals(kept.includes(result.generation!), true, kept.join());
    await scene.live({ "/run/works": "" }).dance().ok();
  });
});

/** Asks for three effects, the second of which is killed with its dance. */
const THREE = (second: string): BallFiles => ({
  "files/etc/a": "a\n",
  "scripts/10-do": "[ ! -e /etc/asked ] || exit 0; touch /etc/asked; " +
    `disco-effect one; disco-effect ${second}; disco-effect three`,
  "post/10-post": "echo post >>/run/calls",
});

/** Kill a dance, but not its effect, while its second effect runs. */
async function kill(scene: Scene, files: BallFiles): Promise<void> {
  const { host } = scene;
  scene.ball("a", files);
  const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN));
  await scene.sh("until grep -q begun /run/calls; do sleep 0.02; done");
  // The effect is a group of its own.
  await running.kill("SIGKILL");
  // The effect holds the pipes open until it is ended.
  running.outcome.catch(() => {});
  const isDance = ({ argv }: { argv: readonly string[] }) => argv.includes("dance");
  while (host.processes().some(isDance)) await new Promise((done) => setTimeout(done, 10));
}

describeOnHost("a dance that is killed during an effect", () => {
  it("has the rest carried out once; what may not run twice is owed, and ended", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const name of ["one", "three"]) stub(host, `/usr/local/bin/${name}`);
    const odd = "echo begun >>/run/calls; sleep 600; echo over >>/run/calls\n";
    stub(host, "/usr/local/bin/odd", odd);
    await kill(scene, THREE("odd"));
    // The control: without recovery the rest has not happened.
    assertEquals(calls(host), ["one ", "odd ", "begun"]);
    assert(host.processes().some(({ argv }) => argv.includes("600")), "the effect was ended");
    const [id] = await names(host, "/var/disco/generations");
    await scene.disco("history").says(new RegExp(`^${id} .* ${id} `, "m")).ok();
    await scene.disco("owed").fails()
      .says(/^due: odd \[.*begun, and not ended.*disco recover/m, /^due: three \[.*not begun/m);
    assertEquals(JSON.parse((await scene.disco("owed", "--json")).stdout).left.length, 3);

    await scene.disco("recover").fails("still running: it was ended")
      .says("odd [a/scripts/10-do] was cut off");
    assertEquals(calls(host), ["one ", "odd ", "begun", "three ", "post"]);
    assertEquals((await host.settled()).length, 1);
    assert(host.exists("/var/disco/delivered.json"));

    // It waits for a person.
    const next = await scene.dance().fails();
    assertEquals(next.result.owed?.map(({ argv, held }) => [argv[0], held]), [["odd", true]]);
    assertEquals(calls(host).filter((line) => line === "odd ").length, 1);
  });

  it("has one that may run twice repeated, and says so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const name of ["one", "three"]) stub(host, `/usr/local/bin/${name}`);
    const slow = "[ -e /run/again ] || { echo begun >>/run/calls; touch /run/again; sleep 600; }\n";
    stub(host, "/usr/bin/systemctl", slow);
    await kill(scene, THREE("systemctl restart x"));
    await scene.disco("recover").says("was cut off, and carried out again").ok();
    const restart = "systemctl restart x";
    assertEquals(calls(host), ["one ", restart, "begun", restart, "three ", "post"]);
    assertEquals(await dueLogs(host), []);
    assertEquals((await host.settled()).length, 1);
  });
});

describeOnHost("a log of what is due", () => {
  /** What a log says once three effects are done; `odd` has failed. */
  const damages: readonly [string, (log: string) => string][] = [
    ["emptied", () => ""],
    ["without its first line", (log) => log.slice(log.indexOf("\n") + 1)],
    ["with zeros in the middle", (log) => {
      const lines = log.split("\n");
      return lines.with(2, "\0".repeat(lines[2]!.length)).join("\n");
    }],
  ];
  for (const [how, damage] of damages) {
    it(`that is ${how} has nothing carried out twice, and is told`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      for (const name of ["one", "three"]) stub(host, `/usr/local/bin/${name}`);
      stub(host, "/usr/local/bin/flaky", FLAKY);
      await scene.ball("a", THREE("flaky")).dance();
      const before = calls(host);
      const [log] = await dueLogs(host);
      const path = `/var/disco/due/${log}`;
      host.write(path, damage(host.read(path)));

      await scene.disco("owed").fails()
        .says("its log is damaged; look; waits for disco owed --retry");
      await scene.disco("recover").fails("error: owed: ");
      assertEquals(calls(host), before);
      await scene.ball("a", { "files/etc/new": "new\n" }).dance().fails().merges();
      assertEquals(calls(host), before);

      await scene.disco("owed", "--forget", log!).ok();
      assertEquals(await dueLogs(host), []);
      await scene.dance().ok();
    });
  }

  it("of a dance that merged nothing is owed as a whole once it is emptied", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    await scene.ball("a", "disco-effect flaky").dance();
    const [log] = await dueLogs(host);
    scene.live({ [`/var/disco/due/${log}`]: "" }).ball("a", {});
    await scene.dance().fails();
    await scene.disco("owed").says("unknown-effects");
    await scene.disco("owed", "--retry", log!).fails("nobody knows what it was");
    await scene.disco("owed", "--forget", log!).ok();
    assertEquals([await dueLogs(host), calls(host).length], [[], 1]);
  });

  it("whose last line was cut off is not damaged: a control", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    await scene.ball("a", ONCE).dance();
    const [log] = await dueLogs(host);
    const path = `/var/disco/due/${log}`;
    host.write(path, `${host.read(path)}{"event":"beg`);
    for (const tried of [2, 3]) {
      const { result } = await scene.dance();
      assertEquals(result.owed?.map((one) => [one.tried, one.held]), [[tried, false]]);
    }
  });
});

describeOnHost("a dance", () => {
  it("merges nothing with a setting that cannot be used, whenever that is needed", async () => {
    for (const [name, value] of [["generations", "zero"], ["on-effect-failure", "explode"]]) {
      await using scene = await newScene();
      await scene.settings({ [name!]: value! }).ball("a", ONCE).danceInWords()
        .warns(`disco/client/${name}`).exits(3).leaves({ "/etc/a": null });
    }
  });

  it("merges nothing if nobody can be told to undo it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // The hosts of the tests use it, too, but not so.
    host.write("/usr/bin/setsid.real", host.readBytes("/usr/bin/setsid"), 0o755);
    const fails = '[ "$1" != --fork ] || exit 1\nexec /usr/bin/setsid.real "$@"\n';
    host.write("/usr/bin/setsid", `#!/bin/sh\n${fails}`, 0o755);
    await scene.ball("a", ONCE).danceInWords("--confirm", "1h").fails("setsid")
      .leaves({ "/etc/a": null });
    assertEquals([await dueLogs(host), await names(host, "/var/disco/generations")], [[], []]);
  });

  it("goes on with a record of delivered files that a power cut has emptied", async () => {
    for (const content of ["", "null", '{"schema":1,"balls":[]}']) {
      await using scene = await newScene();
      await scene.ball("a", { "files/etc/a/1": "1\n", "files/etc/a/2": "2\n" }).dance();
      scene.live({ "/var/disco/delivered.json": content });
      scene.live({ "/run/universe/balls/a/files/etc/a/2": null });
      const { result } = await scene.dance().warns("delivered.json").ok();
      assertEquals(result.orphans?.map(({ path }) => path), ["/etc/a/2"]);
    }
  });

  it("knows from the record before what no generation knows any more, and writes it", async () => {
    for (const isKept of [true, false]) {
      await using scene = await newScene();
      const record = "/var/disco/delivered.json";
      scene.settings({ generations: "1" })
        .ball("old", { "files/etc/old": "1\n", purge: "/etc/old\n" })
        .ball("new", { "files/etc/new": "1\n" });
      await scene.dance().ok();
      for (const version of ["2", "3"]) {
        await scene.ball("new", { "files/etc/new": `${version}\n` }).dance().ok();
      }
      // The control: without it the orphan is not known.
      const former = isKept ? {} : { "/var/disco/delivered.former.json": null };
      scene.live({ [record]: "{", ...former, "/run/universe/parameters/n/modules/old": null });
      await scene.dryRun().warns("delivered.json").untouched();
      const { result } = await scene.dance().warns("delivered.json").ok();
      assertEquals(result.orphans?.map(({ path }) => path), isKept ? ["/etc/old"] : []);
      assertEquals(scene.host.exists("/etc/old"), !isKept);
      const { stderr } = await scene.dance().ok();
      assert(!stderr.includes("delivered.json"), stderr);
    }
  });
});
