import { assertEquals, assertRejects } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, throwawayHost } from "./mod.ts";

describeOnHost("programs in a host", () => {
  it("are told apart by how they end", async () => {
    await using host = await throwawayHost();
    const cases: [string, number, string | null][] = [
      ["exit 0", 0, null],
      ["exit 7", 7, null],
      ["kill -TERM $$", 143, "SIGTERM"],
      ["kill -KILL $$", 137, "SIGKILL"],
    ];
    for (const [script, code, signal] of cases) {
      const outcome = await host.exec(["sh", "-c", script]);
      assertEquals(outcome, { code, signal: signal as Deno.Signal | null, stdout: "", stderr: "" });
    }
    assertEquals((await host.exec(["/no/such/program"])).code, 127);
  });

  it("get arguments, environment and input as they are, and nothing else", async () => {
    await using host = await throwawayHost();
    const odd = "a 'b' $(id) \n*";
    const { stdout } = await host.exec(["sh", "-c", 'printf "%s|%s|" "$1" "$X"; cat', "sh", odd], {
      env: { X: odd },
      stdin: odd,
    });
    assertEquals(stdout, [odd, odd, odd].join("|"));
    assertEquals(await host.run(["cat"]), "");
    Deno.env.set("DISCO_TEST_LEAK", "1");
    assertEquals((await host.run(["env"])).includes("LEAK"), false);
    Deno.env.delete("DISCO_TEST_LEAK");
  });

  it("are the host's own: in its cgroup, with its processes", async () => {
    await using host = await throwawayHost();
    const script =
      "test ! -e /sys/fs/cgroup/cgroup.procs || grep ^0:: /proc/self/cgroup; ps -o comm= 1";
    assertEquals((await host.run(["sh", "-c", script])).replace("0::/\n", ""), "cat\n");
  });

  it("can be interrupted, with what they have started", async () => {
    await using host = await throwawayHost();
    const script = "trap 'echo caught; exit 3' INT; echo ready; sleep 1000";
    const running = host.spawn(["bash", "-c", script]);
    await running.printed(/^ready$/m);
    await running.kill("SIGINT");
    assertEquals(await running.outcome, {
      code: 3,
      signal: null,
      stdout: "ready\ncaught\n",
      stderr: "",
    });
  });

  it("are ended by their time limit, with their children", async () => {
    await using host = await throwawayHost();
    const outcome = await host.exec(["sh", "-c", "sleep 1000 & sleep 1000"], { timeout: 200 });
    assertEquals(outcome.signal, "SIGKILL");
    assertEquals((await host.settled()).map(({ pid }) => pid), [1]);
  });

  it("that fail, fail run()", async () => {
    await using host = await throwawayHost();
    const fail = () => host.run(["sh", "-c", "echo why >&2; exit 4"]);
    await assertRejects(fail, Error, "ended with 4: why");
    const early = () => host.spawn(["true"]).printed(/never/);
    await assertRejects(early, Error, "without printing");
  });
});
