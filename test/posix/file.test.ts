import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { close, copyContent, lstat, O, open, openBeneath, readFile } from "../../lib/posix/mod.ts";
import { fstat, SyscallError, tryLock, tryRecordLock, withFile } from "../../lib/posix/mod.ts";
import { Folder } from "./folder.ts";

function copy(from: string, to: string): void {
  withFile(
    open(from, O.RDONLY),
    (source) =>
      withFile(open(to, O.WRONLY | O.CREAT | O.EXCL, 0o600), (target) => {
        copyContent(source, target, fstat(source).size, to);
      }),
  );
}

describe("copyContent", () => {
  const files: [what: string, script: string][] = [
    ["an empty file", ": >a"],
    ["a plain file", "seq 100000 >a"],
    ["a file of 64 KiB without a byte", "head -c 65535 /dev/urandom >a"],
    ["a file of 64 KiB", "head -c 65536 /dev/urandom >a"],
    ["a file of 64 KiB and a byte", "head -c 65537 /dev/urandom >a"],
    ["a hole before data in a small file", "truncate -s 60000 a; echo x >>a"],
    ["a small file that is allocated", "fallocate -l 60000 a; echo x | dd of=a conv=notrunc"],
    ["only a hole", "truncate -s 1G a"],
    [
      "data between holes",
      "truncate -s 1G a; for at in 7 70 700; do printf x | dd of=a bs=1M seek=$at conv=notrunc status=none; done",
    ],
    ["a hole at the end", "seq 1000 >a; truncate -s 64M a"],
    ["what is allocated and never written", "fallocate -l 8M a; echo x | dd of=a conv=notrunc"],
  ];
  for (const [what, script] of files) {
    it(`should copy ${what}, and no more blocks than there are`, () => {
      using folder = new Folder();
      folder.sh(script);
      copy(folder.at("a"), folder.at("b"));
      folder.run("cmp", "a", "b");
      const [a, b] = [lstat(folder.at("a"))!, lstat(folder.at("b"))!];
      assert(b.blocks <= a.blocks + 8, `${b.blocks} blocks instead of ${a.blocks}`);
      assert(b.blocks >= a.blocks - 8, `${b.blocks} blocks instead of ${a.blocks}`);
    });
  }

  it("should copy from one file system to another", () => {
    using folder = new Folder();
    copy("/proc/self/mountinfo", folder.at("none"));
    // A file of proc has no size, hence nothing to copy; sysfs has one that can be trusted less.
    assertEquals(lstat(folder.at("none"))?.size, 0);
    using other = {
      path: Deno.makeTempFileSync({ dir: "/dev/shm" }),
      [Symbol.dispose]() {
        Deno.removeSync(this.path);
      },
    };
    Deno.writeTextFileSync(other.path, "x".repeat(100_000));
    copy(other.path, folder.at("b"));
    folder.run("cmp", other.path, "b");
  });

  it("control: the blocks tell when holes are filled", () => {
    using folder = new Folder();
    folder.sh("truncate -s 8M a; cp --sparse=never a b");
    assert(lstat(folder.at("b"))!.blocks > lstat(folder.at("a"))!.blocks + 8);
  });
});

describe("readFile", () => {
  it("should refuse a link, and not wait for a FIFO's writer", () => {
    using folder = new Folder();
    folder.sh("echo x >x; ln -s x l; mkfifo p");
    assertEquals(new TextDecoder().decode(readFile(folder.at("x"))), "x\n");
    assertThrows(() => readFile(folder.at("l")), SyscallError, "ELOOP");
    assertEquals(readFile(folder.at("p")).length, 0);
  });

  it("should read files that do not know their size", () => {
    assertEquals(new TextDecoder().decode(readFile("/proc/self/mountinfo")).split("\n").pop(), "");
  });
});

describe("openBeneath", () => {
  const refused: [path: string, code: string][] = [
    ["link", "ELOOP"],
    ["link/below", "ELOOP"],
    ["dir/up", "ELOOP"],
    ["..", "EXDEV"],
    ["dir/../..", "EXDEV"],
    ["/etc", "EXDEV"],
    ["file", "ENOTDIR"],
    ["none", "ENOENT"],
  ];
  for (const [path, code] of refused) {
    it(`should refuse ${path} (${code})`, () => {
      using folder = new Folder();
      folder.sh("mkdir -p top/dir/sub; touch top/file; ln -s dir top/link; ln -s .. top/dir/up");
      withFile(open(folder.at("top"), O.RDONLY | O.DIRECTORY), (dir) => {
        const error = assertThrows(() => openBeneath(dir, path), SyscallError);
        assertEquals(error.code, code);
      });
    });
  }

  it("should refuse a link on a long way, too", () => {
    using folder = new Folder();
    const long = Array(8).fill("d".repeat(200)).join("/");
    folder.sh(`mkdir -p top/${long}; ln -s ${long.slice(0, 200)} top/link`);
    withFile(open(folder.at("top"), O.RDONLY | O.DIRECTORY), (dir) => {
      withFile(
        openBeneath(dir, long),
        (fd) => assertEquals(fstat(fd), lstat(folder.at(`top/${long}`))),
      );
      const links = `link/${long.slice(201)}`;
      const error = assertThrows(() => openBeneath(dir, links), SyscallError);
      assertEquals(error.code, "ELOOP");
    });
  });

  it("control: opens what is really there, the folder itself with an empty path", () => {
    using folder = new Folder();
    folder.sh("mkdir -p top/dir/sub");
    withFile(open(folder.at("top"), O.RDONLY | O.DIRECTORY), (dir) => {
      for (const path of ["", "dir/sub"]) {
        withFile(openBeneath(dir, path), (fd) => {
          assertEquals(fstat(fd).ino, lstat(folder.at(`top/${path}`).replace(/\/$/, ""))!.ino);
        });
      }
    });
  });
});

describe("locks", () => {
  it("should be refused while another descriptor holds the lock, and end with it", () => {
    using folder = new Folder();
    folder.sh("touch x");
    const path = folder.at("x");
    const [one, two] = [open(path, O.RDWR), open(path, O.RDWR)];
    assertEquals([tryLock(one, path), tryLock(two, path)], [true, false]);
    close(one);
    assertEquals(tryLock(two, path), true);
    close(two);
  });

  it("should be seen by another process, as dpkg's are", () => {
    using folder = new Folder();
    folder.sh("touch x");
    const look = "import fcntl; f = open('x', 'r+'); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)";
    withFile(open(folder.at("x"), O.RDWR), (fd) => {
      assertEquals(tryRecordLock(fd, folder.at("x")), true);
      assertThrows(() => folder.run("python3", "-c", look), Error, "BlockingIOError");
    });
    folder.run("python3", "-c", look);
  });
});
