import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

const SIGNALS = import.meta.resolve("../../lib/dance/signals.ts");

/** How a program ends that runs this part of a dance, and is sent SIGINT when it says "go". */
async function interrupted(part: string) {
  const program = `
    import * as signals from ${JSON.stringify(SIGNALS)};
    const dance = { interrupt: new AbortController() };
    const { signal } = dance.interrupt;
    const busy = (ms) => { for (const end = Date.now() + ms; Date.now() < end;); };
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    try {
      await signals.untilInterrupted(dance, async () => { ${part} });
    } catch (error) {
      console.log(error.message);
    }
    console.log(signal.aborted ? "asked" : "not asked");`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", program],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  let isSent = false;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    said += part.value;
    if (isSent || !said.includes("go\n")) continue;
    isSent = true;
    child.kill("SIGINT");
  }
  const stderr = await new Response(child.stderr).text();
  const { signal } = await child.status;
  return { said: said.replace("go\n", "").trim(), signal, stderr };
}

const GO = 'console.log("go");';

describe("a signal", () => {
  it("should end the process in the midst of synchronous work", async () => {
    const { said, signal } = await interrupted(`${GO} busy(20_000);`);
    assertEquals([said, signal], ["", "SIGINT"]);
  });

  it("should be asked while something is waited for, and heard before the merge", async () => {
    const { said, signal } = await interrupted(
      `await signals.whileWaiting(dance, () => { ${GO} return pause(500); });
       await signals.nextTurn(); console.log(signal.aborted);`,
    );
    assertEquals([said, signal], ["true\nasked", null]);
  });

  it("should not wait for what was asked and does not listen", async () => {
    const { said, signal } = await interrupted(
      `await signals.whileWaiting(dance, () => { ${GO} return pause(3000); }, { leave: true });`,
    );
    assertEquals([said, signal], ["The dance was interrupted; nothing was merged\nasked", null]);
  });

  it("should end the process when what is waited for does not end", async () => {
    const { said, signal, stderr } = await interrupted(
      `await signals.whileWaiting(dance, () => { ${GO} return pause(20_000); });`,
    );
    assertEquals([said, signal], ["", "SIGTERM"]);
    assertStringIncludes(stderr, "does not end in order");
  });

  it("should only be noted from the commit on", async () => {
    const { said, signal } = await interrupted(
      `signals.complete(); ${GO} busy(1000); await pause(3000); console.log("done");`,
    );
    assertEquals([said, signal], ["done\nasked", null]);
  });

  it("should be as before when the part is over", async () => {
    const { said, signal } = await interrupted(
      `setTimeout(() => { ${GO} busy(20_000); }, 0); setTimeout(() => {}, 20_000);`,
    );
    assertEquals([said, signal], ["not asked", "SIGINT"]);
  });
});
