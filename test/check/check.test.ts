import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { serve, stub } from "../dance/support.ts";
import { compareTrees, describeOnHost, newScene, Scene } from "../host/mod.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";
import { names } from "../host/unchanged.ts";

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
    await using scene = await newScene();
    scene.balls({ good: GOOD });
    const { host } = scene;
    const before = host.tree([]);
    const temporary = await names(host, "/tmp");
    const changes = ["+ /etc/good.conf", "+ /etc/good.d", "+ /etc/good.d/x", "+ /etc/good.txt"];
    const { stderr } = await scene.check("good").finds({ predictable: true, idempotent: true })
      .changes(...changes).again().surprises().untouched([]).ok();
    assertEquals(stderr, "");
    await scene.checkInWords("good").untouched([])
      .says("report: result: 4 changes, 0 effects, as predicted", "report: again: nothing changes");
    assertEquals(await names(host, "/tmp"), temporary);
    // The control: a dance does change it.
    await scene.dance().changes(...changes).ok();
    assert(compareTrees(before, host.tree([])).length > 0);
    // Then there is nothing left to change, and what the next dance uses is not touched.
    await scene.check("good").changes().untouched([]);
  });

  it("fails a script that appends again, with what it appends", async () => {
    await using scene = await newScene();
    scene.balls({ good: GOOD, append: { "scripts/1": "echo more >>/etc/append" } });
    const { result } = await scene.check("append").again("~ /etc/append").exits(1)
      .finds({ predictable: true, idempotent: false }).untouched();
    assertEquals(result.again[0]!.balls, ["append"]);
    assertStringIncludes(result.again[0]!.diff!, "@@ -1 +1,2 @@\n more\n+more\n");
    await scene.checkInWords("append").says("    +more\n").untouched()
      .warns('not idempotent: /etc/append is changed again by ball "append"');
  });

  it("finds a change of attributes, a deletion and a mount that change again", async () => {
    await using scene = await newScene();
    await scene.sh("mount -t tmpfs none /srv; install -m 600 /dev/null /etc/counted");
    const script = `
      if [ -e /etc/1 ]; then rm /etc/1; else touch /etc/1; fi
      chmod $(( $(stat -c %a /etc/counted) + 10 )) /etc/counted
      echo more >>/srv/log`;
    scene.balls({ a: { "scripts/1": script } });
    const { result } = await scene.check("a").exits(1).finds({ predictable: true })
      .again("- /etc/1", "@ /etc/counted", "~ /srv/log");
    assertEquals(result.again.map(({ before }) => before!.mode), ["0644", "0610", "0644"]);
  });

  it("finds out a script that looks at NOOP, and shows both sides", async () => {
    await using scene = await newScene();
    scene.balls({ liar: { "scripts/1": '[ -n "$NOOP" ] || echo live >/etc/liar' } });
    const { result: { surprises: [surprise] } } = await scene.check("liar").exits(1)
      .finds({ predictable: false, idempotent: true }).surprises("/etc/liar");
    assertEquals(surprise!.predicted, null);
    assertStringIncludes(surprise!.result!.diff!, "+live");
    await scene.checkInWords("liar").warns("error: not as predicted: /etc/liar\n")
      .says("predicted: no change of /etc/liar\ncame:      >f+++++++++");
  });

  it("finds out one that uses the time", async () => {
    await using scene = await newScene();
    scene.balls({ clock: { "scripts/1": "date +%s.%N >/etc/clock" } });
    await scene.check("clock").exits(1).finds({ predictable: false, idempotent: false })
      .surprises("/etc/clock").again("~ /etc/clock");
  });

  it("finds out a secret that is another one every time, and does not show it", async () => {
    await using scene = await newScene();
    const script = { "scripts/1": "echo word-$(date +%N)-$RANDOM >/etc/key" };
    scene.balls({ key: { ...script, permissions: "secret /etc/key\n" } });
    const { stdout } = await scene.check("key").exits(1).finds({ predictable: false })
      .surprises("/etc/key").again("~ /etc/key");
    assert(!stdout.includes("word-") && !stdout.includes('"sha256"'));
    await scene.checkInWords("key", "--verbose").exits(1).omits("word-", '"sha256"');
    // The control: what is no secret is shown.
    scene.balls({ key: script });
    await scene.check("key").says("word-");
  });

  it("applies what a ball requires, and tells whose fault it is", async () => {
    await using scene = await newScene();
    scene.balls({
      top: { "requires": "after base\nbefore last\n", "scripts/1": "grep -q base /etc/base" },
      base: { "files/etc/base": "base\n" },
      last: { "scripts/1": "echo more >>/etc/base" },
      other: { "scripts/1": "exit 1" },
    });
    const { result } = await scene.check("top");
    assertEquals(result.balls, ["base", "top", "last"]);
    // A ball that takes back what another one does, in turn, is idempotent in the end.
    await scene.check("top").exits(0).finds({ idempotent: true }).changes("+ /etc/base");
    scene.balls({ top: { requires: "base" }, base: { "scripts/1": "date +%N >/etc/base" } });
    const { again } = (await scene.check("top")).result;
    assertEquals(again.map(({ balls }) => balls), [["base"]]);
  });

  it("says in which round a ball fails", async () => {
    await using scene = await newScene();
    scene.balls({
      always: { "scripts/1": "exit 3" },
      dry: { "scripts/1": '[ -z "$NOOP" ]' },
      live: { "scripts/1": '[ -n "$NOOP" ]' },
      twice: { "scripts/1": "mkdir /etc/twice" },
    });
    const cases = [
      ["always", ["prediction", "result"], null, null],
      ["dry", ["prediction"], false, true],
      ["live", ["result"], null, null],
      ["twice", ["again"], true, false],
    ] as const;
    for (const [ball, rounds, predictable, idempotent] of cases) {
      const { result } = await scene.check(ball).exits(1).untouched()
        .finds({ predictable, idempotent, needsNetwork: false });
      assertEquals(result.failures.map(({ round }) => round), [...rounds], ball);
      await scene.checkInWords(ball).says(`ball "${ball}" in round`).untouched()
        .warns(`Cannot apply ball "${ball}"`);
    }
  });

  it("says that a ball needs the network, and how to allow it", async () => {
    await using scene = await newScene();
    const port = /:(\d+)/.exec(await serve(scene.host, "/etc"))![1]!;
    scene.balls({ net: { "scripts/1": `exec 3<>/dev/tcp/127.0.0.1/${port}` } });
    await scene.check("net").exits(1).finds({ needsNetwork: true, predictable: false });
    await scene.checkInWords("net").warns(
      "the prediction could not be made: the ball needs the network",
      "disco/client/noop/network",
    );
    await scene.settings({ "noop/network": "yes\n" }).check("net").exits(0);
  });

  it("lists effects that are asked for on every run, and warns of restarts", async () => {
    await using scene = await newScene();
    for (const path of ["/usr/bin/systemctl", "/usr/sbin/sysctl"]) stub(scene.host, path);
    const script = `
      systemctl restart web
      disco-effect touch /run/mark
      [ -e /etc/was ] || sysctl -w kernel.domainname=x
      [ -e /etc/was ] || touch /etc/was`;
    scene.balls({ a: { "scripts/1": script } });
    const { result } = await scene.check("a").exits(0);
    assertEquals(result.effects.length, 3);
    // The control: nothing was carried out, and what is asked for once is not listed.
    await scene.checkInWords("a").omits("every run: sysctl")
      .warns("warning: restarts on every run: systemctl restart web [a]")
      .says("info: effect asked for on every run: touch /run/mark [a]")
      .leaves({ "/run/calls": null, "/run/mark": null });
  });

  it("fails a ball whose effects are not as predicted, or new when it runs again", async () => {
    await using scene = await newScene();
    scene.balls({
      liar: { "scripts/1": 'disco-effect echo "${NOOP:-live}"' },
      late: { "scripts/1": "[ ! -e /etc/late ] || disco-effect echo late; touch /etc/late" },
    });
    const liar = await scene.check("liar").exits(1).finds({ predictable: false, idempotent: true });
    assertEquals(liar.result.effectSurprises.map(({ argv, predicted }) => [...argv, predicted]), [
      ["echo", "true", true],
      ["echo", "live", false],
    ]);
    await scene.check("late").exits(1).finds({ predictable: true, idempotent: false });
  });
});

describeOnHost("what is checked", () => {
  it("may be the folder of a ball, whose universe is used", async () => {
    await using scene = await newScene();
    scene.balls({ good: { ...GOOD, requires: "base" }, base: {} });
    const argv = scene.host.discoArgv("check", ".", "--json", "--node", "n");
    const inside = await scene.program("env", "-C", `${GIVEN}/balls/good`, ...argv).ok();
    assertEquals(JSON.parse(inside.stdout).balls, ["base", "good"]);
    const own = new Scene(scene.host, { from: ["--node", "n"] });
    const outside = await own.check(`${GIVEN}/balls/good/`).exits(0);
    assertEquals(outside.result.ball, "good");
  });

  it("need not be listed: it has its defaults, and the parameters of the node", async () => {
    await using scene = await newScene();
    const show = { "templates/etc/show.eta": '<%= it.param("a/x") %> <%= it.param("a/y") %>\n' };
    scene.balls({
      listed: {},
      ball: { ...show, "parameters/a/x": "1", "parameters/a/y": "1" },
    });
    scene.live({ [`${GIVEN}/parameters/n/modules/ball`]: null }).parameters({ "a/y": "2\n" });
    const { result } = await scene.check("ball").exits(0);
    assertEquals(result.balls, ["ball"]);
    assertStringIncludes(result.changes[0]!.diff!, "+1 2\n");
    const other = new Scene(scene.host, { from: ["--server", GIVEN, "--node", "stranger"] });
    const stranger = await other.check("ball").warns('the universe does not list "stranger"');
    assertStringIncludes(stranger.result.changes[0]!.diff!, "+1 1\n");
    // The control: a dance does not know the ball.
    await scene.dance().balls({ listed: "ok" });
  });

  it("may be the ball that ships with DISCO, by the longer name of the command, too", async () => {
    await using scene = await newScene();
    const { stdout } = await scene.disco("ball", "check", "hello", "--json").ok();
    assertEquals(JSON.parse(stdout).changes.length, 5);
  });

  it("sees the client's own parameters", async () => {
    await using scene = await newScene();
    scene.live({ "/var/disco/parameters/disco/site/colour": "red\n" });
    scene.balls({ a: { "scripts/1": "disco-param get disco/site/colour >/etc/colour" } });
    const { result } = await scene.check("a").exits(0);
    assertStringIncludes(result.changes[0]!.diff!, "+red\n");
  });

  it("is used wrongly: nothing begins", async () => {
    await using scene = await newScene();
    scene.balls({ good: GOOD });
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
      const { stdout } = await scene.disco("check", ...words).exits(3);
      assertEquals(stdout, "", words.join(" "));
    }
  });
});

describeOnHost("a check that is disturbed", () => {
  it("ends at Ctrl-C in any round without a trace, and has the lock meanwhile", async () => {
    await using scene = await newScene();
    const wait = (when: string) => ({
      "scripts/1": `touch /etc/x; if ${when}; then echo ready; sleep 60; fi`,
    });
    scene.balls({
      first: wait('[ -n "$NOOP" ]'),
      second: wait('[ -z "$NOOP" ]'),
      third: { "scripts/1": "[ ! -e /etc/x ] || { echo ready; sleep 60; }; touch /etc/x" },
    });
    const temporary = await names(scene.host, "/tmp");
    for (const ball of ["first", "second", "third"]) {
      await scene.checkInWords(ball).fails("interrupted").untouched([])
        .meanwhile(/ready/, async (running) => {
          await scene.checkInWords(ball).exits(4);
          await running.kill("SIGINT");
        });
      assertEquals(await names(scene.host, "/tmp"), temporary);
    }
  });

  it("works on a disk image, too", async () => {
    await using scene = await newScene();
    scene.settings({ scratch: "disk", "scratch-size": "64M" });
    scene.balls({ good: GOOD, append: { "scripts/1": "echo more >>/etc/append" } });
    await scene.check("good").exits(0);
    await scene.check("append").exits(1);
  });
});
