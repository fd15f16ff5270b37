import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { check } from "../check/support.ts";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import { dance, danceBall, freshHost, FROM_GIVEN, give, pathsOf } from "./support.ts";

/** Do something again and again, a moment apart, beside something else. */
async function beside<T>(host: ThrowawayHost, line: string, use: () => Promise<T>): Promise<T> {
  const busy = host.spawn(["bash", "-c", `while :; do ${line}; sleep 0.01; done`]);
  await busy.pid();
  try {
    return await use();
  } finally {
    await busy.kill("SIGKILL");
    await busy.outcome;
  }
}

const LOG = "/srv/app.log";
const APPEND = `echo "$RANDOM a line that the service writes" >>${LOG}`;

async function hostWithLog(): Promise<ThrowawayHost> {
  const host = await freshHost();
  host.write(LOG, "first\n".repeat(2000));
  await host.run(["touch", "-d", "@1000000000", LOG]);
  return host;
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
  [
    "reads a database that a service writes to",
    "sqlite3 /srv/app.db 'select count(*) from t' >/dev/null; sleep 0.1",
    "sqlite3 /srv/app.db 'create table t(x); insert into t values (1), (2)'",
    "sqlite3 -cmd '.timeout 2000' /srv/app.db 'insert into t values (random())'",
  ],
];

describeOnHost("a file that a ball only opens", () => {
  for (const [what, script, setUp, busy] of OPENED) {
    it(`is not changed: it ${what}`, async () => {
      await using host = await hostWithLog();
      await host.run(["bash", "-ec", setUp]);
      await beside(host, busy, async () => {
        const dry = await danceBall(host, { "scripts/1": script }, "--noop");
        assertEquals([dry.code, dry.result.changes], [0, []], dry.stderr);
        const live = await host.disco("dance", ...FROM_GIVEN);
        assertEquals([live.code, live.stderr], [0, ""]);
        assertStringIncludes(live.stdout, "nothing to change");
        assert(!live.stdout.includes("dancing again"), live.stdout);
        const { code, result } = await check(host, "a");
        assertEquals([code, result.surprises, result.changes, result.again], [0, [], [], []]);
      });
    });
  }

  it("is changed where it is written to, whatever its time says", async () => {
    await using host = await hostWithLog();
    for (
      const script of [
        `echo ours >>${LOG}`,
        `echo ours >>${LOG}; touch -d @5 ${LOG}`,
        `head -c 60 ${LOG} >/tmp/old; touch -d @5 /tmp/old; cp -p /tmp/old ${LOG}`,
      ]
    ) {
      const { code, result } = await danceBall(host, { "scripts/1": script }, "--noop");
      assertEquals([code, result.changes.map(({ kind }) => kind)], [0, ["modified"]], script);
    }
  });

  it("is a conflict where it is written to while others do, an older copy with its time, too", async () => {
    await using host = await hostWithLog();
    for (
      const write of [
        `echo ours >>${LOG}`,
        `head -c 60 ${LOG} | tr f g >/tmp/old; touch -d @5 /tmp/old; cp -p /tmp/old ${LOG}`,
        `: >${LOG}`,
        `truncate -s 0 ${LOG}`,
        `tee ${LOG} </dev/null`,
      ]
    ) {
      await beside(host, APPEND, async () => {
        const live = await danceBall(host, { "scripts/1": `${write}; sleep 0.1` });
        assertEquals([live.code, live.result.merged], [1, false], write);
        assertStringIncludes(live.result.error!, `Cannot merge "${LOG}": another process`);
      });
    }
  });
});

describeOnHost("attributes of what others keep writing to", () => {
  it("are merged at the first try, and undone", async () => {
    await using host = await hostWithLog();
    await host.run(["mkdir", "-p", "/srv/spool"]);
    const script = `chmod 640 ${LOG}; chown 7:8 /srv/spool; sleep 0.1`;
    const busy = `${APPEND}; date >/srv/spool/$RANDOM`;
    await beside(host, busy, async () => {
      await give(host, { a: { "scripts/1": script } });
      const { code, stdout, stderr } = await host.disco("dance", ...FROM_GIVEN);
      assertEquals(code, 0, stderr);
      assert(!stdout.includes("dancing again"), stdout);
      assertEquals([host.lstat(LOG)!.mode, host.lstat("/srv/spool")!.uid], [0o640, 7]);
      const size = host.lstat(LOG)!.size;
      await new Promise((done) => setTimeout(done, 100));
      assert(host.lstat(LOG)!.size > size, "the service writes to another file than the log");
      assertEquals((await host.disco("rollback")).code, 0);
      assertEquals([host.lstat(LOG)!.mode, host.lstat("/srv/spool")!.uid], [0o644, 0]);
    });
  });

  it("are a conflict where others have changed them, which is settled by a second look", async () => {
    await using host = await hostWithLog();
    const script = `chmod 640 ${LOG}; sleep 0.2`;
    await give(host, { a: { "scripts/1": script } });
    const { code, stderr, stdout } = await beside(
      host,
      `chown 5 ${LOG}`,
      () => host.disco("dance", ...FROM_GIVEN),
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "dancing again (2 of 3)");
    assertEquals(stdout.match(/universe \//g)?.length, 1, "it is fetched once");
    assertEquals([host.lstat(LOG)!.mode, host.lstat(LOG)!.uid], [0o640, 5]);
    const history = await host.disco("history", "--json");
    const dances: { status: string }[] = JSON.parse(history.stdout).dances;
    assertEquals(dances.map(({ status }) => status), ["ok"]);
  });

  it("do not keep a file of a busy directory from being renamed", async () => {
    await using host = await hostWithLog();
    host.write("/srv/busy/old", "content\n");
    await beside(host, "date >/srv/busy/$RANDOM", async () => {
      const script = "mv /srv/busy/old /srv/busy/new; sleep 0.1";
      await give(host, { a: { "scripts/1": script } });
      const { code, stdout, stderr } = await host.disco("dance", ...FROM_GIVEN);
      assertEquals(code, 0, stderr);
      assert(!stdout.includes("dancing again"), stdout);
      assertEquals([host.exists("/srv/busy/old"), host.read("/srv/busy/new")], [
        false,
        "content\n",
      ]);
    });
  });
});

describeOnHost("a modification time", () => {
  it("that a script sets is a change, which is shown, merged and undone", async () => {
    await using host = await freshHost();
    host.write("/srv/restart.txt", "");
    host.write("/srv/stamp", "daily\n");
    await host.run(["touch", "-d", "@1000000000", "/srv/restart.txt", "/srv/stamp"]);
    const script = "touch /srv/restart.txt; [ -s /srv/stamp ] && touch -d @1500000000 /srv/stamp";
    const dry = await danceBall(host, { "scripts/1": script }, "--noop");
    assertEquals(pathsOf(dry.result), ["/srv/restart.txt", "/srv/stamp"]);
    const { stdout } = await host.disco("dance", "--noop", ...FROM_GIVEN);
    assertStringIncludes(
      stdout,
      ".f..t...... /srv/stamp: attributes, time 2001-09-09T01:46:40.000000000Z -> 2017-07-14T02:40:00",
    );
    const live = await dance(host, ...FROM_GIVEN);
    assertEquals([live.code, pathsOf(live.result)], [0, pathsOf(dry.result)]);
    assert(host.lstat("/srv/restart.txt")!.mtime > 1_600_000_000_000_000_000n);
    assertEquals(host.lstat("/srv/stamp")!.mtime, 1_500_000_000_000_000_000n);
    const again = await dance(host, ...FROM_GIVEN);
    assertEquals(pathsOf(again.result), ["/srv/restart.txt"], "a time that is there already");
    assertEquals((await host.disco("rollback")).code, 0);
    assertEquals((await host.disco("rollback", live.result.generation!)).code, 0);
    for (const path of ["/srv/restart.txt", "/srv/stamp"]) {
      assertEquals(host.lstat(path)!.mtime, 1_000_000_000_000_000_000n, path);
    }
  });

  it("of what the ball delivers, or has written again as it was, is none", async () => {
    await using host = await freshHost();
    host.write("/srv/same", "same\n");
    const ball = {
      "files/srv/delivered": "content\n",
      "scripts/1": "touch /srv/delivered; echo same >/srv/same; " +
        "echo same >/srv/x; mv /srv/x /srv/same\n",
    };
    const first = await danceBall(host, ball);
    assertEquals(pathsOf(first.result), ["/srv/delivered"]);
    const second = await dance(host, ...FROM_GIVEN);
    assertEquals([second.code, second.result.changes], [0, []]);
  });
});
