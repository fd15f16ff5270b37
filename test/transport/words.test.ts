import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { joinForRsync, splitWords } from "../../lib/transport/words.ts";

describe("splitWords", () => {
  const cases: [text: string, words: string[]][] = [
    ["rsync", ["rsync"]],
    ["  rsync   -v\t--bwlimit=100 ", ["rsync", "-v", "--bwlimit=100"]],
    [`rsync -e 'ssh -i /a b'`, ["rsync", "-e", "ssh -i /a b"]],
    [`rsync "--x=a 'b' \\"c\\" \\\\"`, ["rsync", `--x=a 'b' "c" \\`]],
    [`'a\\b' c\\ d e""f ''`, ["a\\b", "c d", "ef", ""]],
    ["rsync $HOME `id` $(id) ~ *;|&", ["rsync", "$HOME", "`id`", "$(id)", "~", "*;|&"]],
  ];
  for (const [text, words] of cases) {
    it(`splits ${text}`, () => assertEquals(splitWords(text, "x"), words));
  }

  const bad: [text: string, why: string][] = [
    ["rsync 'a", "a ' is not closed"],
    ['rsync "a', 'a " is not closed'],
    ["rsync a\\", "it ends with a backslash"],
    ["   ", "it names no program"],
    ["'' a", "it names no program"],
  ];
  for (const [text, why] of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const error = assertThrows(() => splitWords(text, "disco/x"), DiscoError);
      assertEquals(
        error.message,
        `Cannot use setting "disco/x" = ${JSON.stringify(text)}: ${why}`,
      );
    });
  }

  it("is undone for rsync's parser", () => {
    assertEquals(joinForRsync(["ssh", "-i", "/a b/it's"]), "ssh -i '/a b/it''s'");
  });
});
