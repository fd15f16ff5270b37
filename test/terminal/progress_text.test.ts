import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Progress, progressText } from "../../lib/terminal/progress_text.ts";
import { cutTo, widthOf } from "../../lib/terminal/width.ts";

describe("the text of progress", () => {
  const cases: readonly [what: string, seconds: number, Progress | undefined, number, string][] = [
    ["a", 0, undefined, 80, "a"],
    ["a", 3, undefined, 80, "a (3 s)"],
    ["merging", 0, { done: 1, total: 4 }, 80, "merging [#####---------------] 1 of 4"],
    ["merging", 2, { done: 4, total: 4 }, 80, "merging [####################] 4 of 4 (2 s)"],
    ["fetching", 0, { done: 5, note: "1.0 MiB" }, 80, "fetching 5, 1.0 MiB"],
    // A total that was wrong is none.
    ["fetching", 0, { done: 5, total: 4 }, 80, "fetching 5"],
    ["fetching", 0, { done: 0, total: 0 }, 80, "fetching 0"],
    ["first", 0, { what: "second", done: 0 }, 80, "second 0"],
    ["merging", 0, { done: 1, total: 2 }, 27, "merging [####-----] 1 of 2"],
    [
      "fetching the universe, at once",
      1,
      { done: 1010, total: 3009, note: "0.0 MiB" },
      80,
      "fetching the universe, at once [######------------] 1010 of 3009, 0.0 MiB (1 s)",
    ],
    ["merging", 0, { done: 1, total: 2 }, 20, "merging 1 of 2"],
    ["merging", 0, { done: 1, total: 2 }, 12, "merg 1 of 2"],
    ["merging", 0, { done: 1, total: 2 }, 5, "1 of"],
    ["merging", 0, { done: 1, total: 2 }, 1, ""],
    ["日本語の名前", 1, undefined, 14, "日本語 (1 s)"],
  ];
  for (const [what, seconds, progress, columns, expected] of cases) {
    it(`is, at ${columns} columns, ${expected}`, () => {
      assertEquals(progressText(what, seconds, progress, columns), expected);
    });
  }

  it("never reaches the last column", () => {
    const names = [
      "x".repeat(300),
      "日本".repeat(99),
      "é".normalize("NFD").repeat(300),
      "🙂".repeat(99),
    ];
    for (let columns = 0; columns <= 210; columns++) {
      for (const what of names) {
        const progress = { done: 12, total: 345, note: "6.7 MiB" };
        const width = widthOf(progressText(what, 89, progress, columns));
        assert(width <= Math.max(0, columns - 1), `${width} at ${columns}: ${what}`);
      }
    }
  });
});

describe("columns", () => {
  const cases: readonly [string, number][] = [["abc", 3], ["日本", 4], ["e\u0301", 1], ["🙂", 2], [
    "",
    0,
  ]];
  for (const [text, width] of cases) {
    it(`of ${JSON.stringify(text)} are ${width}`, () => assertEquals(widthOf(text), width));
  }

  it("are cut between characters", () => assertEquals(cutTo("a日本", 4), "a日"));
});
