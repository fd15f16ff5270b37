import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { GNU_TIME_FORMAT, parseGnuTime } from "../../lib/metrics/mod.ts";

const FIGURES = "disco-time 1.25 0.50 0.25 7 5184 1 18218 16 8 2 3 4 0";

describe("parseGnuTime", () => {
  it("should read the figures in the original's order", () => {
    assertEquals(Object.entries(parseGnuTime(`${FIGURES}\n`)), [
      ["time_real", 1.25],
      ["time_user", 0.5],
      ["time_sys", 0.25],
      ["mem_avg", 7],
      ["mem_max", 5184],
      ["mem_faults_major", 1],
      ["mem_faults_minor", 18218],
      ["io_fsin", 16],
      ["io_fsout", 8],
      ["io_sockin", 2],
      ["io_sockout", 3],
      ["io_signals", 4],
      ["exit", 0],
    ]);
  });

  it("should take the last process of a file that was appended to", () => {
    const text = `Command terminated by signal 9\n${FIGURES}\n${FIGURES.replace("1.25", "2.00")}\n`;
    const { time_real, signal } = parseGnuTime(text);
    assertEquals([time_real, signal], [2, undefined]);
  });

  const bad = ["", "\n", "time: cannot run x: No such file or directory\n", "disco-time 1.0 0\n"];
  for (const text of bad) {
    it(`should refuse ${JSON.stringify(text)}`, () => {
      assertThrows(() => parseGnuTime(text), DiscoError, "Cannot read the figures of GNU time");
    });
  }

  const processes: [script: string, exit: number, signal: number | undefined][] = [
    ["exit 0", 0, undefined],
    ["exit 3", 3, undefined],
    ["kill -KILL $$", 137, 9],
    ["kill -TERM $$", 143, 15],
  ];
  for (const [script, exit, signal] of processes) {
    it(`should understand what GNU time writes about "${script}"`, () => {
      const file = Deno.makeTempFileSync();
      try {
        const args = ["-o", file, "-f", GNU_TIME_FORMAT, "sh", "-c", script];
        new Deno.Command("time", { args, stderr: "null" }).outputSync();
        const usage = parseGnuTime(Deno.readTextFileSync(file));
        assertEquals([usage.exit, usage.signal, usage.mem_max > 0], [exit, signal, true]);
      } finally {
        Deno.removeSync(file);
      }
    });
  }
});
