import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { FEATURES_OF_KERNEL, requireKernel } from "../../lib/union/kernel.ts";
import { describeOnHost } from "../host/mod.ts";
import { inNamespace } from "./child.ts";
import type { Outcome, Wish } from "./scratches.ts";

const PROGRAM = new URL("scratches.ts", import.meta.url);
const tried = (wish: Wish) => inNamespace<Outcome>(PROGRAM, wish);

describe("what is needed of the kernel", () => {
  it("is all there in the one that runs the tests", () => {
    requireKernel();
  });

  it("is refused by name where it is missing, and what can be done without is not", () => {
    const without = (missing: string) =>
      FEATURES_OF_KERNEL.map((f) => f.name === missing ? { ...f, isThere: () => false } : f);
    const error = assertThrows(() => requireKernel(without("openat2")), DiscoError);
    assertStringIncludes(error.message, "this kernel has no openat2 (Linux 5.6 has it)");
    for (const { name } of FEATURES_OF_KERNEL.filter(({ otherwise }) => otherwise)) {
      requireKernel(without(name));
    }
  });
});

describeOnHost("the scratchpad", () => {
  it("is in memory where files there keep attributes of users", async () => {
    assertEquals(await tried({ memory: "tmpfs", hasDisk: true }), {
      kind: "memory",
      keeps: true,
      failed: "",
    });
  });

  it("is on disk where they do not: ramfs is like the tmpfs of Linux 6.1", async () => {
    assertEquals(await tried({ memory: "ramfs", hasDisk: true }), {
      kind: "disk",
      keeps: true,
      failed: "",
    });
  });

  it("is refused where it can be nowhere", async () => {
    const { failed } = await tried({ memory: "ramfs", hasDisk: false });
    assertStringIncludes(failed, "in memory files have no user.* attributes here");
    assertStringIncludes(failed, "let root have loop devices, or use a newer kernel");
  });
});
