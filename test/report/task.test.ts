import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import type { Result } from "../../lib/result/mod.ts";
import { saveResult } from "../../lib/state/mod.ts";
import { parseOptions } from "../../lib/command_line/mod.ts";
import { commandOf } from "../../tasks/all.ts";
import { main as historyMain } from "../../tasks/history.ts";
import { main as reportMain } from "../../tasks/report.ts";
import { DANCE, exampleResult, temporaryRoots } from "./example.ts";

const report = async (argv: readonly string[]) =>
  await reportMain(parseOptions(argv, commandOf("report")));
const history = async (argv: readonly string[]) =>
  await historyMain(parseOptions(argv, commandOf("history")));

/** Run a task as a program. */
function program(task: string, args: string[]): { code: number; out: string; err: string } {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `tasks/${task}.ts`, "--node=node.example.org", ...args],
  }).outputSync();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

const mode = (path: string) => Deno.statSync(path).mode! & 0o777;

describe("disco report", () => {
  it("should print the last dance", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const { code, out } = program("report", [`--state=${place.dir}`]);
    assertEquals(code, 0);
    assertStringIncludes(out, "report: _internal: fetch\nreport:    time_real 1.26 :");
    assertStringIncludes(out, "report: failed: ball web\n");
  });

  it("should print one JSON document", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const { out } = program("report", [`--state=${place.dir}`, "--json"]);
    assertEquals<Result>(JSON.parse(out), exampleResult());
  });

  const formats: [format: string, mode: number, begin: string][] = [
    ["text", 0o600, "_internal: fetch\n"],
    ["json", 0o600, "{\n"],
    ["html", 0o600, "<!doctype html>\n"],
    ["prometheus", 0o644, "# HELP disco_dance_success "],
  ];
  for (const [format, expected, begin] of formats) {
    it(`should write a file with the format ${format} at once`, async () => {
      using place = temporaryRoots();
      saveResult(place.roots, exampleResult());
      const file = `${place.dir}/out`;
      const argv = ["--node=a", "--quiet", `--state=${place.dir}`, DANCE, `--format=${format}`];
      assertEquals(await report([...argv, `--output=${file}`]), 0);
      assertEquals(Deno.readTextFileSync(file).slice(0, begin.length), begin);
      assertEquals(mode(file), expected);
      assertEquals([...Deno.readDirSync(place.dir)].map(({ name }) => name).sort(), ["out", "var"]);
    });
  }

  it("should keep the mode of a file that is there, and follow a symlink to it", async () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    Deno.writeTextFileSync(`${place.dir}/page`, "old");
    Deno.chmodSync(`${place.dir}/page`, 0o640);
    Deno.symlinkSync("page", `${place.dir}/link`);
    const argv = ["--node=a", `--state=${place.dir}`, "--format=html"];
    await report([...argv, `--output=${place.dir}/link`]);
    assertEquals(mode(`${place.dir}/page`), 0o640);
    assertStringIncludes(Deno.readTextFileSync(`${place.dir}/page`), "<!doctype html>");
    assertEquals(Deno.readLinkSync(`${place.dir}/link`), "page");
  });

  it("should never replace what is no regular file", async () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const write = () => report(["--node=a", `--state=${place.dir}`, `--output=${place.dir}/var`]);
    await assertRejects(write, DiscoError, "it is not a regular file");
  });

  const wrong: [argv: string[], message: string][] = [
    [["--format=xml"], '"--format" is text, json, prometheus or html, not "xml"'],
    [["--format=html", "--ball=web"], 'Option "--ball" cannot be used'],
    [["a", "b"], 'Unexpected word "b"'],
    [["../x"], 'Cannot use "../x" as a dance'],
    [["--ball=db"], 'Cannot report ball "db"'],
  ];
  for (const [argv, message] of wrong) {
    it(`should refuse ${argv.join(" ")}`, async () => {
      using place = temporaryRoots();
      saveResult(place.roots, exampleResult());
      const run = () => report(["--node=a", `--state=${place.dir}`, ...argv]);
      assertEquals((await assertRejects(run, DiscoError, message)).code, 3);
    });
  }

  it("should say what to do where no dance is kept", () => {
    using place = temporaryRoots();
    const { code, err } = program("report", [`--state=${place.dir}`]);
    assertEquals(code, 1);
    assertStringIncludes(err, "error:   what to do: run disco dance --noop\n");
  });
});

describe("disco history", () => {
  it("should show the changes of a dance again", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const { code, out } = program("history", ["show", DANCE, `--state=${place.dir}`]);
    assertEquals(code, 0);
    assertEquals(out.split("\n").slice(0, 7), [
      "report: live, merged, failed: 1 change (1 created), 1 effect, 1 ball failed",
      ">f+++++++++ /etc/motd: created, mode 0644, owner root, group root, size 3 [users]",
      "    --- /dev/null",
      "    +++ b/etc/motd",
      "    @@ -0,0 +1 @@",
      "    +hi",
      `report: dance ${DANCE} of node.example.org: live, 2026-11-22T23:59:59.000Z, 3.50 s`,
    ]);
  });

  it("should list dances as one JSON document", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const { out } = program("history", [`--state=${place.dir}`, "--json"]);
    assertEquals(JSON.parse(out), {
      schema: 1,
      dances: [{
        dance: DANCE,
        status: "failed",
        node: "node.example.org",
        noop: false,
        merged: true,
        started: "2026-11-22T23:59:59.000Z",
        finished: "2026-11-23T00:00:02.500Z",
        balls: ["users", "web"],
        changes: 1,
        generation: DANCE,
        kept: false,
        undoneBy: null,
      }],
      generations: [],
    });
  });

  for (
    const [words, message] of [
      [["show"], 'expected "show DANCE"'],
      [["show", DANCE, "more"], 'Unexpected word "more"'],
      [["drop"], 'expected "show DANCE"'],
    ] as const
  ) {
    it(`should refuse "${words.join(" ")}"`, async () => {
      using place = temporaryRoots();
      const run = () => history(["--node=a", `--state=${place.dir}`, ...words]);
      await assertRejects(run, DiscoError, message);
    });
  }
});
