import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { namesIn } from "./support.ts";

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
      await using scene = (await newScene()).ball("b", SCRIPT);
      const { host } = scene;
      await furnish(host, type, mount);
      const now = ["/opt/a/f", "/opt/b/f", "/opt/b/n", "/etc/x"];
      await scene.dance().ok().leaves(Object.fromEntries(now.map((path) => [path, "new\n"])));
      await scene.rollback().ok().leaves({ "/opt/b/f": "old\n", "/opt/b/n": null });
      await scene.dance().ok();
      await scene.dance().changes().ok();
    });
  }

  it("a file is not changed through both", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "echo 1 >/opt/a/f; echo 2 >/opt/b/f; echo 3 >/srv/other",
    );
    const { host } = scene;
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    await scene.dance().fails("one directory is mounted at two places")
      .leaves({ "/opt/a/f": "old\n", "/srv/other": null });
  });

  it("a user's directory is left alone where only its attributes, or nothing, change", async () => {
    await using scene = (await newScene()).ball("b", "chmod 600 /opt/a/f; echo >/srv/other");
    const { host } = scene;
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    const before = host.lstat("/opt/a")!;
    await scene.dance().ok();
    const { mtime, ctime } = host.lstat("/opt/a")!;
    assertEquals([mtime, ctime], [before.mtime, before.ctime]);
    assert(!namesIn(host, "/opt/a").includes(".disco"));
  });

  it("a user's file of the name of the staging folder is in nobody's way", async () => {
    await using scene = (await newScene()).ball("b", "echo new >/opt/a/n");
    const { host } = scene;
    await furnish(host, ...HOSTS["an ext4 file system"]!);
    host.write("/opt/a/.disco", "his\n");
    await scene.dance().ok();
    await scene.rollback().ok().leaves({ "/opt/a/.disco": "his\n" });
  });
});
