import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { leftIn } from "../../lib/merge/quota.ts";

const HEAD = `Qgroupid    Referenced    Exclusive  Max referenced  Max exclusive   Path
--------    ----------    ---------  --------------  -------------   ----`;

describe("what quota groups leave", () => {
  const tables: readonly [string, number | undefined][] = [
    ["0/256            16384        16384         5242880           none   s", 5_226_496],
    ["0/256            16384        8192          none              10000   s", 1808],
    ["0/256  100 100 1000 none s\n1/5  100 90 300 95 <none>", 5],
    ["0/256  2000 2000 1000 none s", 0],
    ["0/5    16384        16384        none           none   <toplevel>", undefined],
    ["", undefined],
    ["0/x 1 1 1 1", undefined],
  ];
  for (const [lines, left] of tables) {
    it(`is ${left}: ${lines}`, () => assertEquals(leftIn(`${HEAD}\n${lines}\n`), left));
  }
});
