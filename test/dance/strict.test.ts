import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";

describeOnHost("the strict mode", () => {
  it("runs what is allowed, makes an effect of everything else, and refuses paths", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/other");
    const files = {
      "scripts/1": [
        "mkdir /srv/made && touch /srv/made/x || exit 1",
        "other one two || exit 2",
        "systemctl restart x || exit 3",
        "! /usr/bin/touch /srv/by-path || exit 4",
        "! cd /srv || exit 5",
        "! echo x >/srv/redirected || exit 6",
      ].join("\n"),
    };
    const before = stateOf(host);
    const dry = await scene.ball("a", files).dryRun("--restricted").ok();
    assertEquals(dry.result.changes.map(({ path }) => path), ["/srv/made", "/srv/made/x"]);
    for (const command of ["other one two", "systemctl restart x"]) {
      assertStringIncludes(dry.stderr, `warning: Would execute: ${command}\n`);
    }
    await assertUnchanged(host, before);
    assertEquals(calls(host), []);
    // The control: without the mode, what the mode refused is done.
    await scene.ball("a", files).dryRun().exits(1);
    const free = await scene.ball("a", { "scripts/1": "/usr/bin/touch /srv/a; cd /srv; >b" })
      .dance();
    assertEquals(free.result.changes.map(({ path }) => path), ["/srv/a", "/srv/b"]);
  });

  it("is a parameter, too; a live run carries out the effects", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/other");
    host.write("/etc/disco/client/restricted", "yes\n");
    const live = await scene.ball("a", { "scripts/1": "other; mkdir /srv/made" }).dance();
    assertEquals([live.code, calls(host)], [0, ["other"]], live.stderr);
  });

  it("allows what the policy of the node lets run", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/restricted.d/own.conf", "perl run\n");
    const script = "perl -e 'open F, q(>), q(/srv/x)'";
    const { code, result, stderr } = await scene.ball("a", { "scripts/1": script }).dance(
      "--restricted",
    );
    assertEquals([code, result.changes.map(({ path }) => path)], [0, ["/srv/x"]], stderr);
  });

  it("is for bash and sh", async () => {
    await using scene = await newScene();
    for (const first of ["#!/bin/sh", "#!/usr/bin/env bash", ""]) {
      await scene.ball("a", {
        "scripts/1": `${first}\n[ "\${BASH_VERSION}" ]; ! /bin/true\n`,
      }).dance("--restricted", "--noop").ok();
    }
    await scene.ball("a", { "scripts/1": "#!/usr/bin/perl\n" }).dance("--restricted", "--noop")
      .exits(1).warns("Cannot run scripts/1 in the strict mode");
  });
});

/** What the original's test of its restricted mode did: kill by name and by path, in each way. */
const KILLS = [
  "kill -KILL PID",
  "/bin/kill -KILL PID",
  "/usr/bin/kill -KILL PID",
  "kill -s KILL PID",
  "killall -KILL victim-program",
  "/usr/bin/killall -KILL victim-program",
  "pkill -KILL -f victim-program",
  "/usr/bin/pkill -KILL victim-program",
  "builtin kill -KILL PID",
  "command kill -KILL PID",
  "env kill -KILL PID",
  "sh -c 'kill -KILL PID'",
  "perl -e 'kill KILL => PID'",
];

/** A process of the host that must live, under a name of its own. */
async function victimOf(host: ThrowawayHost): Promise<{ pid: number; isAlive: () => boolean }> {
  const program = "/usr/local/bin/victim-program";
  // Of one that is on its way out the file is busy.
  if (!host.exists(program)) host.write(program, host.readBytes("/usr/bin/sleep"), 0o755);
  host.spawn(["victim-program", "1000"]);
  const find = () => host.processes().find(({ argv }) => argv[0] === "victim-program");
  for (let i = 0; i < 500 && !find(); i++) await new Promise((done) => setTimeout(done, 5));
  const { pid } = find()!;
  return { pid, isAlive: () => find()?.pid === pid };
}

describeOnHost("kill and killall in a ball", () => {
  for (const options of [["--noop"], ["--noop", "--restricted"], ["--restricted"], []]) {
    it(`do no harm to a process of the host while the ball spins: ${options.join(" ") || "live"}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      const { pid, isAlive } = await victimOf(host);
      const lines = KILLS.map((line) => line.replaceAll("PID", String(pid)));
      // The ball fails, so that what it asked for after the merge is dropped in a live run, too.
      scene.balls({ a: { "scripts/1": [...lines, "exit 1"].join("\n") } });
      const { code, stderr } = await scene.danceInWords(...options);
      assertEquals([code, isAlive()], [1, true], stderr);
    });
  }

  it("are effects by name; by path they meet the sandbox, which has no such process", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/killall");
    const { pid, isAlive } = await victimOf(host);
    // No process of the sandbox has had such a number yet.
    const far = 4_000_000;
    const { result, code, stderr } = await scene.ball("a", {
      "scripts/1": `kill -s HUP ${far}\nperl -e 'system("/bin/kill", "-INT", "${
        pid + far
      }") or exit 1'\nkillall -q x`,
    }).dryRun();
    assertEquals([code, isAlive()], [0, true], stderr);
    assertEquals(result.effects.map(({ argv }) => argv.join(" ")), [
      `kill -s HUP ${far}`,
      "killall -q x",
    ]);
    const told = result.notSimulated.filter(({ kind }) => kind === "process");
    assertEquals(told.length, 1, stderr);
    assertStringIncludes(told[0]!.what, `${pid + far}`);
  });

  it("never reach a process of the host that has the number of one that has ended", async () => {
    await using scene = await newScene();
    const { result, code, stderr } = await scene.ball("a", {
      "scripts/1": [
        "sleep 0 & pid=$!; wait $pid",
        "kill $pid && exit 1",
        "kill -9 $pid && exit 2",
        '/bin/sh -c "/run/disco/bin/kill $pid" && exit 3',
        "sleep 9 & kill $! 4000000 && exit 6; /bin/kill $!",
        "true",
      ].join("\n"),
    }).dryRun();
    assertEquals([code, result.effects], [0, []], stderr);
  });

  it("are refused as the question whether a process lives", async () => {
    await using scene = await newScene();
    for (const line of ["kill -0 4000000", "kill -s 0 4000000"]) {
      await scene.ball("a", { "scripts/1": `${line} && exit 4\n:` }).dance().exits(1).warns(
        `went on after a command was refused: ${line}`,
      );
    }
  });

  it("of the script's own processes is carried out at once", async () => {
    await using scene = await newScene();
    const lines = [
      "sleep 1000 & kill $!; wait $!; [ $? = 143 ] || exit 1",
      "sleep 1000 & kill -s KILL $!; wait $!; [ $? = 137 ] || exit 2",
    ];
    const unbound = [
      "sleep 1000 & /bin/kill -KILL $!; wait $!; [ $? = 137 ] || exit 3",
      "sleep 1000 & kill %1; wait",
    ];
    for (
      const [script, ...options] of [[[...lines, ...unbound]], [lines, "--restricted"]] as const
    ) {
      const files = { "scripts/1": script.join("\n") };
      const { code, result, stderr } = await scene.ball("a", files).dryRun(...options);
      assertEquals([code, result.effects], [0, []], stderr);
    }
  });

  it("the control: on the host each of them ends it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const line of KILLS) {
      const { pid, isAlive } = await victimOf(host);
      await host.exec(["bash", "-c", line.replaceAll("PID", String(pid))]);
      for (let i = 0; i < 200 && isAlive(); i++) await new Promise((done) => setTimeout(done, 5));
      assert(!isAlive() || /killall/.test(line) && !host.exists("/usr/bin/killall"), line);
      if (isAlive()) await host.exec(["kill", "-KILL", String(pid)]);
    }
  });
});
