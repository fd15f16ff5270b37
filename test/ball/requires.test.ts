import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseBallName, parseRequires } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";

describe("parseBallName", () => {
  for (const name of ["users", "0day", "web.v2_x-y", "a".repeat(255)]) {
    it(`takes ${name.slice(0, 20)}`, () => assertEquals(parseBallName(name), name));
  }
  for (
    const name of ["", ".", "..", "-rf", "_x", "a/b", "../a", "a b", "a\n", "ä", "a".repeat(256)]
  ) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))}`, () => {
      assertThrows(() => parseBallName(name), DiscoError, "as the name of a ball");
    });
  }
});

describe("parseRequires", () => {
  it("reads after, before and bare names, and skips comments and empty lines", () => {
    const text = "# all\nafter users\n\n  before\tweb  # soon\r\nlog#x\n";
    assertEquals(parseRequires(text, "x/requires"), [
      { relation: "after", ball: "users", line: 2 },
      { relation: "before", ball: "web", line: 4 },
      { relation: "after", ball: "log", line: 5 },
    ]);
  });

  it("takes a ball named as a relation when the relation is said", () => {
    assertEquals(parseRequires("before after", "x"), [
      { relation: "before", ball: "after", line: 1 },
    ]);
  });

  it("is empty for an empty file", () => assertEquals(parseRequires("", "x"), []));

  for (
    const [line, why] of [
      ["after", 'expected "after NAME"'],
      ["before", 'expected "after NAME"'],
      ["around users", 'found "around users"'],
      ["After users", 'found "After users"'],
      ["after users web", 'found "after users web"'],
      ["after ../users", "as the name of a ball"],
      ["after \x1b[2J", "as the name of a ball"],
    ] as const
  ) {
    it(`names file and line for ${JSON.stringify(line)}`, () => {
      const error = assertThrows(
        () => parseRequires(`log\n${line}\n`, "web/requires"),
        DiscoError,
        'Cannot parse "web/requires", line 2: ',
      );
      assertStringIncludes(error.message, why);
      assertEquals(error.message.includes("\x1b"), false);
    });
  }
});
