import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { run, RunError } from "../lib/process/run.ts";

const sh = (script: string, ...args: string[]) => ["sh", "-c", script, "sh", ...args];

describe("run", () => {
  it("should return what was printed", async () => {
    assertEquals(await run(["printf", "%s\\n", "a b", "$(id)", "*"]), "a b\n$(id)\n*\n");
  });

  it("should give text to standard input, which is empty otherwise", async () => {
    assertEquals(await run(["cat"], { stdin: "ü\n" }), "ü\n");
    assertEquals(await run(["cat"]), "");
  });

  it("should not mind a program that does not read it all", async () => {
    assertEquals(await run(sh("exec 0<&-; echo done"), { stdin: "x".repeat(1e6) }), "done\n");
  });

  it("should run where and with what it is told", async () => {
    const options = { cwd: "/usr", env: { A: "1" }, clearEnv: true };
    assertEquals(await run(sh('pwd; echo "$A$HOME"'), options), "/usr\n1\n");
  });

  const failures: [script: string, says: string][] = [
    ["echo oops >&2; exit 3", '"sh -c echo oops >&2; exit 3 sh" ended with 3: oops'],
    ["kill -KILL $$", "was killed by SIGKILL"],
    ["kill -TERM $$", "was killed by SIGTERM"],
  ];
  for (const [script, says] of failures) {
    it(`should throw for: ${script}`, async () => {
      await assertRejects(() => run(sh(script)), RunError, says);
    });
  }

  it("should allow exit codes that are fine, but no signal", async () => {
    assertEquals(await run(sh("echo no; exit 1"), { allow: [1] }), "no\n");
    // SIGKILL is told as 137, too.
    const killed = () => run(sh("kill -KILL $$"), { allow: [137] });
    await assertRejects(killed, RunError, "SIGKILL");
  });

  it("should throw where there is no such program", async () => {
    await assertRejects(() => run(["/no/such/program"]), Deno.errors.NotFound);
  });

  it("should end a program that takes too long, with its children", async () => {
    const file = Deno.makeTempFileSync();
    const script = 'sleep 600 & echo $! >"$1"; wait';
    await assertRejects(() => run(sh(script, file), { timeout: 300 }), RunError, "SIGKILL");
    const child = Deno.readTextFileSync(file).trim();
    Deno.removeSync(file);
    assert(child !== "" && !isRunning(child), `sleep ${child} is still there`);
  });

  it("should let a program that may be ended with its children lead a session", async () => {
    const who = sh("echo $$; ps -o sid= -p $$; ps -o pgid= -p $$");
    const numbers = async (timeout?: number) =>
      (await run(who, timeout ? { timeout } : {})).split(/\s+/).filter(Boolean);
    const [pid, ...leads] = await numbers(60_000);
    assertEquals(leads, [pid, pid]);
    // Control.
    const [other, session] = await numbers();
    assert(other !== session);
  });

  it("should throw where there is no such program that may take some time only", async () => {
    const absent = () => run(["/no/such/program"], { timeout: 60_000 });
    await assertRejects(absent, Deno.errors.NotFound);
  });

  it("should outlive a program that ended in time and left a daemon with its output", async () => {
    const script = "setsid sleep 0.6 & exit 0";
    assertEquals(await run(sh(script), { timeout: 200 }), "");
  });
});

/** A zombie is none: nobody may have waited for it. */
function isRunning(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}
