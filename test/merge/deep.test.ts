import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Tree } from "../../lib/door/mod.ts";
import { isChangedBelow } from "../../lib/merge/conflict.ts";
import { Copier } from "../../lib/merge/copy.ts";
import { watch } from "../../lib/merge/watch.ts";
import {
  close,
  createFile,
  Descent,
  lstat,
  mkdir,
  O,
  open,
  readdirOf,
} from "../../lib/posix/mod.ts";
import { removeTree } from "../../lib/posix/mod.ts";
import { Folder } from "../posix/folder.ts";

/** More than there are descriptors, and than the stack has room for. */
const DEPTH = 20_000;

/** Make directories in one another below a folder, and a file in the last. */
function dig(folder: string): void {
  using descent = new Descent(open(folder, O.RDONLY | O.DIRECTORY));
  for (let i = 0; i < DEPTH; i++) {
    mkdir("d", 0o755, descent.fd);
    descent.enter("d");
  }
  createFile("end", new Uint8Array([1, 2, 3]), 0o640, descent.fd);
}

/** How deep it goes, the size and mode of the file in the last directory. */
function measure(folder: string): (number | undefined)[] {
  using descent = new Descent(open(folder, O.RDONLY | O.DIRECTORY));
  while (readdirOf(descent.fd, folder).some(({ name }) => name === "d")) descent.enter("d");
  const end = lstat("end", descent.fd);
  return [descent.depth, end?.size, end?.mode];
}

describe("a tree of 20,000 nested directories", () => {
  it("should be copied, compared, looked at and removed", async () => {
    using folder = new Folder("/dev/shm");
    folder.sh("mkdir from to");
    dig(folder.at("from"));
    using from = new Tree(folder.at("from"));
    using to = new Tree(folder.at("to"));
    new Copier().copy(from, "/d", to, "0");
    assertEquals(measure(folder.at("to/0")), [DEPTH - 1, 3, 0o640]);
    assert(!isChangedBelow(from, "/d", () => false));
    assert((await watch(from, ["/d"]))["/d"]!.attributes.includes("directory"));
    removeTree(folder.at("to"));
    assertEquals(lstat(folder.at("to")), undefined);
  });

  it("control: a walk that calls itself, with a descriptor each, ends before", () => {
    using folder = new Folder("/dev/shm");
    dig(folder.path);
    const opened: number[] = [];
    const walk = (fd: number): void => {
      opened.push(fd);
      walk(open("d", O.RDONLY | O.DIRECTORY, 0, fd));
    };
    assertThrows(() => walk(open(folder.path, O.RDONLY | O.DIRECTORY)), Error);
    opened.forEach(close);
  });
});

describe("a descent", () => {
  it("should notice that a directory was moved while it was inside", () => {
    using folder = new Folder();
    folder.sh("mkdir -p a/b/c other");
    using descent = new Descent(open(folder.at("a"), O.RDONLY | O.DIRECTORY));
    descent.enter("b");
    descent.enter("c");
    folder.sh("mv a/b/c other/c");
    assertThrows(() => descent.leave(), Error, "moved");
  });

  it("should follow no link", () => {
    using folder = new Folder();
    folder.sh("mkdir a b; ln -s ../b a/l");
    using descent = new Descent(open(folder.at("a"), O.RDONLY | O.DIRECTORY));
    assertThrows(() => descent.enter("l"), Error);
  });
});
