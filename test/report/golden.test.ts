import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { saveResult } from "../../lib/state/mod.ts";
import { commandLine } from "../../lib/effects/mod.ts";
import { DANCE, temporaryRoots } from "./example.ts";
import { SITUATIONS } from "./situations.ts";

const GOLDEN = new URL("golden/", import.meta.url);
const TASK = fromFileUrl(new URL("../../tasks/history.ts", import.meta.url));
const argv = (state: string, ...options: string[]) => [
  ...[
    Deno.execPath(),
    "run",
    "-A",
    "--quiet",
    "--no-check",
    TASK,
    "show",
    DANCE,
    `--state=${state}`,
  ],
  ...options,
];

function run([program, ...args]: string[]): string {
  const { stdout } = new Deno.Command(program!, {
    args,
    env: { NO_COLOR: "1", PAGER: "cat", TERM: "xterm" },
    stdin: "null",
    stderr: "inherit",
  }).outputSync();
  return new TextDecoder().decode(stdout);
}

/** The same on a terminal of so many columns. */
function onTerminal(words: string[], columns: number): string {
  const command = `stty columns ${columns} rows 24; exec ${commandLine(words)}`;
  return run(["script", "-qec", command, "/dev/null"]).replaceAll("\r", "");
}

describe("the outcome of a dance, as text", () => {
  for (const [what, result] of Object.entries(SITUATIONS)) {
    it(`is as expected, in a pipe and on terminals: ${what}`, () => {
      using place = temporaryRoots();
      saveResult(place.roots, result);
      const words = argv(place.dir);
      const shown = run(words);
      const golden = new URL(`${what.replaceAll(" ", "_").replace(",", "")}.txt`, GOLDEN);
      if (Deno.env.get("DISCO_UPDATE_GOLDEN")) Deno.writeTextFileSync(golden, shown);
      assertEquals(shown, Deno.readTextFileSync(golden));
      assertEquals(onTerminal(words, 80), shown);
      assertEquals(onTerminal(words, 200), shown);
    });
  }

  it("is of every change and line with --diff full, without diffs with none, counts with --stat", () => {
    using place = temporaryRoots();
    saveResult(place.roots, SITUATIONS["a package install"]!);
    const lines = (...options: string[]) => run(argv(place.dir, ...options)).split("\n");
    const count = (list: string[], what: RegExp) => list.filter((line) => what.test(line)).length;
    const full = lines("--diff", "full");
    assertEquals([count(full, /^>f/), count(full, /^ {4}\+line/)], [334, 620]);
    const none = lines("--diff", "none");
    assertEquals([count(none, /^>f/), count(none, /^ {4}/)], [1, 0]);
    const stat = lines("--stat");
    assertEquals([count(stat, /^>f/), count(stat, /^package nginx: 151 created/)], [0, 1]);
  });

  it("goes through the pager where it is longer than the terminal", () => {
    using place = temporaryRoots();
    const pager = `${place.dir}/pager`;
    Deno.writeTextFileSync(pager, "#!/bin/sh\nsed 's/^/paged: /'\n", { mode: 0o755 });
    for (const [what, isLong] of [["nothing to do", false], ["a package install", true]] as const) {
      saveResult(place.roots, SITUATIONS[what]!);
      const words = ["env", `DISCO_PAGER=${pager}`, ...argv(place.dir)];
      assertEquals(onTerminal(words, 80).includes("paged: report: dance"), isLong, what);
      // In a pipe there is none.
      assertEquals(run(words).includes("paged"), false);
    }
  });
});
