import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { bytesOf, createFile, lstat, nameOf, readdir } from "../../lib/posix/mod.ts";
import { cString, passing } from "../../lib/posix/names.ts";
import { Folder } from "./folder.ts";

const NAMES: readonly (readonly [what: string, bytes: number[], name: string])[] = [
  ["ASCII", [0x61, 0x2d, 0x62], "a-b"],
  ["UTF-8 of each length", [0xc3, 0xbc, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x95, 0xba], "ü€🕺"],
  ["a byte order mark", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ["a newline", [0x61, 0x0a, 0x62], "a\nb"],
  ["Latin-1", [0x66, 0xfc, 0x72], "f\udcfcr"],
  ["half a character at the end", [0x61, 0xe2, 0x82], "a\udce2\udc82"],
  ["an overlong slash", [0xc0, 0xaf], "\udcc0\udcaf"],
  ["an encoded surrogate", [0xed, 0xb2, 0x80], "\udced\udcb2\udc80"],
  ["valid after invalid", [0xff, 0xc3, 0xbc], "\udcffü"],
  ["every byte that is no ASCII", range(0x80, 0xff), ""],
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

describe("nameOf and bytesOf", () => {
  for (const [what, bytes, name] of NAMES) {
    it(`should take ${what} there and back`, () => {
      const spelled = nameOf(new Uint8Array(bytes));
      if (name) assertEquals(spelled, name);
      assertEquals([...bytesOf(spelled)], bytes);
    });
  }

  it("should refuse a NUL in what is given to libc", () => {
    assertThrows(() => cString("a\0b"), TypeError, "NUL");
    assertEquals([...cString("a")], [0x61, 0]);
  });
});

describe("bytes of a path for one call", () => {
  const text = (bytes: Uint8Array) => nameOf(bytes.subarray(0, bytes.indexOf(0)));

  it("should be those of the path, whatever was there before, with a NUL", () => {
    const long = [510, 511, 512, 513, 5000].map((length) => "x".repeat(length));
    for (const path of [...long, "a", "", "/ü", "f\udcfcr", "b"]) {
      assertEquals(text(passing(path)), path);
    }
    assertThrows(() => passing("a\0b"), TypeError, "NUL");
  });

  it("should stay as they are while seven other paths come", () => {
    const paths = ["a", "bb", "ccc", "dd", "e", "ff", "g", "hh"];
    assertEquals(paths.map(passing).map(text), paths);
    // The control: the ninth takes the place of the first.
    assertEquals([...paths, "i"].map(passing).map(text)[0], "i");
  });
});

describe("a name that is not UTF-8", () => {
  const name = "f\udcfcr\n";

  it("should be listed and found again", () => {
    using folder = new Folder();
    folder.sh(`touch $'f\\xfcr\\n'`);
    assertEquals(readdir(folder.path), [{ name, type: "file" }]);
    assertEquals(lstat(folder.at(name))?.type, "file");
  });

  it("should be what bash sees when it is made here", () => {
    using folder = new Folder();
    createFile(folder.at(name), bytesOf("x"));
    assertEquals(folder.sh(`[ -f $'f\\xfcr\\n' ] && echo there`), "there\n");
  });

  it("control: is mangled by Deno's own readDir and cannot be opened by what it says", () => {
    using folder = new Folder();
    createFile(folder.at(name), bytesOf("x"));
    const [entry] = [...Deno.readDirSync(folder.path)];
    assertEquals(entry?.name, "f\ufffdr\n");
    assertThrows(() => Deno.lstatSync(folder.at(entry!.name)), Deno.errors.NotFound);
  });
});
