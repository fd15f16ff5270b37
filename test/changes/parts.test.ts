import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { BallLists } from "../../lib/changes/ball_lists.ts";
import { Bounds } from "../../lib/changes/bounds.ts";
import { sameContent, sha256 } from "../../lib/changes/content.ts";
import { Pace } from "../../lib/changes/pace.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { close, O, open } from "../../lib/posix/mod.ts";
import { Folder } from "../posix/folder.ts";

describe("the pace of long work", () => {
  it("should let the event loop run, and end when it is called off", async () => {
    const interrupt = new AbortController();
    const pace = new Pace(interrupt.signal);
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns === 3) interrupt.abort();
    });
    const work = async () => {
      for (;;) await pace.step();
    };
    await assertRejects(work, DiscoError, "interrupted");
    clearInterval(timer);
    assertEquals(turns >= 3, true);
  });
});

describe("the bounds of a difference", () => {
  it("should name the ball whose path is too long", () => {
    const bounds = new Bounds();
    bounds.take("/d".repeat(4096), ["a"]);
    assertThrows(
      () => bounds.take("/d".repeat(4097), ["a", "b"]),
      DiscoError,
      'changes of ball "b": "/d/d',
    );
  });

  it("should name the ball that changes too many", () => {
    const bounds = new Bounds();
    const take = () => {
      for (let i = 0; i < 1_000_001; i++) bounds.take("/f", ["a"]);
    };
    assertThrows(take, DiscoError, 'changes of ball "a": more than 1000000 paths were changed');
    const long = new Bounds();
    const takeLong = () => {
      for (let i = 0; i < 20_000; i++) long.take("/d".repeat(4000), ["a"]);
    };
    assertThrows(takeLong, DiscoError, "have more than");
  });
});

describe("lists of balls", () => {
  it("should be the same object for the same balls, in their order, each once", () => {
    const lists = new BallLists();
    const a = lists.add("a");
    const ab = lists.add("b", a);
    assertEquals(ab, ["a", "b"]);
    assert(lists.add("b", lists.add("a")) === ab && lists.add("a", ab) === lists.add("a", ab));
    assertEquals(lists.add("a", ab), ["a", "b"]);
  });
});

describe("content", () => {
  const ways: readonly [what: string, script: string, same: boolean][] = [
    ["holes and zeros", "truncate -s 3M a; head -c 3M /dev/zero >b", true],
    [
      "a byte behind a hole",
      "truncate -s 3M a b; printf x | dd of=b seek=2M bs=1 conv=notrunc",
      false,
    ],
    ["a byte in a hole", "truncate -s 8M a b; printf x | dd of=a seek=5M bs=1 conv=notrunc", false],
    [
      "the last byte",
      "head -c 2097153 /dev/zero | tr '\\0' x | tee a >b; printf y | dd of=b seek=2M bs=1 conv=notrunc",
      false,
    ],
    ["odd lengths", "printf 123456789 | tee a >b", true],
    ["the rest of a word", "printf 1234567 >a; printf 1234568 >b", false],
    ["lengths", "printf 12 >a; printf 123 >b", false],
    ["enormous holes", "truncate -s 4T a b", true],
  ];
  for (const [what, script, same] of ways) {
    it(`should be ${same ? "equal" : "different"} for ${what}`, async () => {
      using folder = new Folder();
      folder.sh(`{ ${script}; } 2>/dev/null`);
      const [a, b] = ["a", "b"].map((name) => ({
        fd: open(folder.at(name), O.RDONLY),
        path: name,
      })) as [{ fd: number; path: string }, { fd: number; path: string }];
      assertEquals(await sameContent(a, b, new Pace()), same);
      if (!script.includes("4T")) {
        const printed = folder.sh("sha256sum a | cut -d' ' -f1").trim();
        assertEquals(await sha256(a, new Pace()), printed);
      }
      close(a.fd);
      close(b.fd);
    });
  }
});
