import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { matchesGlob } from "../../lib/ball/mod.ts";

/** What a glob means, as a regular expression: right, and slow for some globs. */
function meaning(glob: string): RegExp {
  const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");
  const TOKEN = /\\.|\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]\/]*\]|[\s\S]/g;
  const source = glob.replaceAll(TOKEN, (token) => {
    const known = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" }[token];
    if (known) return known;
    if (token.length > 1 && token.startsWith("[")) {
      const [, not = "", set = ""] = /^\[([!^]?)(.*)\]$/s.exec(token)!;
      return `(?!/)[${not && "^"}${set.replaceAll(/[\\\]\[^]/g, "\\$&")}]`;
    }
    return literal(token.length === 2 ? token.slice(1) : token);
  });
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return new RegExp(`^${literal(glob)}$`, "s");
  }
}

/** Numbers from 0 up to `below`, the same each time (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 2 ** 31 * below);
  };
}

describe("matchesGlob()", () => {
  it("should mean what the regular expression means, for random globs and paths", () => {
    const random = numbers(7);
    const word = (parts: readonly string[], most: number) =>
      Array.from({ length: random(most) }, () => parts[random(parts.length)]).join("");
    const globParts = ["/", "a", "b", ".", "*", "**", "**/", "?", "[ab]", "[!a]", "[^/b]", "[a-"];
    const more = ["[]a]", "[z-a]", "\\*", "\\", "[", "]", "\n", "é", "[--b]", "[!]", "[]", "-"];
    let matched = 0;
    for (let i = 0; i < 60_000; i++) {
      const glob = word([...globParts, ...i % 3 ? [] : more], 8);
      const path = word(["/", "a", "b", ".", "a", "/", ...i % 3 ? [] : more], 9);
      const expected = meaning(glob).test(path);
      matched += Number(expected);
      assertEquals(matchesGlob(glob, path), expected, JSON.stringify([glob, path]));
    }
    assert(matched > 3000, `${matched} matched: the comparison is worth little`);
  });

  for (
    const [what, glob] of [
      ["stars between letters", `/${"**a".repeat(400)}b`],
      ["stars in one component", `/${"*a".repeat(400)}b`],
      ["folders", `/${"**/".repeat(400)}b`],
      ["both, and sets", `/${"**[a-z]*?**/".repeat(150)}b`],
    ] as const
  ) {
    it(`should end for ${what}`, () => {
      assertEquals(matchesGlob(glob, `/${"a".repeat(2000)}`), false);
      assertEquals(matchesGlob(glob, `/${"a/".repeat(1000)}`), false);
    });
  }

  it("should end where the regular expression does not (control)", async () => {
    const script = `console.log(${meaning(`/${"**a".repeat(12)}b`)}.test("/${"a".repeat(200)}"))`;
    const child = new Deno.Command("timeout", {
      args: ["5", Deno.execPath(), "eval", script],
      stdout: "null",
    });
    assertEquals((await child.output()).code, 124);
    assertEquals(matchesGlob(`/${"**a".repeat(12)}b`, `/${"a".repeat(200)}`), false);
  });
});
