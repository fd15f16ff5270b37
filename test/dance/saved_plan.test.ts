import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { type BallFiles, GIVEN } from "../host/scene.ts";

const FILE = "/root/plan.json";

/** Texts by their path, null where nothing is. */
type Files = Readonly<Record<string, string | null>>;

const BALL: BallFiles = {
  "files/etc/a.conf": "a\n",
  "templates/etc/b.conf": "cat /etc/base",
  "templates/etc/node.conf.eta": "<%= it.param('key', 'none') %>\n",
  "scripts/1": "printf s >/etc/secret; chmod 600 /etc/secret; rm -rf /srv/old; touch /srv/time\n" +
    "disco-effect true one\n",
};

async function sceneWithPlan(): Promise<Scene> {
  const scene = await newScene();
  scene.live({ "/etc/base": "base\n", "/srv/old/x": "x\n" }).ball("a", BALL);
  await scene.dryRun("--save", FILE).ok();
  return scene;
}

/** What is changed after the plan was saved, what is said then, and how it is taken back. */
const MOVED: Readonly<
  Record<string, readonly [change: Files, said: string, back: Files]>
> = {
  "a ball that is another one": [
    { [`${GIVEN}/balls/a/files/etc/a.conf`]: "b\n" },
    'universe: ball "a" is another one; /etc/a.conf: outcome: other content',
    { [`${GIVEN}/balls/a/files/etc/a.conf`]: "a\n" },
  ],
  "other parameters": [
    { [`${GIVEN}/parameters/n/unused`]: "x\n" },
    "universe: the node's parameters are others",
    { [`${GIVEN}/parameters/n/unused`]: null },
  ],
  "another base": [
    { "/etc/base": "longer base\n" },
    "/etc/b.conf: outcome: size 12, not 5, other content",
    { "/etc/base": "base\n" },
  ],
  "a path that is there by now": [
    { "/etc/a.conf": "mine\n" },
    "/etc/a.conf: would be modified, not created, base: file there",
    { "/etc/a.conf": null },
  ],
  "more in a directory that goes": [
    { "/srv/old/y": "y\n" },
    "/srv/old: base: what lies below it is other",
    { "/srv/old/y": null },
  ],
  "another effect": [
    { [`${GIVEN}/balls/a/scripts/1`]: BALL["scripts/1"]!.replace("true one", "true two") },
    "effect true two [a/scripts/1] is not in the plan; effect true one [a/scripts/1] is not " +
    "asked for any more",
    { [`${GIVEN}/balls/a/scripts/1`]: BALL["scripts/1"]! },
  ],
};

describeOnHost("a saved plan", () => {
  it("is merged if the outcome is that one, and otherwise nothing is", async () => {
    await using scene = await sceneWithPlan();
    const { host } = scene;
    const { changes } = JSON.parse(host.read(FILE)) as { changes: { path: string }[] };
    assertEquals(changes.map(({ path }) => path), [
      ...["/etc/a.conf", "/etc/b.conf", "/etc/node.conf", "/etc/secret", "/srv/old", "/srv/time"],
    ]);
    assertEquals(host.read(FILE).includes("diff"), false);
    const start = `error: Cannot merge: the outcome is not the one of the plan "${FILE}" of `;
    for (const [change, said, back] of Object.values(MOVED)) {
      await scene.live(change).dance("--plan", FILE).fails(start, said).mergesNothing().untouched();
      scene.live(back);
    }
    await scene.dryRun("--plan", FILE).ok();
    // The control: hours later, with other times, and nothing else.
    await scene.sh("touch -d 2030-01-01 /etc/base /srv");
    await scene.dance("--plan", FILE).merges().ok().leaves({ "/srv/old": null });
    // What is merged is no plan any more.
    await scene.dance("--plan", FILE).fails("/etc/a.conf would not be created any more");
  });

  it("is refused where a clock decides the outcome, and says where", async () => {
    await using scene = await newScene();
    scene.ball("a", "date +%s.%N >/etc/stamp\necho x >/etc/same");
    await scene.dryRun("--save", FILE).ok();
    await scene.dance("--plan", FILE)
      .fails(/error: Cannot merge: .*: \/etc\/stamp: outcome: other content\n/)
      .leaves({ "/etc/same": null });
  });

  it("knows another secret, and holds none", async () => {
    await using scene = await newScene();
    const script = "printf '%s' \"$(cat /etc/word)\" >/etc/key; chmod 600 /etc/key";
    scene.ball("a", script).live({ "/etc/word": "hunter2" });
    await scene.dryRun("--save", FILE).ok();
    const hash = "f52fbd32b2b3b86ff88ef6c490628285f482af15ddcb29541f94bcf526a3f6c7";
    const plan = scene.host.read(FILE);
    assertEquals([plan.includes("hunter2"), plan.includes(hash)], [false, false]);
    await scene.live({ "/etc/word": "hunter3" }).dance("--plan", FILE)
      .warns("/etc/key: outcome: other content").omits("hunter");
  });

  it("is taken from a file only that nobody else can have written", async () => {
    await using scene = await sceneWithPlan();
    const { host } = scene;
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
      await scene.danceInWords("--plan", FILE)
        .fails(`error: Cannot use the plan "${FILE}": `, said);
      if (said !== "JSON") {
        scene.live({ [FILE]: null });
        host.write(FILE, plan, 0o600);
      }
    }
  });

  it("is of a whole dry run", async () => {
    await using scene = await newScene();
    await scene.ball("a", "false").dryRun("--save", FILE).fails().leaves({ [FILE]: null });
    await scene.danceInWords("--save", FILE).warns('"--save" needs "--noop"').exits(3);
    await scene.danceInWords("--noop", "--save", FILE, "--only", "/etc")
      .warns("cannot be used with").exits(3);
  });
});
