import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { printable, printableLine } from "../../lib/terminal/mod.ts";

describe("printable", () => {
  const texts: [text: string, shown: string][] = [
    ["plain ü€🕺 text", "plain ü€🕺 text"],
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\x00\x7f\x9b", "\\x00\\x7f\\x9b"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["a\u2028b\u2066", "a\\u2028b\\u2066"],
    ["f\udcfcr", "f\\xfcr"],
    ["\ud800", "\\ud800"],
  ];
  for (const [text, shown] of texts) {
    it(`should show ${shown}`, () => assertEquals(printable(text), shown));
  }

  it("should leave tabs in a line of output", () => {
    assertEquals(printableLine("a\tb\x07"), "a\tb\\x07");
  });
});
