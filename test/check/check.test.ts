import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import {
  assertUnchanged,
  dance,
  freshHost,
  FROM_GIVEN,
  give,
  GIVEN,
  names,
  serve,
  stateOf,
  stub,
} from "../dance/support.ts";
import { compareTrees, describeOnHost } from "../host/mod.ts";
import { check, pathsOf } from "./support.ts";

/** Changes something the first time, and knows what it has done. */
const GOOD = {
  "files/etc/good.conf": "good\n",
  "templates/etc/good.txt.eta": "<%= it.node %> <%= it.param('good/key') %>\n",
  "parameters/good/key": "value\n",
  "scripts/10-line":
    "grep -qs line /etc/good.d/x || { mkdir -p /etc/good.d; echo line >>/etc/good.d/x; }",
};

describeOnHost("a check", () => {
  it("passes a ball that is predictable and idempotent, and leaves the host as it was", async () => {
    await using host = await freshHost();
    await give(host, { good: GOOD });
    const before = stateOf(host, []);
    const temporary = await names(host, "/tmp");
    const { code, result, stderr } = await check(host, "good");
    assertEquals([code, result.ok, result.predictable, result.idempotent], [0, true, true, true]);
    assertEquals(pathsOf(result.changes), [
      "/etc/good.conf",
      "/etc/good.d",
      "/etc/good.d/x",
      "/etc/good.txt",
    ]);
    assertEquals([result.again, result.surprises, stderr], [[], [], ""]);
    const { stdout } = await host.disco("check", "good", ...FROM_GIVEN);
    assertStringIncludes(stdout, "report: result: 4 changes, 0 effects, as predicted");
    assertStringIncludes(stdout, "report: again: nothing changes");
    await assertUnchanged(host, before);
    assertEquals(await names(host, "/tmp"), temporary);
    // The control: a dance does change it.
    assertEquals((await dance(host, ...FROM_GIVEN)).code, 0);
    assert(compareTrees(before.tree, host.tree([])).length > 0);
    // Then there is nothing left to change, and what the next dance uses is not touched.
    const danced = stateOf(host, []);
    assertEquals((await check(host, "good")).result.changes, []);
    await assertUnchanged(host, danced);
  });

  it("fails a script that appends again, with what it appends", async () => {
    await using host = await freshHost();
    await give(host, { good: GOOD, append: { "scripts/1": "echo more >>/etc/append" } });
    const before = stateOf(host);
    const { code, result } = await check(host, "append");
    assertEquals([code, result.predictable, result.idempotent], [1, true, false]);
    assertEquals(result.again.map(({ path, balls }) => [path, balls]), [
      ["/etc/append", ["append"]],
    ]);
    assertStringIncludes(result.again[0]!.diff!, "@@ -1 +1,2 @@\n more\n+more\n");
    const { stdout, stderr } = await host.disco("check", "append", ...FROM_GIVEN);
    assertStringIncludes(stderr, 'not idempotent: /etc/append is changed again by ball "append"');
    assertStringIncludes(stdout, "    +more\n");
    await assertUnchanged(host, before);
  });

  it("finds a change of attributes, a deletion and a mount that change again", async () => {
    await using host = await freshHost();
    await host.run(["mount", "-t", "tmpfs", "none", "/srv"]);
    host.write("/etc/counted", "", 0o600);
    const script = `
      if [ -e /etc/1 ]; then rm /etc/1; else touch /etc/1; fi
      chmod $(( $(stat -c %a /etc/counted) + 10 )) /etc/counted
      echo more >>/srv/log`;
    await give(host, { a: { "scripts/1": script } });
    const { code, result } = await check(host, "a");
    assertEquals([code, result.predictable], [1, true]);
    assertEquals(result.again.map(({ kind, path }) => `${kind} ${path}`), [
      "deleted /etc/1",
      "attributes /etc/counted",
      "modified /srv/log",
    ]);
    assertEquals(result.again.map(({ before }) => before!.mode), ["0644", "0610", "0644"]);
  });

  it("finds out a script that looks at NOOP, and shows both sides", async () => {
    await using host = await freshHost();
    await give(host, { liar: { "scripts/1": '[ -n "$NOOP" ] || echo live >/etc/liar' } });
    const { code, result } = await check(host, "liar");
    assertEquals([code, result.predictable, result.idempotent], [1, false, true]);
    const [surprise] = result.surprises;
    assertEquals([surprise!.path, surprise!.predicted], ["/etc/liar", null]);
    assertStringIncludes(surprise!.result!.diff!, "+live");
    const { stdout, stderr } = await host.disco("check", "liar", ...FROM_GIVEN);
    assertStringIncludes(stderr, "error: not as predicted: /etc/liar\n");
    assertStringIncludes(stdout, "predicted: no change of /etc/liar\ncame:      >f+++++++++");
  });

  it("finds out one that uses the time", async () => {
    await using host = await freshHost();
    await give(host, { clock: { "scripts/1": "date +%s.%N >/etc/clock" } });
    const { code, result } = await check(host, "clock");
    assertEquals([code, result.predictable, result.idempotent], [1, false, false]);
    assertEquals(pathsOf(result.surprises), ["/etc/clock"]);
    assertEquals(pathsOf(result.again), ["/etc/clock"]);
  });

  it("finds out a secret that is another one every time, and does not show it", async () => {
    await using host = await freshHost();
    const script = { "scripts/1": "echo word-$(date +%N)-$RANDOM >/etc/key" };
    await give(host, { key: { ...script, permissions: "secret /etc/key\n" } });
    const { code, result, stdout } = await check(host, "key");
    assertEquals([code, result.predictable], [1, false]);
    assertEquals([pathsOf(result.surprises), pathsOf(result.again)], [["/etc/key"], ["/etc/key"]]);
    const text = await host.disco("check", "key", "--verbose", ...FROM_GIVEN);
    for (const said of [stdout, text.stdout, text.stderr]) {
      assert(!said.includes("word-") && !said.includes('"sha256"'));
    }
    // The control: what is no secret is shown.
    await give(host, { key: script });
    assertStringIncludes((await check(host, "key")).stdout, "word-");
  });

  it("applies what a ball requires, and tells whose fault it is", async () => {
    await using host = await freshHost();
    await give(host, {
      top: { "requires": "after base\nbefore last\n", "scripts/1": "grep -q base /etc/base" },
      base: { "files/etc/base": "base\n" },
      last: { "scripts/1": "echo more >>/etc/base" },
      other: { "scripts/1": "exit 1" },
    });
    const { code, result, stderr } = await check(host, "top");
    assertEquals(result.balls, ["base", "top", "last"], stderr);
    // A ball that takes back what another one does, in turn, is idempotent in the end.
    assertEquals([code, result.idempotent, pathsOf(result.changes)], [0, true, ["/etc/base"]]);
    await give(host, { top: { requires: "base" }, base: { "scripts/1": "date +%N >/etc/base" } });
    const { again } = (await check(host, "top")).result;
    assertEquals(again.map(({ balls }) => balls), [["base"]]);
  });

  it("says in which round a ball fails", async () => {
    await using host = await freshHost();
    await give(host, {
      always: { "scripts/1": "exit 3" },
      dry: { "scripts/1": '[ -z "$NOOP" ]' },
      live: { "scripts/1": '[ -n "$NOOP" ]' },
      twice: { "scripts/1": "mkdir /etc/twice" },
    });
    const before = stateOf(host);
    const cases = [
      ["always", ["prediction", "result"], null, null],
      ["dry", ["prediction"], false, true],
      ["live", ["result"], null, null],
      ["twice", ["again"], true, false],
    ] as const;
    for (const [ball, rounds, predictable, idempotent] of cases) {
      const { code, result } = await check(host, ball);
      assertEquals([code, result.failures.map(({ round }) => round)], [1, [...rounds]], ball);
      assertEquals([result.predictable, result.idempotent], [predictable, idempotent], ball);
      assertEquals(result.needsNetwork, false, ball);
      const { stdout, stderr } = await host.disco("check", ball, ...FROM_GIVEN);
      assertStringIncludes(stdout, `ball "${ball}" in round`);
      assertStringIncludes(stderr, `Cannot apply ball "${ball}"`);
    }
    await assertUnchanged(host, before);
  });

  it("says that a ball needs the network, and how to allow it", async () => {
    await using host = await freshHost();
    const port = /:(\d+)/.exec(await serve(host, "/etc"))![1]!;
    await give(host, { net: { "scripts/1": `exec 3<>/dev/tcp/127.0.0.1/${port}` } });
    const { code, result } = await check(host, "net");
    assertEquals([code, result.needsNetwork, result.predictable], [1, true, false]);
    const { stderr } = await host.disco("check", "net", ...FROM_GIVEN);
    assertStringIncludes(stderr, "the prediction could not be made: the ball needs the network");
    assertStringIncludes(stderr, "disco/client/noop/network");
    host.write("/etc/disco/client/noop/network", "yes\n");
    assertEquals((await check(host, "net")).code, 0);
  });

  it("lists effects that are asked for on every run, and warns of restarts", async () => {
    await using host = await freshHost();
    for (const path of ["/usr/bin/systemctl", "/usr/sbin/sysctl"]) stub(host, path);
    const script = `
      systemctl restart web
      disco-effect touch /run/mark
      [ -e /etc/was ] || sysctl -w kernel.domainname=x
      [ -e /etc/was ] || touch /etc/was`;
    await give(host, { a: { "scripts/1": script } });
    const { code, result } = await check(host, "a");
    assertEquals([code, result.effects.length], [0, 3]);
    const { stdout, stderr } = await host.disco("check", "a", ...FROM_GIVEN);
    assertStringIncludes(stderr, "warning: restarts on every run: systemctl restart web [a]");
    assertStringIncludes(stdout, "info: effect asked for on every run: touch /run/mark [a]");
    // The control: nothing was carried out, and what is asked for once is not listed.
    assertEquals([host.exists("/run/calls"), host.exists("/run/mark")], [false, false]);
    assertEquals((stdout + stderr).includes("every run: sysctl"), false);
  });

  it("fails a ball whose effects are not as predicted, or new when it runs again", async () => {
    await using host = await freshHost();
    await give(host, {
      liar: { "scripts/1": 'disco-effect echo "${NOOP:-live}"' },
      late: { "scripts/1": "[ ! -e /etc/late ] || disco-effect echo late; touch /etc/late" },
    });
    const liar = await check(host, "liar");
    assertEquals([liar.code, liar.result.predictable, liar.result.idempotent], [1, false, true]);
    assertEquals(liar.result.effectSurprises.map(({ argv, predicted }) => [...argv, predicted]), [
      ["echo", "true", true],
      ["echo", "live", false],
    ]);
    const late = await check(host, "late");
    assertEquals([late.code, late.result.predictable, late.result.idempotent], [1, true, false]);
  });
});

describeOnHost("what is checked", () => {
  it("may be the folder of a ball, whose universe is used", async () => {
    await using host = await freshHost();
    await give(host, { good: { ...GOOD, requires: "base" }, base: {} });
    const argv = host.discoArgv("check", ".", "--json", "--node", "n");
    const inside = await host.exec(["env", "-C", `${GIVEN}/balls/good`, ...argv]);
    assertEquals(JSON.parse(inside.stdout).balls, ["base", "good"], inside.stderr);
    const outside = await check(host, `${GIVEN}/balls/good/`, ["--node", "n"]);
    assertEquals([outside.code, outside.result.ball], [0, "good"]);
  });

  it("need not be listed: it has its defaults, and the parameters of the node", async () => {
    await using host = await freshHost();
    const show = { "templates/etc/show.eta": '<%= it.param("a/x") %> <%= it.param("a/y") %>\n' };
    await give(host, {
      listed: {},
      ball: { ...show, "parameters/a/x": "1", "parameters/a/y": "1" },
    });
    await host.run(["rm", `${GIVEN}/parameters/n/modules/ball`]);
    host.write(`${GIVEN}/parameters/n/a/y`, "2\n");
    const { code, result } = await check(host, "ball");
    assertEquals([code, result.balls], [0, ["ball"]]);
    assertStringIncludes(result.changes[0]!.diff!, "+1 2\n");
    const stranger = await check(host, "ball", ["--server", GIVEN, "--node", "stranger"]);
    assertStringIncludes(stranger.result.changes[0]!.diff!, "+1 1\n");
    assertStringIncludes(stranger.stderr, 'the universe does not list "stranger"');
    // The control: a dance does not know the ball.
    assertEquals((await dance(host, ...FROM_GIVEN)).result.balls.map(({ name }) => name), [
      "listed",
    ]);
  });

  it("may be the ball that ships with DISCO, by the longer name of the command, too", async () => {
    await using host = await freshHost();
    const { code, stdout, stderr } = await host.disco("ball", "check", "hello", "--json");
    assertEquals([code, JSON.parse(stdout).changes.length], [0, 5], stderr);
  });

  it("sees the client's own parameters", async () => {
    await using host = await freshHost();
    host.write("/var/disco/parameters/disco/site/colour", "red\n");
    await give(host, { a: { "scripts/1": "disco-param get disco/site/colour >/etc/colour" } });
    const { code, result } = await check(host, "a");
    assertEquals(code, 0);
    assertStringIncludes(result.changes[0]!.diff!, "+red\n");
  });

  it("is used wrongly: nothing begins", async () => {
    await using host = await freshHost();
    await give(host, { good: GOOD });
    const cases = [
      [],
      ["good", "good"],
      ["no ball"],
      ["gone", ...FROM_GIVEN],
      [`${GIVEN}/balls/gone`],
      [GIVEN],
      [`${GIVEN}/balls/good`, ...FROM_GIVEN],
    ];
    for (const words of cases) {
      const { code, stdout, stderr } = await host.disco("check", ...words);
      assertEquals([code, stdout], [3, ""], `${words}: ${stderr}`);
    }
  });
});

describeOnHost("a check that is disturbed", () => {
  it("ends at Ctrl-C in any round without a trace, and has the lock meanwhile", async () => {
    await using host = await freshHost();
    const wait = (when: string) => ({
      "scripts/1": `touch /etc/x; if ${when}; then echo ready; sleep 60; fi`,
    });
    await give(host, {
      first: wait('[ -n "$NOOP" ]'),
      second: wait('[ -z "$NOOP" ]'),
      third: { "scripts/1": "[ ! -e /etc/x ] || { echo ready; sleep 60; }; touch /etc/x" },
    });
    const before = stateOf(host, []);
    const temporary = await names(host, "/tmp");
    for (const ball of ["first", "second", "third"]) {
      const running = host.spawn(host.discoArgv("check", ball, ...FROM_GIVEN));
      await running.printed(/ready/);
      assertEquals((await host.disco("check", ball, ...FROM_GIVEN)).code, 4);
      running.kill("SIGINT");
      const { code, stderr } = await running.outcome;
      assertEquals(code, 1, ball);
      assertStringIncludes(stderr, "interrupted");
      await assertUnchanged(host, before);
      assertEquals(await names(host, "/tmp"), temporary);
    }
  });

  it("works on a disk image, too", async () => {
    await using host = await freshHost();
    host.write("/etc/disco/client/scratch", "disk");
    host.write("/etc/disco/client/scratch-size", "64M");
    await give(host, { good: GOOD, append: { "scripts/1": "echo more >>/etc/append" } });
    assertEquals([(await check(host, "good")).code, (await check(host, "append")).code], [0, 1]);
  });
});
