import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import { dance, danced, hostWith, namesIn } from "./scene.ts";

/** Mount `/mnt/x`, a file system, or a part of it, at `/opt/a` and `/opt/b`. */
const HOSTS: Record<string, readonly [type: "ext4" | "xfs" | "btrfs", mount: string]> = {
  "an ext4 file system": ["ext4", "for d in a b; do mount --bind /mnt/x /opt/$d; done"],
  "a folder on xfs": [
    "xfs",
    "mkdir /mnt/x/s; for d in a b; do mount --bind /mnt/x/s /opt/$d; done",
  ],
  "a btrfs subvolume": [
    "btrfs",
    "btrfs -q subvolume create /mnt/x/s; " +
    "for d in a b; do mount -o subvol=s $(findmnt -no SOURCE /mnt/x) /opt/$d; done",
  ],
};

const SCRIPT = "echo new >/opt/a/f; echo new >/opt/a/n; echo new >/etc/x";

async function furnish(host: ThrowawayHost, type: "ext4" | "xfs" | "btrfs", mount: string) {
  await host.mountImage("/mnt/x", type);
  await host.run(["sh", "-ec", `mkdir -p /opt/a /opt/b; ${mount}; echo old >/opt/a/f`]);
  await host.run(["chown", "1000:1000", "/opt/a"]);
}

describeOnHost("mounted at two places:", () => {
  for (const [name, [type, mount]] of Object.entries(HOSTS)) {
    it(`${name} is merged to, undone, and merged to again`, async () => {
      await using host = await hostWith(SCRIPT);
      await furnish(host, type, mount);
      await danced(host);
      for (const path of ["/opt/a/f", "/opt/b/f", "/opt/b/n", "/etc/x"]) {
        assertEquals(host.read(path), "new\n", path);
      }
      await host.run(host.discoArgv("rollback"));
      assertEquals([host.read("/opt/b/f"), namesIn(host, "/opt/b").includes("n")], [
        "old\n",
        false,
      ]);
      await danced(host);
      assertEquals((await danced(host)).changes, []);
    });
  }

  it("a file is not changed through both", async () => {
    await using host = await hostWith("echo 1 >/opt/a/f; echo 2 >/opt/b/f; echo 3 >/srv/other");
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    const { code, stderr } = await dance(host);
    assertEquals([code, host.read("/opt/a/f"), host.exists("/srv/other")], [1, "old\n", false]);
    assertStringIncludes(stderr, "one directory is mounted at two places");
  });

  it("a user's directory is left alone where only its attributes, or nothing, change", async () => {
    await using host = await hostWith("chmod 600 /opt/a/f; echo >/srv/other");
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    const before = host.lstat("/opt/a")!;
    await danced(host);
    const { mtime, ctime } = host.lstat("/opt/a")!;
    assertEquals([mtime, ctime], [before.mtime, before.ctime]);
    assert(!namesIn(host, "/opt/a").includes(".disco"));
  });

  it("a user's file of the name of the staging folder is in nobody's way", async () => {
    await using host = await hostWith("echo new >/opt/a/n");
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    host.write("/opt/a/.disco", "his\n");
    await danced(host);
    await host.run(host.discoArgv("rollback"));
    assertEquals(host.read("/opt/a/.disco"), "his\n");
  });
});
