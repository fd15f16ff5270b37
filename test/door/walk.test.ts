import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { TooMuchError, Tree, walk } from "../../lib/door/mod.ts";
import { Folder } from "../posix/folder.ts";

const paths = (tree: Tree, from: string, bounds = { entries: 100, levels: 10 }) =>
  [...walk(tree, from, bounds)].map(({ path }) => path);

describe("walk", () => {
  it("should meet everything in order, and follow nothing", () => {
    using folder = new Folder();
    folder.sh("mkdir -p r/b/c r/a; touch r/b/c/f r/b-x r/a/z; ln -s / r/l");
    using tree = new Tree(folder.at("r"));
    assertEquals(paths(tree, "/"), ["/a", "/a/z", "/b", "/b/c", "/b/c/f", "/b-x", "/l"]);
    assertEquals(paths(tree, "/b"), ["/b/c", "/b/c/f"]);
    const wants = (name: string) => name !== "b";
    assertEquals([...walk(tree, "/", { entries: 9, levels: 9, wants })].length, 4);
  });

  it("should stop at its bounds", () => {
    using folder = new Folder();
    folder.sh("mkdir -p r/a/b/c r/many; touch r/many/{1..50}");
    using tree = new Tree(folder.at("r"));
    assertEquals(paths(tree, "/a", { entries: 2, levels: 3 }), ["/a/b", "/a/b/c"]);
    const more = (from: string, entries: number, levels: number, why: string) =>
      assertThrows(() => paths(tree, from, { entries, levels }), TooMuchError, why);
    more("/many", 49, 9, '"/many" has more than 49 entries');
    more("/a", 1, 9, '"/a" has more than 1 entries');
    more("/a", 9, 2, '"/a" has more than 2 levels of folders');
  });
});
