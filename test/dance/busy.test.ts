import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

const LOG = "/srv/app.log";
const APPEND = `echo "$RANDOM a line that the service writes" >>${LOG}`;

async function sceneWithLog(): Promise<Scene> {
  const scene = (await newScene()).live({ [LOG]: "first\n".repeat(2000) });
  await scene.sh(`touch -d @1000000000 ${LOG}`);
  return scene;
}

/** What a script does that changes nothing, beside what a service does. */
const OPENED: readonly [what: string, script: string, setUp: string, busy: string][] = [
  ["opens a growing log to append", `exec 5>>${LOG}; sleep 0.1`, "", APPEND],
  ["opens a growing log twice", `exec 5>>${LOG} 6<>${LOG}; sleep 0.1`, "", APPEND],
  [
    "opens a growing log, and gives it the mode that it has",
    `exec 5>>${LOG}; chmod 644 ${LOG}; sleep 0.1`,
    "",
    APPEND,
  ],
  [
    "opens an empty log that begins to grow",
    "exec 5>>/srv/e; sleep 0.1",
    ": >/srv/e",
    "date >>/srv/e",
  ],
];

describeOnHost("a file that a ball only opens", () => {
  for (const [what, script, setUp, busy] of OPENED) {
    it(`is not changed: it ${what}`, async () => {
      await using scene = await sceneWithLog();
      await scene.ball("a", script).sh(setUp);
      await scene.beside(busy, async () => {
        await scene.dryRun().changes().ok();
        const { stderr } = await scene.danceInWords().omits("dancing again")
          .says("nothing to change").ok();
        assertEquals(stderr, "");
        await scene.check("a").changes().again().surprises().exits(0);
      });
    });
  }

  it("may be a database that a service writes to", async () => {
    await using scene = await newScene();
    const write = "sqlite3 -cmd '.timeout 2000' /srv/app.db";
    scene.ball("a", "sqlite3 /srv/app.db 'select count(*) from t' >/dev/null; sleep 0.1");
    await scene.sh(`${write} 'create table t(x); insert into t values (1), (2)'`);
    // Locks are not seen in a union: who reads amid a transaction sees a crash, and recovers from it
    // there. That is danced again, as all that others change meanwhile.
    await scene.beside(`${write} 'insert into t values (random())'`, async () => {
      await scene.dryRun().changes().ok();
      await scene.danceInWords().says("nothing to change").ok();
      await scene.check("a").changes().again().surprises().ok();
    });
  });

  it("is changed where it is written to, whatever its time says", async () => {
    await using scene = await sceneWithLog();
    for (
      const script of [
        `echo ours >>${LOG}`,
        `echo ours >>${LOG}; touch -d @5 ${LOG}`,
        `head -c 60 ${LOG} >/tmp/old; touch -d @5 /tmp/old; cp -p /tmp/old ${LOG}`,
      ]
    ) {
      await scene.ball("a", script).dryRun().changes(`~ ${LOG}`).ok();
    }
  });

  it("is a conflict where it is written to while others do, an older copy with its time, too", async () => {
    await using scene = await sceneWithLog();
    for (
      const write of [
        `echo ours >>${LOG}`,
        `head -c 60 ${LOG} | tr f g >/tmp/old; touch -d @5 /tmp/old; cp -p /tmp/old ${LOG}`,
        `: >${LOG}`,
        `truncate -s 0 ${LOG}`,
        `tee ${LOG} </dev/null`,
      ]
    ) {
      const dance = scene.ball("a", `${write}; sleep 0.1`).dance().exits(1).mergesNothing();
      const { result } = await scene.beside(APPEND, () => dance);
      assertStringIncludes(result.error!, `Cannot merge "${LOG}": another process`);
    }
  });
});

describeOnHost("attributes of what others keep writing to", () => {
  it("are merged at the first try, and undone", async () => {
    await using scene = await sceneWithLog();
    const { host } = scene;
    host.mkdir("/srv/spool");
    const script = `chmod 640 ${LOG}; chown 7:8 /srv/spool; sleep 0.1`;
    const busy = `${APPEND}; date >/srv/spool/$RANDOM`;
    scene.ball("a", script);
    await scene.beside(busy, async () => {
      await scene.danceInWords().omits("dancing again").ok();
      assertEquals([host.lstat(LOG)!.mode, host.lstat("/srv/spool")!.uid], [0o640, 7]);
      const size = host.lstat(LOG)!.size;
      await new Promise((done) => setTimeout(done, 100));
      assert(host.lstat(LOG)!.size > size, "the service writes to another file than the log");
      await scene.rollback().ok();
      assertEquals([host.lstat(LOG)!.mode, host.lstat("/srv/spool")!.uid], [0o644, 0]);
    });
  });

  it("are a conflict where others have changed them, which is settled by a second look", async () => {
    await using scene = await sceneWithLog();
    const script = `chmod 640 ${LOG}; sleep 0.2`;
    const dance = scene.ball("a", script).danceInWords().says("dancing again (2 of 3)").ok();
    const { stdout } = await scene.beside(`chown 5 ${LOG}`, () => dance);
    assertEquals(stdout.match(/universe \//g)?.length, 1, "it is fetched once");
    const { mode, uid } = scene.host.lstat(LOG)!;
    assertEquals([mode, uid], [0o640, 5]);
    const history = await scene.disco("history", "--json");
    const dances: { status: string }[] = JSON.parse(history.stdout).dances;
    assertEquals(dances.map(({ status }) => status), ["ok"]);
  });

  it("do not keep a file of a busy directory from being renamed", async () => {
    await using scene = await sceneWithLog();
    scene.live({ "/srv/busy/old": "content\n" })
      .ball("a", "mv /srv/busy/old /srv/busy/new; sleep 0.1");
    const dance = scene.danceInWords().omits("dancing again").ok()
      .leaves({ "/srv/busy/old": null, "/srv/busy/new": "content\n" });
    await scene.beside("date >/srv/busy/$RANDOM", () => dance);
  });
});

describeOnHost("a modification time", () => {
  it("that a script sets is a change, which is shown, merged and undone", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/srv/restart.txt": "", "/srv/stamp": "daily\n" })
      .ball("a", "touch /srv/restart.txt; [ -s /srv/stamp ] && touch -d @1500000000 /srv/stamp");
    await scene.sh("touch -d @1000000000 /srv/restart.txt /srv/stamp");
    await scene.dryRun().changes("@ /srv/restart.txt", "@ /srv/stamp");
    await scene.danceInWords("--noop").says(
      ".f..t...... /srv/stamp: attributes, time 2001-09-09T01:46:40.000000000Z -> 2017-07-14T02:40:00",
    );
    const live = await scene.dance().changes("@ /srv/restart.txt", "@ /srv/stamp").ok();
    assert(host.lstat("/srv/restart.txt")!.mtime > 1_600_000_000_000_000_000n);
    assertEquals(host.lstat("/srv/stamp")!.mtime, 1_500_000_000_000_000_000n);
    // The other time is there already.
    await scene.dance().changes("@ /srv/restart.txt");
    await scene.rollback().ok();
    await scene.rollback(live.result.generation!).ok();
    for (const path of ["/srv/restart.txt", "/srv/stamp"]) {
      assertEquals(host.lstat(path)!.mtime, 1_000_000_000_000_000_000n, path);
    }
  });

  it("of what the ball delivers, or has written again as it was, is none", async () => {
    await using scene = await newScene();
    const ball = {
      "files/srv/delivered": "content\n",
      "scripts/1": "touch /srv/delivered; echo same >/srv/same; " +
        "echo same >/srv/x; mv /srv/x /srv/same\n",
    };
    scene.live({ "/srv/same": "same\n" }).ball("a", ball);
    await scene.dance().changes("+ /srv/delivered");
    await scene.dance().changes().ok();
  });
});
