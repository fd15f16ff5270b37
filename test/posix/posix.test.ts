import { assert, assertEquals, assertThrows } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import * as posix from "../../lib/posix/mod.ts";
import { O, SyscallError } from "../../lib/posix/mod.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (content: string) => new Uint8Array(new TextEncoder().encode(content));

let dir: string;

/** A suite whose cases have a folder of their own each. */
function describeInFolder(name: string, fill: () => void): void {
  describe(name, () => {
    beforeEach(() => {
      dir = Deno.makeTempDirSync();
    });
    afterEach(() => posix.removeTree(dir));
    fill();
  });
}

function failsWith(code: string, call: () => unknown): void {
  assertEquals(assertThrows(call, SyscallError).code, code);
}

describeInFolder("names", () => {
  const NAMES: [what: string, bytes: number[]][] = [
    ["ASCII", [0x61]],
    ["UTF-8", [0xc3, 0xa4, 0xf0, 0x9f, 0x90, 0xa7]],
    ["Latin 1", [0x61, 0xe4, 0x62]],
    ["a sequence that is cut off", [0xf0, 0x9f, 0x90]],
    ["a surrogate in UTF-8", [0xed, 0xb2, 0x80]],
    ["an overlong sequence", [0xc0, 0xaf]],
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x61]],
    ["a newline", [0x61, 0x0a]],
    ["every high byte", Array.from({ length: 128 }, (_, i) => 128 + i)],
  ];
  for (const [what, wanted] of NAMES) {
    it(`survive the way to the disk and back: ${what}`, () => {
      const name = posix.nameOf(new Uint8Array(wanted));
      assertEquals([...posix.bytesOf(name)], wanted);
      posix.createFile(`${dir}/${name}`, bytes("a"));
      assertEquals(posix.readdir(dir), [{ name, type: "file" }]);
      assertEquals(text(posix.readFile(`${dir}/${name}`)), "a");
    });
  }

  it("are not mangled, as Deno's are (the control)", () => {
    const name = posix.nameOf(new Uint8Array([0x61, 0xe4]));
    posix.createFile(`${dir}/${name}`, bytes(""));
    const [found] = [...Deno.readDirSync(dir)];
    assert(found!.name !== name);
    assertThrows(() => Deno.lstatSync(`${dir}/${found!.name}`), Deno.errors.NotFound);
  });

  it("with a NUL are refused", () => {
    assertThrows(() => posix.lstat(`${dir}/a\0b`), TypeError, "NUL");
  });
});

describeInFolder("lstat", () => {
  it("has what the kernel has", () => {
    posix.createFile(`${dir}/f`, bytes("abc"), 0o4751);
    posix.link(`${dir}/f`, `${dir}/g`);
    posix.utimens(`${dir}/f`, 1_234_567_890_123_456_789n);
    const stat = posix.lstat(`${dir}/f`)!;
    const { type, mode, uid, gid, size, mtime, nlink, rdev, immutable } = stat;
    assertEquals({ type, mode, uid, gid, size, mtime, nlink, rdev, immutable }, {
      type: "file",
      mode: 0o4751,
      uid: Deno.uid()!,
      gid: Deno.gid()!,
      size: 3,
      mtime: 1_234_567_890_123_456_789n,
      nlink: 2,
      rdev: "0:0",
      immutable: false,
    });
    assertEquals(stat.ino, posix.lstat(`${dir}/g`)!.ino);
    assertEquals(stat.ino, BigInt(Deno.lstatSync(`${dir}/f`).ino!));
  });

  it("tells types apart and does not follow links", () => {
    posix.mkdir(`${dir}/d`, 0o1777);
    posix.symlink("d", `${dir}/l`);
    posix.mknod(`${dir}/p`, "fifo", 0o620);
    assertEquals(["d", "l", "p"].map((n) => posix.lstat(`${dir}/${n}`)!.type), [
      "directory",
      "symlink",
      "fifo",
    ]);
    assertEquals(posix.lstat(`${dir}/d`)!.mode, 0o1777);
    assertEquals(posix.lstat(`${dir}/p`)!.mode, 0o620);
    assertEquals(posix.readlink(`${dir}/l`), "d");
  });

  it("is undefined where nothing is, also below a file", () => {
    posix.createFile(`${dir}/f`, bytes(""));
    assertEquals([posix.lstat(`${dir}/x`), posix.lstat(`${dir}/f/x`)], [undefined, undefined]);
  });
});

describeInFolder("times", () => {
  for (const ns of [0n, -1n, -1_000_000_000n, -1_500_000_001n, 1n, 4_102_444_800_000_000_001n]) {
    it(`${ns} ns survives`, () => {
      posix.createFile(`${dir}/f`, bytes(""));
      posix.utimens(`${dir}/f`, ns);
      assertEquals(posix.lstat(`${dir}/f`)!.mtime, ns);
    });
  }

  it("of a link are its own", () => {
    posix.createFile(`${dir}/f`, bytes(""));
    posix.symlink("f", `${dir}/l`);
    const before = posix.lstat(`${dir}/f`)!.mtime;
    posix.utimens(`${dir}/l`, 5n);
    assertEquals([posix.lstat(`${dir}/l`)!.mtime, posix.lstat(`${dir}/f`)!.mtime], [5n, before]);
  });
});

describeInFolder("paths longer than PATH_MAX", () => {
  it("can be made, read, changed, renamed and removed", () => {
    let path = dir;
    for (let i = 0; i < 25; i++) posix.mkdir(path = `${path}/${"n".repeat(200)}`, 0o700);
    assert(path.length > 4096);
    const file = `${path}/f`;
    posix.createFile(file, bytes("deep"));
    posix.chmod(file, 0o640);
    posix.utimens(file, 7n);
    setXattrOrSkip(file);
    posix.rename(file, `${path}/g`);
    posix.symlink("g", `${path}/l`);
    assertEquals(text(posix.readFile(`${path}/g`)), "deep");
    assertEquals(posix.readlink(`${path}/l`), "g");
    const { mode, mtime } = posix.lstat(`${path}/g`)!;
    assertEquals([mode, mtime], [0o640, 7n]);
    assertEquals(posix.readdir(path).map(({ name }) => name).sort(), ["g", "l"]);
    // The control: one call cannot take such a path.
    assertThrows(() => Deno.lstatSync(`${path}/g`), Error);
    const top = posix.open(dir, O.RDONLY | O.DIRECTORY);
    posix.withFile(top, () => posix.close(posix.openBeneath(top, path.slice(dir.length + 1))));
    posix.removeTree(`${dir}/${"n".repeat(200)}`);
    assertEquals(posix.readdir(dir), []);
  });
});

/** Sets and reads an attribute; file systems without user attributes are left out. */
function setXattrOrSkip(path: string): void {
  try {
    posix.setXattr(path, "user.a", bytes("v"));
  } catch (error) {
    if (error instanceof SyscallError && error.code === "EOPNOTSUPP") return;
    throw error;
  }
  assertEquals(text(posix.getXattr(path, "user.a")!), "v");
}

describeInFolder("content", () => {
  const MIB = 1 << 20;
  function copy(from: string, to: string): void {
    posix.withFile(posix.open(from, O.RDONLY), (source) => {
      const target = posix.open(to, O.WRONLY | O.CREAT | O.EXCL, 0o600);
      posix.withFile(target, () => {
        posix.copyContent(source, target, posix.lstat(from)!.size, to);
      });
    });
  }

  for (
    const [what, at, size] of [
      ["a hole before", [8 * MIB], 8 * MIB + 3],
      ["a hole after", [0], 8 * MIB],
      ["holes between", [0, 4 * MIB, 8 * MIB], 12 * MIB],
      ["nothing but a hole", [], 8 * MIB],
      ["nothing", [], 0],
    ] as [string, number[], number][]
  ) {
    it(`is copied, holes stay holes: ${what}`, () => {
      using file = Deno.createSync(`${dir}/a`);
      file.truncateSync(size);
      for (const offset of at) {
        file.seekSync(offset, Deno.SeekMode.Start);
        file.writeSync(bytes("abc"));
      }
      copy(`${dir}/a`, `${dir}/b`);
      const [a, b] = [posix.lstat(`${dir}/a`)!, posix.lstat(`${dir}/b`)!];
      assertEquals(b.size, size);
      assertEquals(b.blocks, a.blocks);
      const [left, right] = [posix.readFile(`${dir}/a`), posix.readFile(`${dir}/b`)];
      assert(left.every((byte, i) => byte === right[i]) && left.length === right.length);
      // The control: reading and writing fills the holes.
      if (size > 0) {
        Deno.writeFileSync(`${dir}/c`, left);
        assert(posix.lstat(`${dir}/c`)!.blocks > b.blocks);
      }
    });
  }

  it("of a symbolic link is not read, and a file that is there is not overwritten", () => {
    posix.createFile(`${dir}/f`, bytes("a"));
    posix.symlink("f", `${dir}/l`);
    failsWith("ELOOP", () => posix.readFile(`${dir}/l`));
    failsWith("EEXIST", () => posix.createFile(`${dir}/f`, bytes("b")));
    failsWith("EEXIST", () => posix.createFile(`${dir}/l`, bytes("b")));
  });
});

describeInFolder("openBeneath", () => {
  it("opens directories below, and refuses links and the way out", () => {
    posix.mkdir(`${dir}/in`);
    posix.mkdir(`${dir}/in/side`);
    posix.mkdir(`${dir}/out`);
    posix.symlink("../out", `${dir}/in/relative`);
    posix.symlink(`${dir}/out`, `${dir}/in/absolute`);
    posix.symlink("side", `${dir}/in/harmless`);
    const top = posix.open(`${dir}/in`, O.RDONLY | O.DIRECTORY);
    posix.withFile(top, () => {
      for (const path of ["", "side"]) posix.close(posix.openBeneath(top, path));
      for (const path of ["relative", "absolute", "harmless", "harmless/x"]) {
        failsWith("ELOOP", () => posix.openBeneath(top, path));
      }
      for (const path of ["..", "../out", "side/../../out", `${dir}/out`]) {
        failsWith("EXDEV", () => posix.openBeneath(top, path));
      }
      failsWith("ENOENT", () => posix.openBeneath(top, "none"));
    });
  });
});

describeInFolder("removeTree", () => {
  it("removes links and not what they point to; nothing is no error", () => {
    posix.mkdir(`${dir}/keep`);
    posix.createFile(`${dir}/keep/file`, bytes("a"));
    posix.mkdir(`${dir}/tree`);
    posix.mkdir(`${dir}/tree/sub`);
    posix.symlink("../../keep", `${dir}/tree/sub/link`);
    posix.symlink("keep", `${dir}/link`);
    for (const name of ["tree", "link", "none"]) posix.removeTree(`${dir}/${name}`);
    assertEquals(posix.readdir(dir).map(({ name }) => name), ["keep"]);
    assertEquals(text(posix.readFile(`${dir}/keep/file`)), "a");
  });
});

describeInFolder("rename", () => {
  beforeEach(() => {
    posix.createFile(`${dir}/a`, bytes("file"));
    posix.mkdir(`${dir}/b`);
  });

  it("lets a file and a directory change places", () => {
    posix.rename(`${dir}/a`, `${dir}/b`, "exchange");
    assertEquals([posix.lstat(`${dir}/a`)!.type, posix.lstat(`${dir}/b`)!.type], [
      "directory",
      "file",
    ]);
  });

  it("overwrites only where it may", () => {
    posix.createFile(`${dir}/c`, bytes("other"));
    failsWith("EEXIST", () => posix.rename(`${dir}/a`, `${dir}/c`, "noreplace"));
    assertEquals(text(posix.readFile(`${dir}/c`)), "other");
    posix.rename(`${dir}/a`, `${dir}/c`);
    assertEquals(text(posix.readFile(`${dir}/c`)), "file");
    failsWith("ENOENT", () => posix.rename(`${dir}/a`, `${dir}/c`, "exchange"));
  });
});

describeInFolder("extended attributes", () => {
  it("are set, listed, read and removed, of the path itself", () => {
    posix.createFile(`${dir}/f`, bytes(""));
    posix.symlink("f", `${dir}/l`);
    posix.setXattr(`${dir}/f`, "trusted.b", new Uint8Array([0, 255]));
    posix.setXattr(`${dir}/f`, "trusted.a", new Uint8Array());
    assertEquals(posix.listXattr(`${dir}/f`), ["trusted.a", "trusted.b"]);
    assertEquals([...posix.getXattr(`${dir}/f`, "trusted.b")!], [0, 255]);
    assertEquals(posix.listXattr(`${dir}/l`), []);
    posix.removeXattr(`${dir}/f`, "trusted.b");
    posix.removeXattr(`${dir}/f`, "trusted.b");
    assertEquals(posix.getXattr(`${dir}/f`, "trusted.b"), undefined);
  });

  it("of overlayfs are not carried over; owner, mode and time are", () => {
    posix.createFile(`${dir}/f`, bytes(""), 0o600);
    posix.createFile(`${dir}/g`, bytes(""), 0o600);
    posix.lchown(`${dir}/f`, 1, 2);
    posix.chmod(`${dir}/f`, 0o6755);
    posix.setXattr(`${dir}/f`, "trusted.a", bytes("a"));
    posix.setXattr(`${dir}/f`, "trusted.overlay.x", bytes("x"));
    posix.setXattr(`${dir}/g`, "trusted.old", bytes("x"));
    posix.utimens(`${dir}/f`, 3n);
    posix.copyAttributes(`${dir}/f`, posix.lstat(`${dir}/f`)!, `${dir}/g`);
    const { mode, uid, gid, mtime } = posix.lstat(`${dir}/g`)!;
    assertEquals({ mode, uid, gid, mtime }, { mode: 0o6755, uid: 1, gid: 2, mtime: 3n });
    assertEquals(posix.listXattr(`${dir}/g`), ["trusted.a"]);
  });
});
