import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { subjectOf } from "../../lib/check/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { temporaryFolder, writeFiles } from "../ball/files.ts";

describe("subjectOf", () => {
  it("should take a word as a name, and what has a slash as a folder in a universe", () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, { "balls/web/requires": "", "web/requires": "", "balls/-x/requires": "" });
    assertEquals(subjectOf("web"), { ball: "web", universe: undefined });
    const found = { ball: "web", universe: tmp.path };
    assertEquals(subjectOf(`${tmp.path}/balls/web`), found);
    assertEquals(subjectOf(`${tmp.path}/balls/x/../web/`), found);
    for (const path of ["web", "balls/gone", "balls/-x", "balls"]) {
      assertEquals(assertThrows(() => subjectOf(`${tmp.path}/${path}`), DiscoError).code, 3, path);
    }
    assertEquals(assertThrows(() => subjectOf("a b"), DiscoError).code, 3);
  });
});
