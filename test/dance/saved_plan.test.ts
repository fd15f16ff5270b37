import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";
import { type BallFiles, FROM_GIVEN, GIVEN } from "../host/scene.ts";

const FILE = "/root/plan.json";

const BALL: BallFiles = {
  "files/etc/a.conf": "a\n",
  "templates/etc/b.conf": "cat /etc/base",
  "templates/etc/node.conf.eta": "<%= it.param('key', 'none') %>\n",
  "scripts/1": "printf s >/etc/secret; chmod 600 /etc/secret; rm -rf /srv/old; touch /srv/time\n" +
    "disco-effect true one\n",
};

const save = (host: ThrowawayHost) => new Scene(host).dryRun("--save", FILE);
const apply = (host: ThrowawayHost, ...options: string[]) =>
  new Scene(host).dance("--plan", FILE, ...options);

async function hostWithPlan(): Promise<ThrowawayHost> {
  const { host } = await newScene();
  host.write("/etc/base", "base\n");
  host.write("/srv/old/x", "x\n");
  new Scene(host).balls({ a: BALL });
  const { code, stderr } = await save(host);
  assertEquals(code, 0, stderr);
  return host;
}

/** What is changed after the plan was saved, what is said then, and how it is taken back. */
const MOVED: Readonly<
  Record<string, {
    change: (host: ThrowawayHost) => void;
    said: string;
    back: (host: ThrowawayHost) => Promise<unknown> | void;
  }>
> = {
  "a ball that is another one": {
    change: (host) => host.write(`${GIVEN}/balls/a/files/etc/a.conf`, "b\n"),
    said: 'universe: ball "a" is another one; /etc/a.conf: outcome: other content',
    back: (host) => host.write(`${GIVEN}/balls/a/files/etc/a.conf`, "a\n"),
  },
  "other parameters": {
    change: (host) => host.write(`${GIVEN}/parameters/n/unused`, "x\n"),
    said: "universe: the node's parameters are others",
    back: (host) => host.run(["rm", `${GIVEN}/parameters/n/unused`]),
  },
  "another base": {
    change: (host) => host.write("/etc/base", "longer base\n"),
    said: "/etc/b.conf: outcome: size 12, not 5, other content",
    back: (host) => host.write("/etc/base", "base\n"),
  },
  "a path that is there by now": {
    change: (host) => host.write("/etc/a.conf", "mine\n"),
    said: "/etc/a.conf: would be modified, not created, base: file there",
    back: (host) => host.run(["rm", "/etc/a.conf"]),
  },
  "more in a directory that goes": {
    change: (host) => host.write("/srv/old/y", "y\n"),
    said: "/srv/old: base: what lies below it is other",
    back: (host) => host.run(["rm", "/srv/old/y"]),
  },
  "another effect": {
    change: (host) =>
      host.write(`${GIVEN}/balls/a/scripts/1`, BALL["scripts/1"]!.replace("true one", "true two")),
    said:
      "effect true two [a/scripts/1] is not in the plan; effect true one [a/scripts/1] is not " +
      "asked for any more",
    back: (host) => host.write(`${GIVEN}/balls/a/scripts/1`, BALL["scripts/1"]!),
  },
};

describeOnHost("a saved plan", () => {
  it("is merged if the outcome is that one, and otherwise nothing is", async () => {
    await using host = await hostWithPlan();
    const { changes } = JSON.parse(host.read(FILE)) as { changes: { path: string }[] };
    assertEquals(changes.map(({ path }) => path), [
      "/etc/a.conf",
      "/etc/b.conf",
      "/etc/node.conf",
      "/etc/secret",
      "/srv/old",
      "/srv/time",
    ]);
    assertEquals(host.read(FILE).includes("diff"), false);
    for (const [what, { change, said, back }] of Object.entries(MOVED)) {
      change(host);
      const before = stateOf(host);
      const { code, result, stderr } = await apply(host);
      const start = `error: Cannot merge: the outcome is not the one of the plan "${FILE}" of `;
      assertStringIncludes(stderr, start, what);
      assertStringIncludes(stderr, said, what);
      assertEquals([code, result.merged], [1, false]);
      await assertUnchanged(host, before);
      await back(host);
    }
    const dry = await apply(host, "--noop");
    assertEquals(dry.code, 0, dry.stderr);
    // The control: hours later, with other times, and nothing else.
    await host.run(["touch", "-d", "2030-01-01", "/etc/base", "/srv"]);
    const { code, result, stderr } = await apply(host);
    assertEquals([code, result.merged, host.exists("/srv/old")], [0, true, false], stderr);
    // What is merged is no plan any more.
    const again = await apply(host);
    assertStringIncludes(again.stderr, "/etc/a.conf would not be created any more");
    assertEquals(again.code, 1);
  });

  it("is refused where a clock decides the outcome, and says where", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: { "scripts/1": "date +%s.%N >/etc/stamp\necho x >/etc/same" } });
    assertEquals((await save(host)).code, 0);
    const { code, stderr } = await apply(host);
    assertMatch(stderr, /error: Cannot merge: .*: \/etc\/stamp: outcome: other content\n/);
    assertEquals([code, host.exists("/etc/same")], [1, false]);
  });

  it("knows another secret, and holds none", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const script = "printf '%s' \"$(cat /etc/word)\" >/etc/key; chmod 600 /etc/key";
    scene.balls({ a: { "scripts/1": script } });
    host.write("/etc/word", "hunter2");
    assertEquals((await save(host)).code, 0);
    const hash = "f52fbd32b2b3b86ff88ef6c490628285f482af15ddcb29541f94bcf526a3f6c7";
    assertEquals([host.read(FILE).includes("hunter2"), host.read(FILE).includes(hash)], [
      false,
      false,
    ]);
    host.write("/etc/word", "hunter3");
    const { stdout, stderr } = await apply(host);
    assertStringIncludes(stderr, "/etc/key: outcome: other content");
    assertEquals((stdout + stderr).includes("hunter"), false);
  });

  it("is taken from a file only that nobody else can have written", async () => {
    await using host = await hostWithPlan();
    const plan = host.read(FILE);
    const cases: readonly [prepare: readonly string[], said: string][] = [
      [["chown", "1000", FILE], "it belongs to user 1000, not to root"],
      [["chmod", "620", FILE], "others can write to it (mode 620)"],
      [["sh", "-c", `rm ${FILE} && mkfifo ${FILE}`], "it is not a regular file"],
      [["sh", "-c", `rm ${FILE} && echo '{' >${FILE}`], "JSON"],
      [["sh", "-c", `echo '{"schema":2}' >${FILE}`], '"the document" is not an object with'],
      [["rm", FILE], "there is no such file"],
    ];
    for (const [prepare, said] of cases) {
      await host.run([...prepare]);
      const { code, stderr } = await host.disco("dance", ...FROM_GIVEN, "--plan", FILE);
      assertStringIncludes(stderr, `error: Cannot use the plan "${FILE}": `);
      assertStringIncludes(stderr, said);
      assertEquals(code, 1);
      if (said !== "JSON") {
        await host.run(["rm", "-f", FILE]);
        host.write(FILE, plan);
        await host.run(["chmod", "600", FILE]);
      }
    }
  });

  it("is of a whole dry run", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: { "scripts/1": "false" } });
    const failed = await save(host);
    assertEquals([failed.code, host.exists(FILE)], [1, false]);
    for (
      const [options, said] of [
        [["--save", FILE], '"--save" needs "--noop"'],
        [["--noop", "--save", FILE, "--only", "/etc"], "cannot be used with"],
      ] as const
    ) {
      const { code, stderr } = await scene.danceInWords(...options);
      assertEquals([code, stderr.includes(said)], [3, true], stderr);
    }
  });
});
