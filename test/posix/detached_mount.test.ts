import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { takesParameter } from "../../lib/posix/mod.ts";

const FILE_SYSTEMS = Deno.readTextFileSync("/proc/filesystems").trim().split("\n")
  .map((line) => line.split("\t")[1]!);

// Each file system that has the old interface is a control: fsconfig(2) itself takes any name there.
describe("takesParameter", () => {
  it("should know what tmpfs takes", () => {
    assertEquals(takesParameter("tmpfs", "mode", "0700"), Deno.uid() === 0);
  });

  it("should believe no file system that takes anything", () => {
    const believed = FILE_SYSTEMS.filter((type) => takesParameter(type, "disco-no-such", "x"));
    assertEquals(believed, []);
  });

  it("should say no where there is no such file system", () => {
    assertEquals(takesParameter("nosuch", "mode", "0700"), false);
  });
});
