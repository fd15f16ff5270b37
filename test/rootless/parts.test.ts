import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { userRoots } from "../../lib/state/mod.ts";
import { Tree } from "../../lib/door/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { bytesOf, nameOf } from "../../lib/posix/mod.ts";
import { Gaps } from "../../lib/union/gaps.ts";
import { standInFor } from "../../lib/union/stand_ins.ts";
import { Folder } from "../posix/folder.ts";

describe("gaps", () => {
  it("should be one line a reason, with a few names and a count", () => {
    const gaps = new Gaps();
    gaps.note("cannot be read", "/a");
    for (const name of ["b", "c", "d", "e", "f"]) gaps.note("cannot be written", `/${name}`);
    assertEquals(gaps.lines, [
      "1 path cannot be read: /a",
      "5 paths cannot be written: /b, /c, /d, /e, ...",
    ]);
  });
});

describe("a stand-in", () => {
  it("should have the accounts and groups, and no passwords", () => {
    using folder = new Folder();
    Deno.writeFileSync(folder.at("passwd"), bytesOf("root:x:0:0::/root:/bin/sh\n\na:x:1:1:::\n"));
    Deno.writeFileSync(folder.at("group"), bytesOf("root:x:0:\nadm:x:4:a,b\n"));
    using tree = new Tree(folder.path);
    const text = (path: string) => nameOf(standInFor(tree, path, 1, "")!);
    assertEquals(text("/etc/shadow"), "root:*:19000:0:99999:7:::\na:*:19000:0:99999:7:::\n");
    assertEquals(text("/etc/gshadow-"), "root:*::\nadm:*::a,b\n");
  });

  it("should be there for nothing else, but for what is empty", () => {
    using folder = new Folder();
    using tree = new Tree(folder.path);
    assertEquals(standInFor(tree, "/etc/sudoers", 1, "/etc"), undefined);
    assertEquals(standInFor(tree, "/etc/.pwd.lock", 0, "/etc"), new Uint8Array());
  });
});

describe("a user's roots", () => {
  it("should be the user's own, but for the settings", () => {
    const { etc, run, var: kept } = userRoots({ HOME: "/home/u" });
    assertEquals([etc, kept, run], [
      "/etc/disco",
      "/home/u/.local/state/disco/var/disco",
      "/home/u/.local/state/disco/run/disco",
    ]);
    assertEquals(userRoots({ HOME: "/h", XDG_STATE_HOME: "/s" }).var, "/s/disco/var/disco");
  });

  it("should need a home", () => {
    for (const env of [{}, { HOME: "" }, { HOME: "here" }]) {
      assertThrows(() => userRoots(env), DiscoError, "HOME is not set");
    }
  });
});
