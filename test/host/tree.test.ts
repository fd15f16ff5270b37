import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, throwawayHost } from "./mod.ts";

/** What a script does, and the lines a comparison must show, with values cut off. */
const CHANGES: [script: string, lines: string[]][] = [
  ["true", []],
  ["cat /etc/passwd; ls -lR /etc /var >/dev/null", []],
  ["echo a >/etc/t/new", ["/etc/t/new: created (file)", "/etc/t: mtime"]],
  ["rm /etc/t/file", ["/etc/t/file: deleted (file)", "/etc/t: mtime"]],
  ["printf b >/etc/t/file; touch -d @9 /etc/t/file", ["/etc/t/file: content"]],
  ["touch -d @10 /etc/t/file", ["/etc/t/file: mtime 9000000000 -> 10000000000"]],
  ["touch -d @9.000000001 /etc/t/file", ["/etc/t/file: mtime 9000000000 -> 9000000001"]],
  ["chmod 4755 /etc/t/file", ["/etc/t/file: mode 0644 -> 4755"]],
  ["chown 1:2 /etc/t/file", ["/etc/t/file: owner 0:0 -> 1:2"]],
  ["chmod 700 /etc/t", ["/etc/t: mode 0755 -> 0700"]],
  ["setfattr -n trusted.x -v 1 /etc/t/file", ["/etc/t/file: xattrs none -> trusted.x=31"]],
  ["setfacl -m u:1:r /etc/t/file", ["/etc/t/file: xattrs none -> system.posix_acl_access=0200"]],
  ["chattr +i /etc/t/file", ["/etc/t/file: flags none -> i"]],
  ["ln /etc/t/file /srv/l", ["/etc/t/file: nlink 1 -> 2", "/srv/l: created (file)", "/srv: mtime"]],
  ["ln -sfn x /etc/t/link", ["/etc/t/link: mtime", "/etc/t/link: target", "/etc/t: mtime"]],
  [
    "rm /etc/t/file; mkdir /etc/t/file",
    ["/etc/t/file: replaced (file -> directory)", "/etc/t: mtime"],
  ],
  ["mkfifo /etc/t/p", ["/etc/t/p: created (fifo)", "/etc/t: mtime"]],
  ["mv /etc/t /etc/u", [
    "/etc/t/file: deleted (file)",
    "/etc/t/link: deleted (symlink)",
    "/etc/t: deleted (directory)",
    "/etc/u/file: created (file)",
    "/etc/u/link: created (symlink)",
    "/etc/u: created (directory)",
    "/etc: mtime",
  ]],
];

describeOnHost("trees of a host", () => {
  for (const root of ["tmpfs", "ext4"] as const) {
    it(`show every kind of change and nothing else: ${root}`, async () => {
      const results = await Promise.all(CHANGES.map(async ([script, lines]) => {
        // Overlayfs passes on the flags of files of tmpfs from Linux 6.6 only.
        if (root === "tmpfs" && script.startsWith("chattr")) return [];
        await using host = await throwawayHost({ root });
        const prepare = "mkdir /etc/t; printf a >/etc/t/file; ln -s y /etc/t/link; " +
          "touch -d @9 /etc/t/file; chmod 644 /etc/t/file; chmod 755 /etc/t";
        await host.run(["sh", "-c", prepare]);
        const before = host.tree();
        await host.run(["sh", "-c", script]);
        const found = compareTrees(before, host.tree());
        const wanted = lines.every((line, i) => found[i]?.startsWith(line));
        if (wanted && found.length === lines.length) return [];
        return [{ script, lines, found }];
      }));
      assertEquals(results.flat(), []);
    });
  }

  it("show what is done to directories of the machine that nobody had touched", async () => {
    await using host = await throwawayHost();
    const untouched = host.tree();
    const under = "/usr/share/doc/bash";
    const [name = ""] = [...Deno.readDirSync(under)].map((e) => e.name);
    await host.run(["rm", "-r", under]);
    const gone = host.tree();
    assertEquals(compareTrees(untouched, gone).filter((l) => !l.includes("mtime")), [
      `${under}: deleted (directory)`,
    ]);
    await host.run(["mkdir", under]);
    const empty = compareTrees(untouched, host.tree());
    assert(empty.includes(`${under}/${name}: deleted (${typeOf(`${under}/${name}`)})`));
    await host.run(["mv", "/etc/apt", "/etc/tpa"]);
    const moved = host.tree();
    assert(compareTrees(untouched, moved).includes("/etc/apt: deleted (directory)"));
    assertMatch([...moved.get("/")!.entries.keys()].join("\n"), /^\/etc\/tpa\/apt.conf.d\/./m);
  });

  it("of a file that was copied up and left as it was are equal; snapshots are not", async () => {
    await using host = await throwawayHost();
    const [tree, snapshot] = [host.tree(), host.snapshot()];
    await host.run(["sh", "-c", 'chmod "$(stat -c %a /etc/passwd)" /etc/passwd']);
    assertEquals(compareTrees(tree, host.tree()), []);
    assertEquals(
      compareTrees(snapshot, host.snapshot()).includes("/etc/passwd: created (file)"),
      true,
    );
  });

  it("leave out what they are told to", async () => {
    await using host = await throwawayHost();
    host.mkdir("/var/disco");
    const [narrow, wide] = [host.tree(), host.tree([])];
    host.write("/var/disco/dances/1/plan.json", "{}");
    assertEquals(compareTrees(narrow, host.tree()), []);
    assertMatch(compareTrees(wide, host.tree([])).join(), /\/var\/disco\/dances: created/);
  });

  it("have the disks that are mounted in the host", async () => {
    await using host = await throwawayHost();
    const none = host.tree();
    await host.mountImage("/srv/disk", "btrfs");
    assertEquals(compareTrees(none, host.tree()).at(-1), "/srv/disk: mount new");
    const before = host.tree();
    host.write("/srv/disk/a/b", "");
    assertMatch(
      compareTrees(before, host.tree()).join("\n"),
      /^\/srv\/disk: mtime .*\n?/m,
    );
  });
});

describeOnHost("the state of a host", () => {
  it("is the same after a program that only looks", async () => {
    await using host = await throwawayHost();
    await host.kernel();
    const state = async () => [host.processes(), host.mounts(), await host.kernel()];
    const before = await state();
    await host.run(["ps", "ax"]);
    assertEquals(await state(), before);
  });

  it("shows processes, mounts, settings and sockets", async () => {
    await using host = await throwawayHost();
    const kernel = await host.kernel();
    await host.run([
      "sh",
      "-c",
      "sleep 1000 >/dev/null 2>&1 & mount -t tmpfs none /mnt; echo 1 >/proc/sys/net/ipv4/ip_forward",
    ]);
    assertEquals(host.processes().map(({ argv }) => argv), [["/bin/cat"], ["sleep", "1000"]]);
    assertMatch(host.mounts().at(-1)!, / \/mnt .*- tmpfs none/);
    const changed = (await host.kernel()).filter((line) => !kernel.includes(line));
    assert(changed.includes("/proc/sys/net/ipv4/ip_forward:1"));
  });
});

function typeOf(path: string): string {
  const { isDirectory, isSymlink } = Deno.lstatSync(path);
  return isDirectory ? "directory" : isSymlink ? "symlink" : "file";
}
