import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { printableLine, terminalLine } from "../../lib/terminal/mod.ts";

describe("terminalLine", () => {
  const cases: readonly [what: string, given: string, shown: string][] = [
    ["an ordinary line", "a\tb", "a\tb"],
    ["the last of a progress bar", "10%\r50%\r100%", "100%"],
    ["a carriage return at the end", "done\r", "done"],
    ["nothing but returns", "\r\r", ""],
    ["colours", "\x1b[1;31mred\x1b[0m text", "red text"],
    ["a title, with and without its end", "\x1b]0;title\x07text\x1b]0;more", "text"],
    ["movements", "\x1b[2K\x1b[1Gline\x1b(B", "line"],
  ];
  for (const [what, given, shown] of cases) {
    it(`should show ${what}`, () => assertEquals(terminalLine(given), shown));
  }

  it("should leave nothing that a terminal obeys, with what is shown as escapes", () => {
    const shown = printableLine(terminalLine("a\x1b\x9b2J\x07\x1b"));
    // deno-lint-ignore no-control-regex
    assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(shown), false);
  });
});
