/** What is said about commands in other places agrees with their table. */
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { COMMON_OPTIONS } from "../../lib/command_line/mod.ts";
import { V8_FLAGS } from "../../lib/program/v8_flags.ts";
import { VERSION } from "../../lib/program/version.ts";
import { COMMANDS } from "../../tasks/all.ts";
import { referencePages } from "../../tasks/reference.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
/** deno.json has whole lines of comments. */
const config = JSON.parse(read("deno.json").replaceAll(/^\s*\/\/.*$/gm, ""));

const loaded = await Promise.all(COMMANDS.map(({ load }) => load()));

describe("the table of commands", () => {
  it("has each name once, and options that no other hides", () => {
    assertEquals(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
    for (const { name, options = [] } of COMMANDS) {
      const all = [...options, ...COMMON_OPTIONS];
      assertEquals(new Set(all.map((one) => one.name)).size, all.length, name);
      const letters = all.flatMap(({ short, name }) => name.length === 1 ? [name] : short ?? []);
      assertEquals(new Set(letters).size, letters.length, name);
    }
  });

  it("has one line for each summary, and sentences without a full stop", () => {
    for (const { name, summary, options = [] } of COMMANDS) {
      assert(/^[A-Z][^\n]*[^.]$/.test(summary) && summary.length <= 90, name);
      for (const { help } of options) assert(/^[^\n]*[^.]$/.test(help), `${name}: ${help}`);
    }
  });

  it("is what the tasks of deno.json run", () => {
    for (const { name, summary } of COMMANDS) {
      assertEquals(config.tasks[name], {
        description: summary,
        command: `deno run -A ${V8_FLAGS} --frozen --cached-only tasks/start.ts ${name}`,
      });
    }
  });

  it("loads what each command runs", () => {
    assertEquals(loaded.map(({ main }) => typeof main), COMMANDS.map(() => "function"));
  });

  for (const [path, text] of Object.entries(referencePages())) {
    it(`is printed in ${path} (deno task reference prints it anew)`, () => {
      assertEquals(read(path), text);
    });
  }

  it("has the version of deno.json", () => assertEquals(config.version, VERSION));
});
