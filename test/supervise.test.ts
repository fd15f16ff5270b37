import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Ending, supervise, type SuperviseOptions } from "../lib/process/supervise.ts";

/** Run a script; how it ended, and its lines with the stream they came from. */
async function follow(
  script: string,
  options: Partial<SuperviseOptions> = {},
): Promise<{ ending: Ending; lines: string[] }> {
  const lines: string[] = [];
  const ending = await supervise(["/bin/sh", "-c", script], {
    env: {},
    timeout: 60_000,
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    ...options,
  });
  return { ending, lines };
}

function isThere(pid: number): boolean {
  try {
    Deno.statSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}

describe("supervise", () => {
  it("should pass on lines as they come, the last one without its end", async () => {
    const { ending, lines } = await follow("echo a; echo b >&2; echo; printf 'ü'");
    assertEquals(ending, { code: 0, signal: null, late: false });
    assertEquals(lines.filter((line) => line.startsWith("stdout")), [
      "stdout: a",
      "stdout: ",
      "stdout: ü",
    ]);
    assertEquals(lines.filter((line) => line.startsWith("stderr")), ["stderr: b"]);
  });

  it("should put characters together that come in two parts", async () => {
    const { lines } = await follow("printf '\\303'; sleep 0.05; printf '\\274\\n'");
    assertEquals(lines, ["stdout: ü"]);
  });

  it("should say that the program has started before it is given its input", async () => {
    const said: string[] = [];
    await follow("read -r line; echo $line", {
      input: new TextEncoder().encode("given\n"),
      onStart: () => void said.push("started"),
      onLine: (line) => void said.push(line),
    });
    assertEquals(said, ["started", "given"]);
  });

  it("should end a program that must not go on", async () => {
    let pid = 0;
    const onStart = (own: number) => {
      pid = own;
      throw new Error("must not go on");
    };
    const input = new TextEncoder().encode("\n");
    await assertRejects(() => follow("read -r go; sleep 600", { input, onStart }), Error, "go on");
    assertEquals(isThere(pid), false);
    await follow("true", { onStart: (own) => assert(isThere(own)) });
  });

  it("should show half a character at the end", async () => {
    assertEquals((await follow("printf 'a\\303'")).lines, ["stdout: a\ufffd"]);
  });

  it("should pass on an endless line in pieces", async () => {
    const { lines } = await follow("head -c 200000 /dev/zero | tr '\\0' x");
    assert(lines.length > 1);
    assertEquals(
      lines.map((line) => line.length - "stdout: ".length).reduce((a, b) => a + b),
      200_000,
    );
  });

  it("should have a clean environment, no input, and begin in /", async () => {
    Deno.env.set("DISCO_TEST_LEAK", "1");
    const { lines } = await follow('pwd; cat; echo "$A$DISCO_TEST_LEAK"', { env: { A: "a" } });
    Deno.env.delete("DISCO_TEST_LEAK");
    assertEquals(lines, ["stdout: /", "stdout: a"]);
  });

  for (
    const [script, code, signal] of [["exit 7", 7, null], [
      "kill -SEGV $$",
      139,
      "SIGSEGV",
    ]] as const
  ) {
    it(`should tell how it ended: ${script}`, async () => {
      assertEquals((await follow(script)).ending, { code, signal, late: false });
    });
  }

  it("should end it with its children when its time is over", async () => {
    const { ending, lines } = await follow("sleep 600 & echo $!; wait", { timeout: 300 });
    assertEquals([ending.signal, ending.late], ["SIGKILL", true]);
    const child = lines[0]!.slice("stdout: ".length);
    assert(!isRunning(child), `sleep ${child} is still there`);
  });

  it("should end it at once when it is told to, even beforehand", async () => {
    const stop = new AbortController();
    const running = follow("echo ready; sleep 600", {
      signal: stop.signal,
      onLine: () => stop.abort(),
    });
    const { ending } = await running;
    assertEquals([ending.signal, ending.late], ["SIGKILL", false]);
    const { ending: early } = await follow("sleep 600", { signal: AbortSignal.abort() });
    assertEquals(early.signal, "SIGKILL");
  });

  it("should not wait for a daemon that holds the output", async () => {
    const { ending, lines } = await follow("setsid sleep 600 & echo $!");
    const daemon = Number(lines[0]!.slice("stdout: ".length));
    Deno.kill(daemon, "SIGKILL");
    assertEquals(ending.code, 0);
  });

  it("should throw where it cannot start", async () => {
    const options = { env: {}, timeout: 1000, onLine: () => {} };
    await assertRejects(() => supervise(["/no/such/program"], options), Deno.errors.NotFound);
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
