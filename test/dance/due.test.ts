import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
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
    const first = await scene.ball("a", ONCE).dance();
    assertEquals([first.code, first.result.owed?.map(({ tried }) => tried)], [1, [1]]);

    await scene.danceInWords("--noop").warns("warning: owed: flaky [a/scripts/10-do]");
    assertEquals(calls(host).length, 1);

    const second = await scene.dance();
    assertEquals([second.code, second.result.ok, second.result.merged], [1, false, false]);
    assertEquals(second.result.owed?.map(({ tried, held }) => [tried, held]), [[2, false]]);
    assertEquals(second.result.owed![0]!.since, first.result.owed![0]!.since);
    const metrics = await host.run(host.discoArgv("report", "--format", "prometheus"));
    assertMatch(metrics, /^disco_dance_owed_effects 1$/m);
    assertStringIncludes(await host.run(host.discoArgv("report")), "owed: flaky [a/scripts/10-do]");
    const listed = await scene.disco("owed", "--json");
    assertEquals([listed.code, JSON.parse(listed.stdout).owed.length], [1, 1]);

    host.write("/run/works", "");
    await scene.dance().ok();
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
    assertEquals([(await scene.dance()).code, calls(host).length], [0, 1]);
  });

  it("of a dance that changed nothing is owed, too; one that is asked for again runs once", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    const files = { "scripts/10-do": "disco-effect flaky" };
    await scene.ball("a", files).dance().exits(1);
    host.write("/run/works", "");
    await scene.dance().ok();
    assertEquals([calls(host).length, await dueLogs(host)], [2, []]);
  });
});

describeOnHost("a generation of which something is owed", () => {
  it("is not pruned, nor does another one that is damaged keep dances from going on", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    host.write("/etc/disco/client/generations", "1");
    await scene.ball("a", { "files/etc/0": "0\n" }).dance();
    const [old] = await names(host, "/var/disco/generations");
    host.write("/etc/disco/client/generations", "2");
    const { result } = await scene.ball("a", ONCE).dance();
    host.write(`/var/disco/generations/${old}/journal.json`, "");
    await scene.disco("history").ok().warns(`the folder "/var/disco/generations/${old}"`);
    host.write("/etc/disco/client/generations", "1");
    for (const name of ["1", "2"]) {
      const { code, stderr } = await scene.ball("a", { [`files/etc/${name}`]: `${name}\n` })
        .dance();
      assertEquals([code, host.read(`/etc/${name}`)], [1, `${name}\n`], stderr);
    }
    const kept = await names(host, "/var/disco/generations");
    assertEquals(kept.includes(result.generation!), true, kept.join());
    host.write("/run/works", "");
    await scene.dance().ok();
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
async function kill(host: ThrowawayHost, files: BallFiles): Promise<void> {
  new Scene(host).balls({ a: files });
  const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN));
  await host.run(["sh", "-c", "until grep -q begun /run/calls; do sleep 0.02; done"]);
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
    stub(
      host,
      "/usr/local/bin/odd",
      "echo begun >>/run/calls; sleep 600; echo over >>/run/calls\n",
    );
    await kill(host, THREE("odd"));
    // The control: without recovery the rest has not happened.
    assertEquals(calls(host), ["one ", "odd ", "begun"]);
    assert(host.processes().some(({ argv }) => argv.includes("600")), "the effect was ended");
    const [id] = await names(host, "/var/disco/generations");
    const history = await host.run(host.discoArgv("history"));
    assertMatch(history, new RegExp(`^${id} .* ${id} `, "m"));
    const left = await scene.disco("owed").exits(1);
    assertMatch(left.stdout, /^due: odd \[.*begun, and not ended.*disco recover/m);
    assertMatch(left.stdout, /^due: three \[.*not begun/m);
    assertEquals(JSON.parse((await scene.disco("owed", "--json")).stdout).left.length, 3);

    await scene.disco("recover").exits(1).warns("still running: it was ended").says(
      "odd [a/scripts/10-do] was cut off",
    );
    assertEquals(calls(host), ["one ", "odd ", "begun", "three ", "post"]);
    assertEquals((await host.settled()).length, 1);
    assert(host.exists("/var/disco/delivered.json"));

    // It waits for a person.
    const next = await scene.dance().exits(1);
    assertEquals(next.result.owed?.map(({ argv, held }) => [argv[0], held]), [["odd", true]]);
    assertEquals(calls(host).filter((line) => line === "odd ").length, 1);
  });

  it("has one that may run twice repeated, and says so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const name of ["one", "three"]) stub(host, `/usr/local/bin/${name}`);
    const slow = "[ -e /run/again ] || { echo begun >>/run/calls; touch /run/again; sleep 600; }\n";
    stub(host, "/usr/bin/systemctl", slow);
    await kill(host, THREE("systemctl restart x"));
    await scene.disco("recover").ok().says("was cut off, and carried out again");
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

      await scene.disco("owed").exits(1).says(
        "its log is damaged; look; waits for disco owed --retry",
      );
      const recovered = await scene.disco("recover");
      assertEquals([recovered.code, calls(host)], [1, before], recovered.stderr);
      assertStringIncludes(recovered.stderr, "error: owed: ");
      const next = await scene.ball("a", { "files/etc/new": "new\n" }).dance();
      assertEquals([next.code, next.result.merged, calls(host)], [1, true, before]);

      await scene.disco("owed", "--forget", log!).ok();
      assertEquals([await dueLogs(host), (await scene.dance()).code], [[], 0]);
    });
  }

  it("of a dance that merged nothing is owed as a whole once it is emptied", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", FLAKY);
    await scene.balls({ a: { "scripts/10-do": "disco-effect flaky" } }).dance();
    const [log] = await dueLogs(host);
    host.write(`/var/disco/due/${log}`, "");
    scene.balls({ a: {} });
    await scene.dance().exits(1);
    assertStringIncludes((await scene.disco("owed")).stdout, "unknown-effects");
    await scene.disco("owed", "--retry", log!).exits(1).warns("nobody knows what it was");
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
      const { host } = scene;
      host.write(`/etc/disco/client/${name}`, value!);
      const { code, stderr } = await danceBallText(host, ONCE);
      assertEquals([code, host.exists("/etc/a")], [3, false], stderr);
      assertStringIncludes(stderr, `disco/client/${name}`);
    }
  });

  it("merges nothing if nobody can be told to undo it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // The hosts of the tests use it, too, but not so.
    host.write("/usr/bin/setsid.real", host.readBytes("/usr/bin/setsid"), 0o755);
    const fails = '[ "$1" != --fork ] || exit 1\nexec /usr/bin/setsid.real "$@"\n';
    host.write("/usr/bin/setsid", `#!/bin/sh\n${fails}`, 0o755);
    const { code, stderr } = await danceBallText(host, ONCE, "--confirm", "1h");
    assertEquals([code, host.exists("/etc/a")], [1, false], stderr);
    assertStringIncludes(stderr, "setsid");
    assertEquals([await dueLogs(host), await names(host, "/var/disco/generations")], [[], []]);
  });

  it("goes on with a record of delivered files that a power cut has emptied", async () => {
    for (const content of ["", "null", '{"schema":1,"balls":[]}']) {
      await using scene = await newScene();
      const { host } = scene;
      await scene.ball("a", { "files/etc/a/1": "1\n", "files/etc/a/2": "2\n" }).dance();
      host.write("/var/disco/delivered.json", content);
      await host.run(["rm", "/run/universe/balls/a/files/etc/a/2"]);
      const { result } = await scene.dance().ok().warns("delivered.json");
      assertEquals(result.orphans?.map(({ path }) => path), ["/etc/a/2"]);
    }
  });
});

/** A dance whose output is text: it may fail before there is a document. */
async function danceBallText(host: ThrowawayHost, files: BallFiles, ...options: string[]) {
  new Scene(host).balls({ a: files });
  return await host.disco("dance", ...FROM_GIVEN, ...options);
}
