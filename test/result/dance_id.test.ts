import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { newDanceId, parseDanceId } from "../../lib/result/mod.ts";

describe("a dance's id", () => {
  it("should begin with the time in UTC", () => {
    assertMatch(newDanceId(new Date("2026-11-22T23:59:59.999Z")), /^20261122T235959Z-[0-9a-f]{6}$/);
  });

  it("should sort later than one of a millisecond before", () => {
    const id = (ms: number) => newDanceId(new Date(Date.UTC(2026, 10, 22, 23, 59, 58, ms)));
    const ids = [8, 9, 15, 16, 255, 256, 999, 1000].map(id);
    assertEquals(ids, ids.toSorted());
  });

  it("should be understood again", () => {
    const id = newDanceId();
    assertEquals(parseDanceId(id), id);
  });

  const hostile = [
    "",
    "..",
    "../20261122T235959Z-0a1b2c",
    "20261122T235959Z-0a1b2c/..",
    "20261122T235959Z-0a1b2c\n",
    "20261122T235959Z-0A1B2C",
    "20261122T235959Z-0a1b2c7",
    "20261122T235959-0a1b2c",
    "\x1b[2J".repeat(1000),
  ];
  for (const text of hostile) {
    it(`should not be ${JSON.stringify(text.slice(0, 40))}`, () => {
      const error = assertThrows(() => parseDanceId(text), DiscoError, "Cannot use ");
      assertEquals([error.code, error.message.includes("\x1b")], [3, false]);
    });
  }
});
