import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";
import { calls, stub, UNIVERSE } from "./support.ts";

/** What the ball a asks for, what b asks for, and what of it is to be carried out, in order. */
const ASKED = {
  a: "systemctl restart one; /usr/bin/systemctl reload two; service three restart",
  b: "systemctl restart one; /bin/systemctl restart six; pkill -x five; sysctl -w net.a=1; killall -HUP four; killall -HUP four",
};
const CARRIED_OUT = [
  "systemctl restart one",
  "systemctl reload two",
  "service three restart",
  "systemctl restart six",
  "pkill -x five",
  "sysctl -w net.a=1",
  "killall -HUP four",
];
const COMMANDS = [
  "/usr/bin/systemctl",
  "/usr/sbin/service",
  "/usr/bin/killall",
  "/usr/bin/pkill",
  "/usr/sbin/sysctl",
];

describeOnHost("an effect", () => {
  it("is carried out after the merge, in order, once; in a dry run only named", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const command of COMMANDS) {
      // What is merged is there by then, and nothing of the dance is mounted any more.
      stub(host, command, "cat /etc/b >>/run/seen; findmnt -n /run/disco >>/run/seen || true\n");
    }
    scene.balls({
      a: {
        "scripts/10-do": `set -e; echo a >/etc/a; ${ASKED.a}`,
        "post/10-post": "echo post a >>/run/calls",
      },
      b: {
        "requires": "a",
        "files/etc/b": "merged\n",
        "scripts/10-do": `set -e; ${ASKED.b}`,
        "post/10-post": "echo post b >>/run/calls",
      },
    });
    await scene.danceInWords("--noop").untouched().ok()
      .warns(...CARRIED_OUT.map((command) => `warning: Would execute: ${command}\n`));
    assertEquals(calls(host), [], "an effect was carried out in a dry run");

    const live = await scene.dance().leavesNothing().ok()
      .leaves({ "/run/seen": "merged\n".repeat(CARRIED_OUT.length) });
    assertEquals(calls(host), [...CARRIED_OUT, "post a", "post b"]);
    assertEquals([...new Set(live.result.effects.map(({ status }) => status))], ["done"]);
  });

  it("of a command is harmless in the sandbox even where nothing stands in its way", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const victim = host.spawn(["sleep", "601"]);
    await victim.pid();
    // It becomes "sleep" a little later.
    const isThere = () => host.processes().some(({ argv }) => argv.join(" ") === "sleep 601");
    for (let i = 0; i < 500 && !isThere(); i++) await new Promise((done) => setTimeout(done, 10));
    // The shell's own "kill" is no program that a shim could stand in for.
    await scene.ball("a", "kill -KILL -1; for p in /proc/[0-9]*; do kill -KILL ${p#/proc/}; done")
      .dance().fails("Cannot apply ball").untouched();
    assert(isThere());
    // The control: on the host the same ends it.
    await host.exec(["bash", "-c", "kill -KILL -1"]);
    assertEquals((await victim.outcome).signal, "SIGKILL");
  });

  it("keeps its words, folder, variables and standard input", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write(
      "/usr/local/bin/show",
      '#!/bin/bash\n{ printf "%q " "$@"; echo "$PWD $DISCO_BALL $DISCO_SCRIPT ${NOOP:-live} $SECRET"; cat; } >>/run/calls\n',
      0o755,
    );
    const words = `show 'two words' '$HOME' "it's" '' $'new\\nline' '*' ';'`;
    const script =
      `export SECRET=hidden; mkdir /srv/d; cd /srv/d; printf 'line\\n' | disco-effect ${words}`;
    const { stdout, stderr, result } = await scene.ball("a", script).dance().ok().leaves({
      "/run/calls":
        "two\\ words \\$HOME it\\'s '' $'new\\nline' \\* \\; /srv/d a scripts/do live hidden\nline\n",
    });
    // What it reads and what variables hold may be secret.
    assertEquals([result.effects[0]!.input, result.effects[0]!.environment], [5, ["SECRET"]]);
    assertStringIncludes(stderr + stdout, "SECRET");
    assert(!(stderr + stdout).includes("hidden"));
    assertEquals(result.effects[0]!.argv, [
      "show",
      "two words",
      "$HOME",
      "it's",
      "",
      "new\nline",
      "*",
      ";",
    ]);
  });

  for (
    const [node, path, words] of [
      ["broken-effect", "/etc/broken-effect", "false ended with exit code 1"],
      ["broken-post", "/etc/broken-post", "post/10-bad ended with exit code 5"],
    ] as const
  ) {
    it(`that fails makes the dance a failure, and what is merged stays: ${node}`, async () => {
      await using scene = await newScene();
      const { result } = await scene.from("--server", UNIVERSE, "--node", node).dance()
        .fails(words).merges().leavesNothing();
      assertEquals([result.ok, scene.host.exists(path)], [false, true]);
      const count = (status: string) => result.effects.filter((e) => e.status === status).length;
      // Those after it are carried out all the same.
      assertEquals([count("failed"), count("failed") + count("done")], [1, result.effects.length]);
      await scene.rollback().ok().leaves({ [path]: null });
    });
  }

  for (
    const [what, effect, message] of [
      ["does not exist", "no-such-command", "no-such-command"],
      ["is killed", "sh -c 'kill -KILL $$'", "was killed by signal 9 (SIGKILL)"],
      ["takes too long", "sleep 60", "did not end within 1 s"],
    ] as const
  ) {
    it(`that ${what} fails`, async () => {
      await using scene = await newScene();
      await scene.settings({ timeout: "1" })
        .ball("a", `echo a >/etc/a; disco-effect ${effect}`).dance()
        .fails('Effect of ball "a" failed', message).leaves({ "/etc/a": "a\n" }).leavesNothing();
    });
  }

  it("that finds no process to signal has nothing to do", async () => {
    await using scene = await newScene();
    const nosuch = "pkill -USR1 nosuch-x; killall -q nosuch-x; killall nosuch-y; true";
    const { result } = await scene.ball("a", `echo a >/etc/a; ${nosuch}`).dance().ok();
    assertEquals(result.effects.map(({ status }) => status), ["done", "done", "done"]);
    await scene.danceInWords().says("a: no process matches: there was nothing to do").ok();
    // Controls: what else ends so.
    for (const bad of ["killall -FOO nosuch-x", "pkill -x", "disco-effect false"]) {
      const failed = await scene.ball("a", `echo ${bad} >/etc/a; ${bad}; true`).dance().fails();
      assertEquals(failed.result.effects.at(-1)?.status, "failed", bad);
    }
  });

  it("makes files alike, whoever has started the dance", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const script = "[ -e /etc/a ] || { echo a >/etc/a; disco-effect sh -c 'echo x >/srv/key'; }";
    scene.ball("a", { "scripts/1": script, "post/1": "echo x >/srv/post" });
    for (const umask of ["077", "000"]) {
      const argv = host.discoArgv("dance", ...FROM_GIVEN);
      await host.run(["bash", "-c", `umask ${umask}; exec "$@"`, "bash", ...argv]);
      const modes = await scene.sh("stat -c %a /etc/a /srv/key /srv/post; rm /etc/a /srv/*");
      assertEquals(modes.trim().split("\n"), ["644", "644", "644"], umask);
    }
    // The control: what is not DISCO's follows it.
    await scene.sh("umask 077; echo x >/srv/key");
    assertEquals((await scene.sh("stat -c %a /srv/key")).trim(), "600");
  });

  it("that fails undoes the dance where that is wished", async () => {
    await using scene = await newScene();
    const script = "echo a >/etc/a; rm /etc/issue; disco-effect test ! -e /etc/a";
    await scene.settings({ "on-effect-failure": "rollback" }).ball("a", script).dance()
      .fails("the dance was undone").leavesNothing().leaves({ "/etc/a": null });
    assert(scene.host.exists("/etc/issue"));
  });

  it("of a policy of one's own can be denied, or be none", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    scene.live({
      "/etc/disco/restricted.d/own.conf": "systemctl restart nginx deny\nsystemctl hello run\n",
    });
    await scene.ball("a", "systemctl restart nginx").dance().fails();
    await scene.danceInWords().fails().says("systemctl is denied by the policy");
    await scene.ball("a", "systemctl hello; cp /run/calls /etc/calls").dance().effects().ok()
      .leaves({ "/etc/calls": "systemctl hello\n" });
    assertEquals(calls(host), []);
  });
});
