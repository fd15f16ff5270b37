import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Tree } from "../../lib/door/mod.ts";
import { Inside } from "../../lib/render/resolve.ts";
import { Fixture } from "./fixture.ts";

function resolve(target: string, path: string): string {
  using tree = new Tree(target);
  return new Inside(tree).resolve(path) || "/";
}

describe("Inside.resolve()", () => {
  const live = {
    "usr/bin/": "",
    "bin": "-> usr/bin",
    "sbin": "-> /usr/bin",
    "up": "-> ../../../../../../../usr",
    "chain": "-> sbin",
    "loop": "-> loop2",
    "loop2": "-> loop",
    "dangling": "-> nowhere",
    "etc/passwd": "root",
    "etc/last": "-> /usr",
    "etc/dots": "-> ../bin/../../etc",
  };

  for (
    const [path, real] of [
      ["/usr/bin/x", "/usr/bin/x"],
      ["bin/x", "/usr/bin/x"],
      ["/sbin/x", "/usr/bin/x"],
      ["/chain//./x", "/usr/bin/x"],
      ["/up/bin/x", "/usr/bin/x"],
      ["/etc/dots/x", "/etc/x"],
      ["/etc/last", "/etc/last"],
      ["/../../etc/x", "/etc/x"],
      ["/", "/"],
    ] as const
  ) {
    it(`takes ${path} to ${real}`, () => {
      using tree = new Fixture(live);
      assertEquals(resolve(tree.target, path), real);
    });
  }

  for (
    const [path, message] of [
      ["/loop/x", "too many symlinks"],
      ["/dangling/x", '"/nowhere" does not exist'],
      ["/missing/x", '"/missing" does not exist'],
      ["/etc/passwd/x", '"/etc/passwd" is not a directory'],
      ["/etc/..", 'ends with ".."'],
    ] as const
  ) {
    it(`refuses ${path}`, () => {
      using tree = new Fixture(live);
      assertThrows(() => resolve(tree.target, path), Error, message);
    });
  }
});
