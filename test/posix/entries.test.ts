import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  bytesOf,
  createFile,
  lstat,
  readdir,
  readFile,
  SyscallError,
} from "../../lib/posix/mod.ts";
import { mkdir, readlink, removeTree, rename, symlink, unlink } from "../../lib/posix/mod.ts";
import { Folder } from "./folder.ts";

function write(path: string, text = "x"): void {
  createFile(path, bytesOf(text));
}

describe("readdir", () => {
  it("should list 10,000 names, each once", () => {
    using folder = new Folder();
    folder.sh(
      "seq -f 'a-rather-long-name-so-that-one-chunk-is-not-enough-%05g' 10000 | xargs touch",
    );
    const names = readdir(folder.path).map(({ name }) => name);
    assertEquals(names.sort(), [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort());
    assertEquals(new Set(names).size, 10_000);
  });

  it("should tell the types, and leave out . and ..", () => {
    using folder = new Folder();
    folder.sh("touch -- -f ...; mkdir d; ln -s x l; mkfifo p; mknod c c 1 3");
    const found = readdir(folder.path).map(({ name, type }) => `${name} ${type}`).sort();
    assertEquals(found, ["-f file", "... file", "c char", "d directory", "l symlink", "p fifo"]);
  });

  it("should not list through a link", () => {
    using folder = new Folder();
    symlink("/etc", folder.at("l"));
    assertThrows(() => readdir(folder.at("l")), SyscallError, "ENOTDIR");
  });
});

describe("removeTree", () => {
  it("should remove links and leave alone what they point to", () => {
    using folder = new Folder();
    folder.sh("mkdir -p out/d tree/a; touch out/d/keep; ln -s ../../out/d tree/a/l; ln -s out top");
    removeTree(folder.at("tree"));
    removeTree(folder.at("top"));
    assertEquals(readdir(folder.path), [{ name: "out", type: "directory" }]);
    assertEquals(lstat(folder.at("out/d/keep"))?.type, "file");
  });

  it("should remove names that a shell would stumble over, and do nothing twice", () => {
    using folder = new Folder();
    folder.sh(`mkdir -p t/$'\\xff\\n'; touch t/-rf "t/ " t/'*' t/$'\\xff\\n/-f'`);
    removeTree(folder.at("t"));
    removeTree(folder.at("t"));
    assertEquals(readdir(folder.path), []);
  });

  it("should remove a tree whose paths are longer than the kernel takes at once", () => {
    using folder = new Folder();
    folder.sh("n=$(printf 'd%.0s' {1..200}); for i in {1..30}; do mkdir $n; cd $n; done; touch x");
    removeTree(folder.at("d".repeat(200)));
    assertEquals(readdir(folder.path), []);
  });
});

describe("a path longer than PATH_MAX", () => {
  const name = "d".repeat(200);
  const deep = Array(30).fill(name).join("/");

  it("should be walked in pieces", () => {
    using folder = new Folder();
    let path = folder.path;
    for (let i = 0; i < 30; i++) mkdir(path += `/${name}`);
    write(`${path}/x`, "deep");
    symlink("x", `${path}/l`);
    assertEquals(new TextDecoder().decode(readFile(`${path}/x`)), "deep");
    assertEquals(readlink(folder.at(`${deep}/l`)), "x");
    rename(`${path}/x`, `${path}/y`);
    unlink(`${path}/l`);
    assertEquals(readdir(path), [{ name: "y", type: "file" }]);
  });

  it("control: is refused to Deno", () => {
    using folder = new Folder();
    assertThrows(() => Deno.lstatSync(folder.at(`${deep}/x`)), Error, "too long");
  });
});

describe("rename", () => {
  it("should let two names change places", () => {
    using folder = new Folder();
    folder.sh("echo a >a; mkdir b");
    const before = ["a", "b"].map((name) => lstat(folder.at(name))!.ino);
    rename(folder.at("a"), folder.at("b"), "exchange");
    assertEquals(["b", "a"].map((name) => lstat(folder.at(name))!.ino), before);
  });

  it("should not overwrite when told so; control: does otherwise", () => {
    using folder = new Folder();
    folder.sh("echo a >a; echo b >b");
    const path = (name: string) => folder.at(name);
    assertThrows(() => rename(path("a"), path("b"), "noreplace"), SyscallError, "EEXIST");
    assertEquals(folder.sh("cat b"), "b\n");
    rename(path("a"), path("b"));
    assertEquals(folder.sh("cat b"), "a\n");
  });
});

describe("mkdir and createFile", () => {
  it("should give exactly the mode, whatever the umask", () => {
    using folder = new Folder();
    const umask = Deno.umask(0o777);
    mkdir(folder.at("d"), 0o3775);
    createFile(folder.at("f"), bytesOf("x"), 0o4666);
    Deno.umask(umask);
    assertEquals(["d", "f"].map((name) => lstat(folder.at(name))!.mode), [0o3775, 0o4666]);
  });

  it("should not write through a link that lies there", () => {
    using folder = new Folder();
    symlink(folder.at("victim"), folder.at("f"));
    assertThrows(() => write(folder.at("f")), SyscallError, "EEXIST");
    assert(!lstat(folder.at("victim")));
  });
});
