import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError, explained } from "../lib/error/mod.ts";

const COMMAND = import.meta.resolve("../lib/command_line/run_command.ts");

/** Run a command whose `main` is this text as a program of its own. */
async function run(main: string, ...argv: string[]) {
  const program = `
    import { runCommand } from ${JSON.stringify(COMMAND)};
    const load = () => Promise.resolve({ main: async () => { ${main} } });
    const command = { name: "x", group: "dance", summary: "x", load };
    Deno.exit(await runCommand(command, ${JSON.stringify(argv)}));`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", program],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** What can be thrown, and what the administrator reads of it. */
const THROWN: readonly [what: string, main: string, line: string][] = [
  [
    "a missing file",
    'Deno.readTextFileSync("/nowhere")',
    "No such file or directory: readfile '/nowhere'",
  ],
  ["a full disk", 'await Deno.writeTextFile("/dev/full", "x")', "No space left on device"],
  ["deep nesting", "const f = () => f(); f();", "it is nested too deeply"],
  ["a long string", '"x".repeat(2 ** 30)', "it is too large for the memory"],
  ["a defect", "null.x", "TypeError: "],
  ["a string", 'throw "odd"', "odd"],
  ["a text of many lines", 'throw new Error("a\\nreport: success")', "a\\nreport: success"],
  [
    "a rejection that nobody waits for",
    'Promise.reject(new Error("lost")); await 0; await new Promise((d) => setTimeout(d, 50)); return 0',
    "lost",
  ],
  [
    "an error in a timer",
    'setTimeout(() => { throw new Error("late") }, 0); await new Promise((d) => setTimeout(d, 50)); return 0',
    "late",
  ],
];

describe("a command", () => {
  for (const [what, main, line] of THROWN) {
    it(`should say in one line, with exit code 1, what went wrong: ${what}`, async () => {
      const { code, stdout, stderr } = await run(main);
      assertEquals([code, stdout], [1, ""], stderr);
      assertEquals(stderr.split("\n")[0]!.startsWith('error: Cannot finish "disco x": '), true);
      assertStringIncludes(stderr, line);
      assert(stderr.split("\n").every((one) => one === "" || one.startsWith("error: ")), stderr);
      assert(!/^error:\s+at /m.test(stderr), stderr);
    });
  }

  it("should say where it was with --verbose", async () => {
    const { stderr } = await run("null.x", "--verbose");
    assert(/^error:\s+at /m.test(stderr), stderr);
  });

  it("should print a document with --json, and one only", async () => {
    const { code, stdout } = await run("null.x", "--json");
    const { ok, error } = JSON.parse(stdout);
    assertEquals([code, ok, error.message.startsWith("Cannot finish")], [1, false, true]);
    const printed = `const { printJson } = await import(${
      JSON.stringify(import.meta.resolve("../lib/terminal/mod.ts"))
    }); printJson({ mine: true }); null.x`;
    assertEquals(JSON.parse((await run(printed, "--json")).stdout), { mine: true });
  });

  it("should leave errors that are meant as they are", () => {
    const error = new DiscoError("Cannot x", { code: 3, hint: "y" });
    assertEquals(explained(error, "z"), error);
  });
});
