import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { lstat } from "../../lib/posix/mod.ts";
import { applyPermissions, deliverFiles } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

describe("a tree that is too much", () => {
  const RULES = "- alice - /srv/x";
  for (
    const [what, script, why] of [
      ["a passwd of 3 GB", "truncate -s 3G etc/passwd", '"/etc/passwd" has more than'],
      ["a passwd that is a FIFO", "mkfifo etc/passwd", '"/etc/passwd" is a fifo, not a file'],
      ["a passwd that is a folder", "mkdir etc/passwd", '"/etc/passwd" is a directory, not a file'],
      ["a passwd in circles", "ln -s passwd etc/passwd", "too many symlinks"],
      ["a passwd that is a device", "mknod etc/passwd c 1 5", "is a char, not a file"],
      ["no passwd", "true", 'there is no user "alice"'],
    ] as const
  ) {
    it(`should be told: ${what}`, () => {
      using tree = new Fixture({ "srv/x": "x", "etc/": "" });
      tree.sh(script);
      const ball = tree.ball({ "files/srv/x": "y" }, RULES);
      assertThrows(() => applyPermissions(ball, tree.target), DiscoError, why);
      assertThrows(() => deliverFiles(ball, tree.target), DiscoError, why);
      assertEquals(tree.shows("/srv/x"), "0644 x");
      assertEquals(tree.names("/srv"), ["x"]);
    });
  }

  it("should know the last of many accounts", () => {
    using tree = new Fixture({ "srv/x": "x", "etc/": "" });
    tree.sh("for ((i = 1; i < 50000; i++)); do echo u$i:x:$i:$i::/:; done >etc/passwd");
    applyPermissions(tree.ball({}, "- u49999 - /srv/x"), tree.target);
    assertEquals(tree.shows("/srv/x"), "0644 49999:0 x");
  });

  it("should be told: a directory too deep to be replaced by a file", () => {
    using tree = new Fixture({ "srv/x/": "" });
    tree.sh(
      "mkdir -p srv/x/$(printf 'd/%.0s' {1..600})",
    );
    const ball = tree.ball({ "files/srv/x": "x" });
    assertThrows(() => deliverFiles(ball, tree.target), DiscoError, "500 levels of folders");
    assertEquals(tree.names("/srv"), ["x"]);
    tree.sh("rm -rf srv/x");
  });
});

describe("a large file with holes", () => {
  it("should be delivered, compared and kept as it is without reading the holes", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "files/": "" });
    const make = "truncate -s 4T big; printf a | dd of=big bs=1 seek=2T conv=notrunc status=none";
    tree.sh(`cd ../ball/files; ${make}`);
    assertEquals(deliverFiles(ball, tree.target), ["/big"]);
    assertEquals(deliverFiles(ball, tree.target), []);
    const { size, blocks } = lstat(`${tree.target}/big`)!;
    assertEquals([size, blocks <= 128], [2 ** 42, true]);

    for (
      const change of ["printf b | dd of=big bs=1 seek=2T", "printf c | dd of=big bs=1 seek=3T"]
    ) {
      tree.sh(`${change} conv=notrunc status=none`);
      assertEquals(deliverFiles(ball, tree.target), ["/big"], change);
      assertEquals(deliverFiles(ball, tree.target), []);
    }
    // Zeros that are written are the same as a hole.
    tree.sh("head -c 1M /dev/zero | dd of=big bs=1M seek=5 conv=notrunc status=none");
    assertEquals(deliverFiles(ball, tree.target), []);
  });
});
