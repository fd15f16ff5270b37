import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl, join } from "@std/path";
import { MUTANTS } from "../faults/mutants.ts";
import { CONTROLS } from "./controls.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

describe("a control that puts a mistake into a copy of the sources", () => {
  const all = [
    ...Object.entries(CONTROLS),
    ...Object.entries(MUTANTS).map(([name, m]) => [name, [m]] as const),
  ];
  for (const [name, mistakes] of all) {
    it(`finds once what it replaces: ${name}`, () => {
      for (const { file, from } of mistakes) {
        const text = Deno.readTextFileSync(join(PROJECT, file));
        assertEquals(text.split(from).length, 2, `${file}: ${from}`);
      }
    });
  }
});
