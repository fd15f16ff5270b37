import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ChangedError, follow, FollowError, Tree } from "../../lib/door/mod.ts";
import { bytesOf, close, lstat, nameOf, SyscallError, withFile } from "../../lib/posix/mod.ts";
import { readAll } from "../../lib/posix/mod.ts";
import { Folder } from "../posix/folder.ts";

function treeOf(folder: Folder, script: string): Tree {
  folder.sh(script);
  return new Tree(folder.at("root"));
}

describe("a tree", () => {
  it("should show what is below its root, and nothing through a link", () => {
    using folder = new Folder();
    using tree = treeOf(
      folder,
      "mkdir -p root/etc outside; echo secret >outside/f; echo own >root/etc/f; " +
        'ln -s "$PWD/outside" root/away; ln -s ../../outside root/etc/up; ln -s etc root/side',
    );
    assertEquals(tree.stat("/etc/f")?.type, "file");
    assertEquals(tree.stat("/away")?.type, "symlink");
    for (const path of ["/away/f", "/etc/up/f", "/side/f", "/none", "/etc/f/x"]) {
      assertEquals(tree.stat(path), undefined, path);
      assertThrows(() => tree.openFile(path), SyscallError, `"${path}"`);
    }
    assertEquals(tree.list("/").map(({ name }) => name).sort(), ["away", "etc", "side"]);
    assertEquals(nameOf(tree.read("/etc/f")!), "own\n");
    assertEquals(tree.read("/away"), undefined);
    // Control: by its name the file outside is there.
    assertEquals(lstat(folder.at("root/away/f"))?.type, "file");
  });

  it("should refuse paths that are none inside it", () => {
    using folder = new Folder();
    using tree = treeOf(folder, "mkdir -p root/a");
    for (const path of ["/a/../../x", "/./a/x", "a/x", "//a/x"]) {
      assertThrows(() => tree.stat(path), TypeError, "Not a path inside a tree");
    }
  });

  it("should not change through a link, whatever the change", () => {
    using folder = new Folder();
    using tree = treeOf(
      folder,
      'mkdir -p root outside/d; echo 1 >outside/f; ln -s "$PWD/outside" root/away; touch root/x',
    );
    const before = folder.sh("ls -lR outside");
    const changes = {
      mkdir: () => tree.mkdir("/away/n"),
      create: () => tree.create("/away/n", bytesOf("x")),
      symlink: () => tree.symlink("x", "/away/n"),
      mknod: () => tree.mknod("/away/n", "fifo", 0o600),
      unlink: () => tree.unlink("/away/f"),
      rmdir: () => tree.rmdir("/away/d"),
      remove: () => tree.remove("/away/d"),
      rename: () => tree.rename("/x", "/away/n"),
      chmod: () => tree.hold("/away/f"),
    };
    for (const change of Object.values(changes)) assertThrows(change, SyscallError);

    assertEquals(folder.sh("ls -lR outside"), before);
  });

  it("should change the inode that was looked at, and no other", () => {
    using folder = new Folder();
    using tree = treeOf(folder, "mkdir root; echo 1 >root/f; echo 2 >root/g; chmod 600 root/*");
    const seen = tree.stat("/f")!;
    {
      using inode = tree.hold("/f", seen);
      folder.sh("mv root/f root/kept; ln -s g root/f");
      inode.chmod(0o640);
      inode.writeXattrs(new Map([["user.a", bytesOf("1")]]));
      inode.utimens(5n);
      assertEquals(inode.xattrs(), new Map([["user.a", bytesOf("1")]]));
    }
    assertEquals(
      folder.sh("stat -c '%n %a %Y' root/kept root/g | cut -d' ' -f1,2"),
      [
        "root/kept 640",
        "root/g 600",
        "",
      ].join("\n"),
    );
    assertEquals(tree.stat("/kept")!.mtime, 5n);
    assertThrows(() => tree.hold("/f", seen), ChangedError, "replaced by another process");
    assertThrows(() => tree.openFile("/g", seen), ChangedError);
  });

  it("should hold a link itself", () => {
    using folder = new Folder();
    using tree = treeOf(folder, "mkdir root; echo 1 >root/f; ln -s f root/l");
    using inode = tree.hold("/l");
    assertEquals([inode.stat.type, inode.readlink()], ["symlink", "f"]);
    inode.utimens(7n);
    inode.chown(1, 1);
    assertEquals([tree.stat("/l")!.mtime, tree.stat("/l")!.uid, tree.stat("/f")!.uid], [7n, 1, 0]);
  });

  it("should forget directories that it renames or removes", () => {
    using folder = new Folder();
    using tree = treeOf(folder, "mkdir -p root/a/b root/c; echo a >root/a/b/f; echo c >root/c/f");
    assert(tree.stat("/a/b/f"));
    tree.rename("/a", "/z");
    tree.rename("/c", "/a");
    assertEquals(nameOf(tree.read("/a/f")!), "c\n");
    assertEquals(tree.stat("/a/b/f"), undefined);
    tree.remove("/a");
    assertEquals(tree.stat("/a/f"), undefined);
  });

  it("should reach deep paths and many directories", () => {
    using folder = new Folder();
    const deep = `/${Array(60).fill("d".repeat(100)).join("/")}`;
    folder.sh(
      "mkdir root; (cd root; n=$(printf 'd%.0s' {1..100}); for i in {1..60}; do mkdir $n; cd $n; " +
        "done; echo deep >f); for i in {1..80}; do mkdir root/$i; echo $i >root/$i/f; done",
    );
    using tree = new Tree(folder.at("root"));
    assertEquals(nameOf(tree.read(`${deep}/f`)!), "deep\n");
    for (let i = 1; i <= 80; i++) assertEquals(nameOf(tree.read(`/${i}/f`)!), `${i}\n`);
    using part = tree.below("/7");
    assertEquals(nameOf(part.read("/f")!), "7\n");
  });

  it("should open nothing but regular files to read, without waiting", () => {
    using folder = new Folder();
    using tree = treeOf(folder, "mkdir -p root/d; mkfifo root/p; echo 1 >root/f");
    for (const path of ["/d", "/p"]) assertThrows(() => tree.openFile(path), ChangedError);
    assertEquals(withFile(tree.openFile("/f"), (fd) => readAll(fd, 1, "/f").length), 2);
    close(tree.openNew("/new"));
    assertThrows(() => tree.openNew("/new"), SyscallError, "EEXIST");
  });
});

describe("follow", () => {
  const leads = (folder: Folder, script: string, path: string) => {
    using tree = treeOf(folder, script);
    return follow(tree, path).path;
  };

  it("should follow as inside a chroot", () => {
    using folder = new Folder();
    const script = "mkdir -p root/usr/bin root/a; ln -s usr/bin root/bin; ln -s /bin root/a/b; " +
      "ln -s ../../../../usr root/a/up; touch root/usr/bin/x";
    assertEquals(leads(folder, script, "/bin/x"), "/usr/bin/x");
    using tree = new Tree(folder.at("root"));
    assertEquals(follow(tree, "/a/b").path, "/usr/bin");
    assertEquals(follow(tree, "/a/up/bin/x").path, "/usr/bin/x");
    assertEquals(follow(tree, "/").path, "/");
    for (
      const [path, why] of [["/none/x", "does not exist"], ["/usr/bin/x/y", "not a directory"]]
    ) {
      assertThrows(() => follow(tree, path!), FollowError, why);
    }
    folder.sh("ln -s l root/l");
    assertThrows(() => follow(tree, "/l"), FollowError, "too many symlinks");
  });

  const HOME = "mkdir -p root/home/a/own root/etc root/srv; touch root/etc/f root/home/a/own/f; " +
    "chown -R 1000:1000 root/home/a; ";
  const link = (target: string, path: string, owner: number) =>
    `ln -s ${target} root${path}; chown -h ${owner} root${path}`;
  const CASES: readonly [what: string, script: string, path: string, leads: string | undefined][] =
    [
      [
        "a user's link to root's directory",
        link("/etc", "/home/a/l", 1000),
        "/home/a/l/f",
        undefined,
      ],
      ["a relative one", link("../../etc", "/home/a/l", 1000), "/home/a/l/f", undefined],
      ["a user's link to root's file", link("/etc/f", "/home/a/l", 1000), "/home/a/l", undefined],
      [
        "a user's link to what is their own",
        link("own", "/home/a/l", 1000),
        "/home/a/l/f",
        "/home/a/own/f",
      ],
      ["root's link in a user's directory", link("/etc", "/home/a/l", 0), "/home/a/l/f", "/etc/f"],
      [
        "a user's link in root's directory",
        link("/home/a/own", "/srv/l", 1000),
        "/srv/l/f",
        undefined,
      ],
      ["another user's link", link("own", "/home/a/l", 1001), "/home/a/l/f", undefined],
      [
        "a chain that begins with a user's link",
        `${link("m", "/home/a/l", 1000)}; ${link("/etc", "/home/a/m", 0)}`,
        "/home/a/l/f",
        undefined,
      ],
    ];
  for (const [what, script, path, expected] of CASES) {
    it(`should ${expected ? "follow" : "refuse"} ${what}`, () => {
      using folder = new Folder();
      using tree = treeOf(folder, HOME + script);
      if (expected) assertEquals(follow(tree, path).path, expected);
      else assertThrows(() => follow(tree, path), FollowError, "is a symlink of user");
    });
  }
});
