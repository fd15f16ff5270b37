/** Whatever was there a moment ago may be gone: what says whether something is there is believed. */
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { sources } from "./sources.ts";

/** An exclamation mark behind the answer of a stat; one pair of brackets may lie within another. */
const BANNED = /\b\w*[sS]tat\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)!/g;

describe("lib/", () => {
  it("never takes for granted that what it looks for is there", () => {
    const found = sources().flatMap(([name, text]) =>
      [...text.matchAll(BANNED)].map(([call]) => `${name}: ${call}`)
    );
    assertEquals(found, []);
  });

  it("is noticed where it does: a control", () => {
    const calls = [
      "lstat(path)!",
      "lstat(`${folder}/done`)!",
      "tree.stat(`/${nameOf(slot)}`)!",
      'lstat(join(a, b("c")),\n  dir)!',
    ];
    for (const call of calls) {
      assertEquals([...`x = ${call}.ctime;`.matchAll(BANNED)].map(([one]) => one), [
        call.slice(call.startsWith("tree.") ? 5 : 0),
      ]);
    }
    for (const fine of ["lstat(path)?.ino", "if (!lstat(path)) return", "lstat(a) !== lstat(b)"]) {
      assertEquals(fine.match(BANNED), null, fine);
    }
  });
});
