import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { missingStandInWatch } from "../../lib/sandbox/mod.ts";

describe("missingStandInWatch", () => {
  it("says that reading a stand-in goes unnoticed where there is no fanotify", () => {
    assertStringIncludes(missingStandInWatch(() => false)!, "has no fanotify");
  });

  it("says nothing where there is", () => {
    assertEquals(missingStandInWatch(() => true), undefined);
  });
});
