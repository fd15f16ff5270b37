import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { memoryLimit } from "../../lib/sandbox/mod.ts";
import {
  describeOnHost,
  newScene,
  type Running,
  type Scene,
  type ThrowawayHost,
} from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const CONTROLLERS = ["memory", "pids"];

/** Whether this machine bounds memory and processes by control groups of version 1 (cgroups(7)). */
function hasGroups(): boolean {
  const lines = Deno.readTextFileSync("/proc/cgroups").split("\n").map((line) => line.split("\t"));
  return CONTROLLERS.every((name) =>
    lines.some(([subsystem, hierarchy]) => subsystem === name && hierarchy !== "0")
  );
}

const isGrouped = hasGroups();
if (!isGrouped) {
  console.warn("warning: skipped the bounds of control groups: there are none of version 1");
}
const itGrouped = isGrouped ? it : it.skip;

/** A host that sees the machine's control groups of version 1. */
async function groupedScene(): Promise<Scene> {
  const scene = await newScene();
  const { host } = scene;
  for (const name of CONTROLLERS) {
    host.mkdir(`/run/groups/${name}`);
    await host.run(["mount", "-t", "cgroup", "-o", name, "none", `/run/groups/${name}`]);
  }
  return scene;
}

/** The dances' groups in a host, without the names of the dances. */
async function groups(host: ThrowawayHost): Promise<string[]> {
  const { stdout } = await host.exec(["sh", "-c", "cd /run/groups && ls -d */disco-*"]);
  return stdout.split("\n").filter((line) => line !== "")
    .map((line) => line.replace(/-\d{8}T.*/, ""));
}

/** Takes 200 MiB in a child, whose end the script does not mind; then it would go on for long. */
const GREEDY =
  "perl -e 'my $x = q(x) x (200 << 20); print qq(has it\\n)' || echo went on; sleep 600";

describeOnHost("a script that needs much memory", () => {
  itGrouped("should be ended as a whole at its bound, and say so", async () => {
    await using scene = await groupedScene();
    await scene.settings({ memory: "64M" }).ball("a", GREEDY).danceInWords("--noop")
      .fails("needed more memory than 64 MiB (disco/client/memory)")
      .omits(/^info: a\/do: has it/m);
    assertEquals(await groups(scene.host), []);
  });

  itGrouped("should say so for a template, too", async () => {
    await using scene = await groupedScene();
    const greedy = "printf -v x '%0200000000d' 0; echo ${#x}";
    await scene.settings({ memory: "64M" }).ball("a", { "templates/etc/x": greedy })
      .danceInWords("--noop")
      .fails("needed more memory than 64 MiB (disco/client/memory)");
  });

  itGrouped("control: with more it gets it", async () => {
    await using scene = await groupedScene();
    await scene.ball("a", GREEDY.replace("sleep 600", "true")).danceInWords("--noop")
      .says(/^info: a\/do: has it/m).ok();
  });
});

/** A dance with a state of its own, in the middle of its script. */
async function waiting(host: ThrowawayHost, state: string): Promise<Running> {
  const words = ["--noop", "--state", state, ...FROM_GIVEN];
  const running = host.spawn(host.discoArgv("dance", ...words));
  await running.printed(/ready/);
  return running;
}

describeOnHost("two dances with states of their own", () => {
  itGrouped("should leave each other's control groups alone", async () => {
    await using scene = await groupedScene();
    const { host } = scene;
    const script = "echo ready; until [ -e /srv/go ]; do sleep 0.1; done; (true); echo over";
    scene.ball("a", { "scripts/1": script, "scripts/2": "(true); echo second" });
    const first = await waiting(host, "/srv/one");
    const second = await waiting(host, "/srv/two");
    assertEquals((await groups(host)).length, 4);
    assertEquals(new Set(await groups(host)).size, 4);
    await second.kill("SIGINT");
    await second.outcome;
    assertEquals((await groups(host)).length, 2);
    scene.live({ "/srv/go": "" });
    await first.kill("SIGINT");
    const { stderr } = await first.outcome;
    assert(!/EBUSY|is left/.test(stderr), stderr);
    assertEquals(await groups(host), []);
  });
});

describe("the setting disco/client/memory", () => {
  const { total } = Deno.systemMemoryInfo();
  for (
    const [text, bytes] of [
      ["64M", 64 * 2 ** 20],
      ["1G", 2 ** 30],
      ["100%", total],
      ["50%", Math.floor(total / 2)],
      [undefined, Math.floor(total / 100 * 75)],
      ["999999999999G", total],
    ] as const
  ) {
    it(`should be ${bytes} bytes for ${text}`, () => assertEquals(memoryLimit(text), bytes));
  }

  for (const text of ["0", "-1", "101%", "half", "1T", "1 G", "1e3"]) {
    it(`should be refused: ${text}`, () => {
      let error: unknown;
      try {
        memoryLimit(text);
      } catch (e) {
        error = e;
      }
      assert(error instanceof DiscoError && error.code === 3);
    });
  }
});
