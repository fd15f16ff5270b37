import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { lstat, O, open, type Stat, SyscallError, withFile } from "../../lib/posix/mod.ts";
import { fstat, link, mknod, symlink, utimens } from "../../lib/posix/mod.ts";
import { Folder } from "./folder.ts";

/** What stat(1) says, in the form of a {@linkcode Stat}. */
function gnuStat(folder: Folder, name: string): Partial<Stat> {
  const format = "%f %u %g %s %b %i %h %Hd:%Ld %Hr:%Lr";
  const words = folder.run("stat", "--format", format, name).trim().split(" ");
  const times = folder.run("stat", "--format", "%.9Y %.9Z", name).trim().split(" ");
  const [mode = "", uid, gid, size, blocks, ino, nlink, dev, rdev] = words;
  return {
    mode: parseInt(mode, 16) & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    blocks: Number(blocks),
    mtime: BigInt(times[0]!.replace(".", "")),
    ctime: BigInt(times[1]!.replace(".", "")),
    ino: BigInt(ino!),
    dev: dev!,
    nlink: Number(nlink),
    rdev: rdev!,
  };
}

describe("lstat", () => {
  const makes: [type: Stat["type"], script: string][] = [
    ["file", "printf abc >x; chmod 6751 x; chown 12:34 x"],
    ["file", "truncate -s 5G x; ln x y"],
    ["directory", "mkdir -m 1777 x"],
    ["symlink", "ln -s nowhere x; chown -h 5 x"],
    ["fifo", "mkfifo -m 0600 x"],
    ["socket", `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("x")'`],
    ["char", "mknod x c 1 300"],
    ["block", "mknod x b 259 70000"],
  ];
  for (const [type, script] of makes) {
    it(`should say of a ${type} what stat(1) says: ${script}`, () => {
      using folder = new Folder();
      folder.sh(`${script}; touch -h -d @1234567890.123456789 x`);
      const stat = lstat(folder.at("x"))!;
      const expected = gnuStat(folder, "x");
      assertEquals(stat.type, type);
      assertEquals({ ...stat, ...expected }, { ...stat });
      assertEquals(stat.mtime, 1234567890_123456789n);
    });
  }

  it("should be undefined where nothing is, and fail for any other reason", () => {
    using folder = new Folder();
    folder.sh("touch file; ln -s loop loop");
    assertEquals(lstat(folder.at("no")), undefined);
    assertEquals(lstat(folder.at("file/below")), undefined);
    const error = assertThrows(() => lstat(folder.at("loop/below\n")), SyscallError, 'below\\n":');
    assertEquals([error.code, error.errno], ["ELOOP", 40]);
  });

  it("should tell flags that stop a merge", () => {
    using folder = new Folder();
    folder.sh("touch i a; chattr +i i; chattr +a a");
    const flags = ["i", "a"].map((name) => {
      const { immutable, appendOnly } = lstat(folder.at(name))!;
      return [immutable, appendOnly];
    });
    folder.sh("chattr -i i; chattr -a a");
    assertEquals(flags, [[true, false], [false, true]]);
  });

  it("should tell mounts apart that are one file system", () => {
    assertEquals(
      lstat("/")!.mount === lstat("/etc")!.mount,
      lstat("/")!.dev === lstat("/etc")!.dev,
    );
    assert(lstat("/")!.mount !== lstat("/proc")!.mount);
  });

  it("should have times before 1970 and beyond 2038, which utimens sets to the nanosecond", () => {
    using folder = new Folder();
    folder.sh("touch x; ln -s x link");
    for (const time of [-1n, -1_500_000_000n, 4_102_444_800_000_000_001n]) {
      utimens(folder.at("link"), time);
      assertEquals(lstat(folder.at("link"))!.mtime, time);
    }
    assert(lstat(folder.at("x"))!.mtime > 0n, "the link was followed");
  });

  it("should agree with fstat", () => {
    using folder = new Folder();
    folder.sh("echo x >x");
    const path = folder.at("x");
    assertEquals(withFile(open(path, O.RDONLY), fstat), lstat(path));
  });
});

describe("mknod", () => {
  for (const rdev of ["1:3", "8:255", "259:256", "511:1048575", "4095:70000"]) {
    it(`should make the device ${rdev}, whatever the umask`, () => {
      using folder = new Folder();
      const umask = Deno.umask(0o077);
      mknod(folder.at("x"), "char", 0o666, rdev);
      Deno.umask(umask);
      const { type, rdev: is, mode } = lstat(folder.at("x"))!;
      assertEquals({ type, rdev: is, mode }, { type: "char", rdev, mode: 0o666 });
    });
  }
});

describe("link", () => {
  it("should give a symbolic link, not its target, a second name", () => {
    using folder = new Folder();
    symlink("/etc/passwd", folder.at("a"));
    link(folder.at("a"), folder.at("b"));
    assertEquals(lstat(folder.at("b")), lstat(folder.at("a")));
  });
});
