import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene } from "../host/mod.ts";
import { lstat, readdir } from "../../lib/posix/mod.ts";
import { namesIn, seenFromOutside } from "./support.ts";

describeOnHost("inodes:", () => {
  for (const type of ["tmpfs", "ext4", "xfs", "btrfs"] as const) {
    it(`a change of attributes keeps a large file, and copies nothing (${type})`, async () => {
      await using scene = (await newScene()).ball("b", "cd /mnt/x; chown 3:4 big; chmod 640 big");
      const { host } = scene;
      if (type !== "tmpfs") await host.mountImage("/mnt/x", type);
      host.write("/mnt/x/big", new Uint8Array(30_000_000).fill(7));
      const used = async () => Number(await host.run(["sh", "-c", "sync; stat -f -c %f /mnt/x"]));
      const before = { ino: host.lstat("/mnt/x/big")!.ino, free: await used() };
      await scene.dance().ok();
      const { ino, mode, uid, gid } = host.lstat("/mnt/x/big")!;
      assertEquals([ino, mode, uid, gid], [before.ino, 0o640, 3, 4]);
      assert(before.free - await used() < 1000, "blocks were used");
    });
  }

  it("a swap file of fallocate(1) stays allocated, and is undone", async () => {
    await using scene = (await newScene({ root: "ext4" })).ball(
      "b",
      "fallocate -l 8M /srv/swap; chmod 600 /srv/swap; mkswap /srv/swap; truncate -s 8M /srv/holes",
    );
    const { host } = scene;
    await scene.dance().ok();
    const blocks = (path: string) => host.lstat(path)!.blocks * 512;
    assert(blocks("/srv/swap") >= 8 << 20, "it has holes");
    assertEquals(blocks("/srv/holes"), 0, "control");
    await scene.rollback().ok();
    assertEquals(namesIn(host, "/srv"), []);
  });

  it("three names of one file stay three names, and are undone", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "cd /srv; echo x >a; ln a b; ln a c; chmod 640 c",
    );
    const { host } = scene;
    await scene.dance().ok();
    const inodes = ["/srv/a", "/srv/b", "/srv/c"].map((path) => host.lstat(path)!);
    assertEquals(new Set(inodes.map(({ ino }) => ino)).size, 1);
    assertEquals(inodes.map(({ mode, nlink }) => [mode, nlink]), Array(3).fill([0o640, 3]));
    scene.ball("b", "cd /srv; chmod 600 a b c");
    await scene.dance().ok();
    const more = ["/srv/a", "/srv/b", "/srv/c"].map((path) => host.lstat(path)!);
    assertEquals(more.map(({ ino }) => ino), inodes.map(({ ino }) => ino));
    assertEquals(more.map(({ mode, nlink }) => [mode, nlink]), Array(3).fill([0o600, 3]));
    for (let i = 0; i < 2; i++) await scene.rollback().ok();
    assertEquals(namesIn(host, "/srv"), []);
  });

  it("sparse files stay sparse", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "cd /srv/t; truncate -s 200M new; echo x >>new; echo y >>old",
    );
    const { host } = scene;
    host.mkdir("/srv/t");
    await host.run(["truncate", "-s", "200M", "/srv/t/old"]);
    await scene.dance().ok();
    for (const name of ["new", "old"]) {
      const { size, blocks } = host.lstat(`/srv/t/${name}`)!;
      assertEquals([size, blocks < 1000], [200 * 1024 * 1024 + 2, true], name);
    }
  });

  it("a program that runs is replaced, and goes on running", async () => {
    await using scene = (await newScene()).ball("b", "cat /bin/echo >/srv/t/program");
    const { host } = scene;
    host.mkdir("/srv/t");
    await host.run(["cp", "/bin/sleep", "/srv/t/program"]);
    const running = host.spawn(["/srv/t/program", "100"]);
    await running.pid();
    await scene.dance().ok();
    assertEquals(await host.run(["/srv/t/program", "new"]), "new\n");
    assert(host.processes().some(({ argv }) => argv[0] === "/srv/t/program"));
    await running.kill("SIGKILL");
    await running.outcome;
  });

  it("one name of two, modified in place: the other one keeps its content", async () => {
    // overlayfs without an index takes the names of a file apart when it copies one of them; what
    // counts is that the dry run says the same.
    await using scene = (await newScene()).ball("b", "cd /srv/t; echo new >a");
    const { host } = scene;
    host.write("/srv/t/a", "old\n");
    await host.run(["ln", "/srv/t/a", "/srv/t/b"]);
    const before = host.tree();
    await scene.dance().changes("~ /srv/t/a").ok()
      .leaves({ "/srv/t/a": "new\n", "/srv/t/b": "old\n" });
    await scene.rollback().ok();
    assertEquals(compareTrees(before, host.tree()), []);
  });

  it("a socket is left out, and said so", async () => {
    await using scene = (await newScene()).ball(
      "b",
      `cd /srv/t; mkdir d; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Listen=>1,Local=>"d/s")'`,
    );
    const { host } = scene;
    host.mkdir("/srv/t");
    const { result: { notSimulated } } = await scene.dance().ok();
    assert(host.exists("/srv/t/d") && !host.exists("/srv/t/d/s"));
    assertStringIncludes(notSimulated.map(({ what }) => what).join(), "/srv/t/d/s");
  });
});

/** Makes a tree deeper than PATH_MAX (4096), with a file at its end. */
const DEEP =
  `n=$(printf "d%.0s" {1..200}); cd /srv/t; for i in {1..25}; do mkdir -p $n; cd ./$n; done`;

describeOnHost("a tree that is deeper than a path can be long", () => {
  /** The tree's last directory, seen from outside. */
  const bottom = (folder: string): string => {
    const [entry] = readdir(folder).filter(({ type }) => type === "directory");
    return entry ? bottom(`${folder}/${entry.name}`) : folder;
  };

  for (
    const [what, old, script] of [
      ["created", "mkdir /srv/t", `${DEEP}; echo new >f`],
      ["changed", `mkdir /srv/t; ${DEEP}; echo old >f`, `${DEEP}; echo new >f; chmod 600 f`],
      ["deleted", `mkdir /srv/t; ${DEEP}; echo old >f`, "rm -rf /srv/t/*"],
      ["renamed", `mkdir /srv/t; ${DEEP}; echo old >f`, "cd /srv/t; [ -d new ] || mv d* new"],
    ] as const
  ) {
    it(`is ${what}, and rolled back`, async () => {
      await using scene = (await newScene()).ball("b", script);
      const { host } = scene;
      await host.run(["bash", "-c", old]);
      const before = host.tree();
      await scene.dance().ok();
      const found = bottom(seenFromOutside(host, "/srv/t"));
      const size = lstat(`${found}/f`)?.size;
      assertEquals(size, what === "deleted" ? undefined : 4);
      await scene.dance().changes().ok();
      await scene.rollback().ok();
      assertEquals(compareTrees(before, host.tree()), []);
    });
  }
});
