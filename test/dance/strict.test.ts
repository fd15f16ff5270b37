import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";

describeOnHost("the strict mode", () => {
  it("runs what is allowed, makes an effect of everything else, and refuses paths", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/other");
    const script = [
      "mkdir /srv/made && touch /srv/made/x || exit 1",
      "other one two || exit 2",
      "systemctl restart x || exit 3",
      "! /usr/bin/touch /srv/by-path || exit 4",
      "! cd /srv || exit 5",
      "! echo x >/srv/redirected || exit 6",
    ].join("\n");
    await scene.ball("a", script).dryRun("--restricted")
      .changes("+ /srv/made", "+ /srv/made/x")
      .warns(
        "warning: Would execute: other one two\n",
        "warning: Would execute: systemctl restart x\n",
      ).untouched().ok();
    assertEquals(calls(host), []);
    // The control: without the mode, what the mode refused is done.
    await scene.dryRun().fails();
    await scene.ball("a", "/usr/bin/touch /srv/a; cd /srv; >b").dance()
      .changes("+ /srv/a", "+ /srv/b");
  });

  it("is a parameter, too; a live run carries out the effects", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/other");
    await scene.settings({ restricted: "yes\n" }).ball("a", "other; mkdir /srv/made").dance()
      .ok();
    assertEquals(calls(host), ["other"]);
  });

  it("allows what the policy of the node lets run", async () => {
    await using scene = await newScene();
    scene.live({ "/etc/disco/restricted.d/own.conf": "perl run\n" });
    const script = "perl -e 'open F, q(>), q(/srv/x)'";
    await scene.ball("a", script).dance("--restricted").changes("+ /srv/x").ok();
  });

  it("is for bash and sh", async () => {
    await using scene = await newScene();
    for (const first of ["#!/bin/sh", "#!/usr/bin/env bash", ""]) {
      await scene.ball("a", `${first}\n[ "\${BASH_VERSION}" ]; ! /bin/true\n`)
        .dryRun("--restricted").ok();
    }
    await scene.ball("a", "#!/usr/bin/perl\n").dryRun("--restricted")
      .fails("Cannot run scripts/do in the strict mode");
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
      await scene.ball("a", [...lines, "exit 1"].join("\n")).danceInWords(...options).fails();
      assert(isAlive());
    });
  }

  it("are effects by name; by path they meet the sandbox, which has no such process", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/killall");
    const { pid, isAlive } = await victimOf(host);
    // No process of the sandbox has had such a number yet.
    const far = 4_000_000;
    const killing = `perl -e 'system("/bin/kill", "-INT", "${pid + far}") or exit 1'`;
    const { result } = await scene.ball("a", `kill -s HUP ${far}\n${killing}\nkillall -q x`)
      .dryRun().effects(`kill -s HUP ${far}`, "killall -q x").ok();
    assert(isAlive());
    const told = result.notSimulated.filter(({ kind }) => kind === "process");
    assertEquals(told.length, 1);
    assertStringIncludes(told[0]!.what, `${pid + far}`);
  });

  it("never reach a process of the host that has the number of one that has ended", async () => {
    await using scene = await newScene();
    const script = [
      "sleep 0 & pid=$!; wait $pid",
      "kill $pid && exit 1",
      "kill -9 $pid && exit 2",
      '/bin/sh -c "/run/disco/bin/kill $pid" && exit 3',
      "sleep 9 & kill $! 4000000 && exit 6; /bin/kill $!",
      "true",
    ].join("\n");
    await scene.ball("a", script).dryRun().effects().ok();
  });

  it("are refused as the question whether a process lives", async () => {
    await using scene = await newScene();
    for (const line of ["kill -0 4000000", "kill -s 0 4000000"]) {
      await scene.ball("a", `${line} && exit 4\n:`).dance()
        .fails(`went on after a command was refused: ${line}`);
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
      await scene.ball("a", script.join("\n")).dryRun(...options).effects().ok();
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
