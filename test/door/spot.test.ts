import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Tree } from "../../lib/door/mod.ts";
import { fstat, SyscallError } from "../../lib/posix/mod.ts";
import { Folder } from "../posix/folder.ts";

describe("a spot", () => {
  it("should be held with its mount, a directory or not", () => {
    using folder = new Folder();
    folder.sh("mkdir -p root/d; touch root/f");
    using tree = new Tree(folder.at("root"));
    using d = tree.spot("/d");
    using f = tree.spot("/f");
    assertEquals([d.isDirectory, f.isDirectory], [true, false]);
    assertEquals(BigInt(d.mount), fstat(d.fd).mount);
    assertEquals([d.mount, d.unique], [f.mount, f.unique]);
  });

  it("should not be reached through a link, and a link is one itself", () => {
    using folder = new Folder();
    folder.sh("mkdir -p root/d outside/d; ln -s ../outside root/l; ln -s d root/m");
    using tree = new Tree(folder.at("root"));
    assertThrows(() => tree.spot("/l/d"), SyscallError);
    assertThrows(() => tree.spot("/none"), SyscallError, "ENOENT");
    using link = tree.spot("/m");
    assertEquals([link.isDirectory, fstat(link.fd).type], [false, "symlink"]);
  });
});
