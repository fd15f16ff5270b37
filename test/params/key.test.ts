import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { isKeyComponent, isSecretKey, parseKey } from "../../lib/params/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";

describe("parseKey", () => {
  for (
    const key of ["a", "web1.example.org/users/present/alice", "a@%+=:,._-/.b/__proto__", "..a"]
  ) {
    it(`takes "${key}"`, () => assertEquals(parseKey(key), key));
  }
  for (
    const key of [
      "",
      "/a",
      "a/",
      "a//b",
      ".",
      "a/./b",
      "..",
      "a/../b",
      "-",
      "a/-rf",
      "a b",
      "a\nb",
      "a~",
      "a\\b",
      "ä",
      "a\0",
      "x".repeat(256),
    ]
  ) {
    it(`refuses ${JSON.stringify(key.slice(0, 20))}`, () => {
      assertEquals(assertThrows(() => parseKey(key), DiscoError, "as key").code, 3);
    });
  }

  it("knows which file names can be in a key", () => {
    assertEquals(["a=b", ".x", "a/b", "~merging"].map(isKeyComponent), [true, true, false, false]);
  });
});

describe("isSecretKey", () => {
  for (
    const [key, secret] of [
      ["web/secret/db", true],
      ["secrets/db", true],
      ["web/tls/secret", true],
      ["web/secretary", false],
      ["web/Secret", false],
    ] as const
  ) {
    it(`says ${secret} for ${key}`, () => assertEquals(isSecretKey(key), secret));
  }
});
