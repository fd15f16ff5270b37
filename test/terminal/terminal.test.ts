import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

const TERMINAL = import.meta.resolve("../../lib/terminal/mod.ts");
const ALL = 'info("i"); debug("d"); report("r"); warning("w"); error("e"); print("p"); ';

/** What a program prints to both streams, and how it ends. */
async function say(program: string, shell = 'exec "$@"'): Promise<[string, string, number]> {
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  Deno.writeTextFileSync(
    file,
    `import { colour, configure, debug, error, info, print, printJson, report, warning } from ${
      JSON.stringify(TERMINAL)
    };\nvoid [colour, configure, debug, error, info, print, printJson, report, warning];\n${program}`,
  );
  try {
    const args = ["-c", shell, "bash", Deno.execPath(), "run", "--no-check", "--allow-env", file];
    const { code, stdout, stderr } = await new Deno.Command("bash", { args }).output();
    const text = new TextDecoder();
    return [text.decode(stdout), text.decode(stderr), code];
  } finally {
    Deno.removeSync(file);
  }
}

describe("the terminal", () => {
  const modes: [options: string, stdout: string, stderr: string][] = [
    ["{}", "info: i\nreport: r\np\n", "warning: w\nerror: e\n"],
    ["{ verbose: true }", "info: i\ndebug: d\nreport: r\np\n", "warning: w\nerror: e\n"],
    ["{ quiet: true }", "report: r\np\n", "warning: w\nerror: e\n"],
    ["{ json: true, verbose: true }", "p\n", "warning: w\nerror: e\n"],
  ];
  for (const [options, stdout, stderr] of modes) {
    it(`should show, with ${options}, what belongs there`, async () => {
      assertEquals(await say(`configure(${options}); ${ALL}`), [stdout, stderr, 0]);
    });
  }

  it("should keep control characters of others from the terminal, line by line", async () => {
    const [, stderr] = await say('warning("a\\x1b[2J", "b\\tc");');
    assertEquals(stderr, "warning: a\\x1b[2J\nwarning: b\tc\n");
  });

  it("should print documents whole, and text with an end", async () => {
    const [stdout] = await say('printJson({ a: ["\\x1b\\n"] }); print("x\\n"); print("");');
    assertEquals(stdout, '{\n  "a": [\n    "\\u001b\\n"\n  ]\n}\nx\n');
  });

  it("should have no colour where there is no terminal", async () => {
    assertEquals((await say('print(colour("31", "x")); error("e");')).slice(0, 2), [
      "x\n",
      "error: e\n",
    ]);
  });

  it("should not fail when a reader has seen enough", async () => {
    const [stdout, , code] = await say(
      'for (let i = 0; i < 1e5; i++) print("a line"); Deno.exit(7);',
      'set -o pipefail; "$@" | head -n 1',
    );
    assertEquals([stdout, code], ["a line\n", 7]);
  });
});
