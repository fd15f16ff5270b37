import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { steady } from "../../lib/posix/libc.ts";

/** How often a call is made that fails with these errors, one after the other. */
function callsOf(errors: readonly number[]): { calls: number; result: number; pauses: number } {
  let calls = 0;
  let pauses = 0;
  const fail = steady(
    (_path: string) => errors[calls++] === undefined ? 0 : -1,
    () => errors[calls - 1]!,
    () => void pauses++,
  );
  const result = fail("path");
  return { calls, result, pauses };
}

describe("a system call that fails", () => {
  for (const [name, number] of [["EINTR", 4], ["EAGAIN", 11], ["ETIMEDOUT", 110]] as const) {
    it(`with the runtime's own ${name} is made again, and its own error counts`, () => {
      assertEquals(callsOf([number, 2]), { calls: 2, result: -1, pauses: 0 });
      assertEquals(callsOf([number, number]), { calls: 3, result: 0, pauses: 0 });
    });
  }

  it("with an error of its own is made once", () => {
    assertEquals(callsOf([2, 2]), { calls: 1, result: -1, pauses: 0 });
    assertEquals(callsOf([5, 5]), { calls: 1, result: -1, pauses: 0 });
  });

  it("without end is not made without end", () => {
    assertEquals(callsOf(Array(200).fill(11)), { calls: 50, result: -1, pauses: 45 });
  });

  it("again and again is made again later, when the runtime has time", () => {
    assertEquals(callsOf([...Array(20).fill(11), 2]), { calls: 21, result: -1, pauses: 16 });
  });
});
