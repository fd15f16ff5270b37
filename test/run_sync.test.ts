import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { readLines } from "../lib/process/lines.ts";
import { NO_PROGRAM, runSync } from "../lib/process/run_sync.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const sh = (script: string) => ["sh", "-c", script];

describe("runSync", () => {
  for (const bound of [{}, { seconds: 60 }]) {
    it(`should say what was printed and how it ended: ${JSON.stringify(bound)}`, () => {
      const ended = runSync(sh("cat; echo a; echo b >&2; exit 3"), bound);
      assertEquals([ended.code, ended.late], [3, false]);
      assertEquals([text(ended.stdout), text(ended.stderr)], ["a\n", "b\n"]);
    });

    it(`should say by its code that a program is missing: ${JSON.stringify(bound)}`, () => {
      const { code, stderr } = runSync(["/no/such/program"], bound);
      assertEquals([code, text(stderr)], [NO_PROGRAM, 'there is no program "/no/such/program"']);
    });
  }

  it("should keep nothing that it is told not to keep", () => {
    const { code, stdout } = runSync(sh("echo a"), { stdout: "null" });
    assertEquals([code, stdout.length], [0, 0]);
  });

  it("should kill a program that ignores all other signals when its time is over", () => {
    const began = performance.now();
    const { late, code } = runSync(sh("trap '' TERM; sleep 20 >/dev/null 2>&1"), { seconds: 1 });
    assertEquals([late, code], [true, 137]);
    assert(performance.now() - began < 15_000);
    // Controls: one that fails in time, and one that nobody bounds.
    assertEquals(runSync(sh("exit 1"), { seconds: 60 }).late, false);
    assertEquals(runSync(sh("exit 137")).late, false);
  });
});

describe("readLines", () => {
  it("should end lines where it is told, and cut what is too long", async () => {
    const read = async (printed: string, options = {}) => {
      const lines: string[] = [];
      const stream = ReadableStream.from([new TextEncoder().encode(printed)]);
      await readLines(stream, { onLine: (line) => void lines.push(line), ...options }).done;
      return lines;
    };
    assertEquals(await read("a\rb\nc"), ["a\rb", "c"]);
    assertEquals(await read("a\rb\nc", { end: /[\r\n]/ }), ["a", "b", "c"]);
    assertEquals(await read("abcdef", { longest: 4 }), ["abcdef"]);
    assertEquals(await read("ab\ncd\n", { most: 3 }), [
      ...["ab", "cd"],
      "(more than 3 bytes: the rest is not looked at)",
    ]);
  });
});
