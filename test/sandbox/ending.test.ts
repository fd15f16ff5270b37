import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { SyscallError } from "../../lib/posix/mod.ts";
import {
  describeOnHost,
  newScene,
  type Running,
  type Scene,
  type ThrowawayHost,
} from "../host/mod.ts";
import { type BallFiles, FROM_GIVEN } from "../host/scene.ts";

/**
 * What a script leaves behind: one that left its session, one that forked twice and heeds no signal,
 * one that keeps the output open, one that is stopped, and itself, which heeds no signal either.
 */
const DAEMONS = [
  "trap '' HUP INT TERM QUIT",
  "setsid --fork bash -c 'exec -a left-session sleep 600' </dev/null >/dev/null 2>&1",
  "( (exec setsid bash -c 'exec -a left-twice sleep 600' </dev/null >/dev/null 2>&1) & )",
  "(exec -a left-open sleep 600) &",
  "bash -c 'kill -STOP $$; exec -a left-stopped sleep 600' &",
  "until [ $(grep -l '^left-' /proc/[0-9]*/cmdline | wc -l) = 3 ] && grep -q '^State:.T' /proc/[0-9]*/status",
  "do sleep 0.01; done",
].join("\n");
const FOREVER = "echo ready; exec -a left-script sleep 600";

/** The processes of the host that a script of these tests has started. */
function left(host: ThrowawayHost): string[] {
  const words = host.processes().map(({ argv }) => argv.join(" "));
  return words.filter((line) => /^left-|kill -STOP|^perl -e/.test(line)).sort();
}

/** Those, once there are that many: what has said "ready" may be about to become what it will be. */
async function allLeft(host: ThrowawayHost, count: number): Promise<string[]> {
  let found = left(host);
  for (let i = 0; i < 1000 && found.length < count; i++) {
    await new Promise((done) => setTimeout(done, 5));
    found = left(host);
  }
  return found;
}

/** A dance of a ball, in the middle of a script that has said "ready". */
async function inTheMiddle(
  scene: Scene,
  content: BallFiles | string,
  ...options: string[]
): Promise<Running> {
  const { host } = scene.ball("a", content);
  const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN, ...options));
  await running.printed(/ready/);
  return running;
}

/** Nothing runs on the host but its process 1. */
async function assertQuiet(host: ThrowawayHost): Promise<void> {
  assertEquals((await host.settled()).map(({ argv }) => argv), [["/bin/cat"]]);
}

describeOnHost("what a script has started", () => {
  for (const options of [["--noop"], []]) {
    const kind = options[0] ?? "live";

    it(`ends with it, before the next one begins: ${kind}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      const files = { "scripts/10-leave": DAEMONS, "scripts/20-look": FOREVER };
      const running = await inTheMiddle(scene, files, ...options);
      assertEquals(await allLeft(host, 1), ["left-script 600"]);
      await running.kill("SIGINT");
      assertEquals((await running.outcome).code, 1);
      await assertQuiet(host);
    });

    it(`ends with its time: ${kind}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.settings({ timeout: "2" });
      const running = await inTheMiddle(scene, `${DAEMONS}\n${FOREVER}`, ...options);
      // The control: all of them were there.
      assertEquals((await allLeft(host, 5)).length, 5);
      const { code, stderr } = await running.outcome;
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, "did not end within 2 s and was ended with everything it had");
      await assertQuiet(host);
    });

    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
      it(`ends with the dance, at ${signal}: ${kind}`, async () => {
        await using scene = await newScene();
        const { host } = scene;
        const running = await inTheMiddle(scene, `${DAEMONS}\n${FOREVER}`, ...options);
        assertEquals((await allLeft(host, 5)).length, 5);
        // To it alone: a terminal's Ctrl-C, which is for the group, is less hard.
        Deno.kill(await running.pid(), signal);
        await running.outcome;
        await assertQuiet(host);
      });
    }
  }

  it("would survive where nothing ends it: the control", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const running = host.spawn(["bash", "-c", `${DAEMONS}\n${FOREVER}`]);
    await running.printed(/ready/);
    await running.kill("SIGTERM");
    assertEquals((await allLeft(host, 5)).length, 5);
    await running.kill("SIGKILL");
    // What was killed takes a moment.
    for (let i = 0; i < 1000 && left(host).length > 2; i++) {
      await new Promise((done) => setTimeout(done, 5));
    }
    assertEquals(left(host).length, 2);
  });
});

describeOnHost("a template that does not end", () => {
  const TEMPLATES = {
    "of bash": { "templates/etc/endless": "echo ready >&2; while :; do :; done" },
    "of Eta": { "templates/etc/endless.eta": "<% for (;;); %>" },
  };
  for (const [kind, files] of Object.entries(TEMPLATES)) {
    it(`ends with its time: ${kind}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      await scene.settings({ timeout: "1" }).ball("a", files).danceInWords("--noop")
        .fails("endless");
      await assertQuiet(host);
    });

    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      it(`ends with the dance, at ${signal}: ${kind}`, async () => {
        await using scene = await newScene();
        const { host } = scene;
        scene.ball("a", files);
        const running = host.spawn(host.discoArgv("dance", "--noop", ...FROM_GIVEN));
        await running.printed(/plan: a/);
        const dance = await running.pid();
        while (!isSpinning(host)) await new Promise((done) => setTimeout(done, 10));
        Deno.kill(dance, signal);
        await running.outcome;
        await assertQuiet(host);
      });
    }
  }
});

describeOnHost("templates of bash, one after the other", () => {
  const SLOW = "sleep 1.5; echo slow";

  it("have their time each, and what comes before a late one is not blamed", async () => {
    await using scene = await newScene();
    scene.settings({ timeout: "4" }).ball("a", {
      "templates/etc/a": SLOW,
      "templates/etc/b": "echo b; sleep 600",
      "templates/etc/c": SLOW,
    });
    const { result } = await scene.dance("--noop").fails(
      'Cannot render template "templates/etc/b" of ball "a": did not end within 4 s',
    );
    assertEquals(result.changes, []);
    await assertQuiet(scene.host);
    // The control: together they take longer than each of them may.
    scene.ball("a", Object.fromEntries(["a", "b", "c"].map((n) => [`templates/etc/${n}`, SLOW])));
    await scene.dance("--noop").ok();
  });
});

/** Whether something but the dance itself has used the processor for half a second. */
function isSpinning(host: ThrowawayHost): boolean {
  const TICKS = 50;
  return host.processes().some(({ pid, argv }) => {
    if (argv.includes("dance")) return false;
    const stat = statOf(host, pid);
    return stat !== undefined && Number(stat.slice(stat.lastIndexOf(")")).split(" ")[12]) > TICKS;
  });
}

/** A process may end between two looks. */
function statOf(host: ThrowawayHost, pid: number): string | undefined {
  try {
    return host.read(`/proc/${pid}/stat`);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

describeOnHost("output without an end", () => {
  const FLOODS = {
    "of short lines": "exec yes",
    "of long lines": "exec yes $(printf '%09000d' 0)",
    "of one line": "exec tr '\\0' x </dev/zero",
    "of errors": "exec yes >&2",
  };
  for (const [kind, script] of Object.entries(FLOODS)) {
    it(`is cut short, and costs time and memory within bounds: ${kind}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.settings({ timeout: "3" });
      const quiet = await measured(scene, "exec sleep 600");
      const flood = await measured(scene, script);
      assertStringIncludes(flood.stderr, "did not end within 3 s");
      assertStringIncludes(flood.stdout, "the rest is not shown");
      assert(flood.stdout.length < 32 * 1024 * 1024, `printed ${flood.stdout.length} bytes`);
      assert(flood.peak < quiet.peak + 150, `${flood.peak} MiB instead of ${quiet.peak}`);
      await assertQuiet(host);
    });
  }

  it("would cost memory without bounds if it were kept: the control", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const keep = ["perl", "-e", '$kept .= "y\\n" x 4096 for 1 .. 40_000'];
    const { stderr } = await host.exec(["/usr/bin/time", "--format", "%M", ...keep]);
    assert(Number(stderr) / 1024 > 300, stderr);
  });
});

/** A dry run of one script, with the most memory (MiB) that a process of it had. */
async function measured(
  scene: Scene,
  script: string,
): Promise<{ stdout: string; stderr: string; peak: number }> {
  const { host } = scene.ball("a", script);
  const dance = host.discoArgv("dance", "--noop", ...FROM_GIVEN);
  const { stdout, stderr } = await host.exec(["/usr/bin/time", "--format", "peak %M", ...dance]);
  return { stdout, stderr, peak: Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024 };
}

describeOnHost("processes without an end", () => {
  const BOMBS = {
    // 1,024 of them, so that the machine of the test survives.
    "that double until they are many":
      "fork for 1 .. 10; print qq(ready\\n) if $$ == $first; sleep 600",
    // Whoever kills them one by one comes too late each time.
    "that are always others":
      "fork for 1 .. 4; print qq(ready\\n) if $$ == $first; for (;;) { fork and exit }",
  };
  for (const [kind, bomb] of Object.entries(BOMBS)) {
    for (const [end, options] of [["its time", ["10"]], ["SIGKILL", ["600"]]] as const) {
      it(`end with ${end}: ${kind}`, async () => {
        await using scene = await newScene();
        const { host } = scene;
        scene.settings({ timeout: options[0] });
        const script = `perl -e '$SIG{CHLD} = q(IGNORE); $| = 1; $first = $$; ${bomb}'\nsleep 600`;
        const running = await inTheMiddle(scene, script, "--noop");
        // Of those that come and go some are always gone by the time that they are read.
        assert((await allLeft(host, 8)).length >= 8);
        if (end === "SIGKILL") Deno.kill(await running.pid(), "SIGKILL");
        await running.outcome;
        await assertQuiet(host);
      });
    }
  }
});

describeOnHost("a pipe where DISCO's own notes of a script go", () => {
  it("does not hold the dance up", async () => {
    await using scene = await newScene();
    scene.settings({ timeout: "30" });
    const script =
      "mkfifo /run/disco/out/left /run/disco/out/network || exit 3; sleep 600 & exit 0";
    // Held up it would be ended by its time, which is an error.
    await scene.ball("a", script).dryRun().ok();
  });
});
