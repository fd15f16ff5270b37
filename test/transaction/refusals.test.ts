import { assert, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** What cannot be merged, and what is said about it. */
interface Refusal {
  readonly name: string;
  readonly type?: "ext4" | "btrfs";
  /** In `/mnt/x`, a file system of its own. */
  readonly old: string;
  /** In `/mnt/x`. */
  readonly script: string;
  readonly says: readonly string[];
}

const REFUSALS: readonly Refusal[] = [
  // The union itself keeps such a file from being written.
  {
    name: "a modified immutable file",
    old: "echo old >f; chattr +i f",
    script: "echo new >f",
    says: ["Operation not permitted", "ended with exit code"],
  },
  {
    name: "a deleted immutable file",
    old: "echo old >f; chattr +i f",
    script: "rm f",
    says: ["Operation not permitted", "ended with exit code"],
  },
  {
    name: "attributes of an immutable file",
    old: "echo old >f; chattr +i f",
    script: "chmod 600 f",
    says: ["Operation not permitted", "ended with exit code"],
  },
  {
    name: "an append-only file",
    old: "echo old >f; chattr +a f",
    script: "echo new >f",
    says: ["Operation not permitted", "ended with exit code"],
  },
  {
    name: "a file in an immutable directory",
    old: "mkdir d; echo old >d/f; chattr +i d",
    script: "echo new >d/f",
    says: ['"/mnt/x/d/f"', 'the directory "/mnt/x/d" is immutable'],
  },
  {
    name: "a new file in an append-only directory",
    old: "mkdir d; chattr +a d",
    script: "echo new >d/f",
    says: ['"/mnt/x/d/f"', 'the directory "/mnt/x/d" is append-only'],
  },
  {
    name: "an immutable directory",
    old: "mkdir d; chattr +i d",
    script: "rmdir d",
    says: ["Operation not permitted", "ended with exit code"],
  },
  {
    name: "a directory that holds a mount",
    old: "mkdir -p d/m; mount -t tmpfs none d/m; echo data >d/m/data",
    script: "mv d e",
    says: ['"/mnt/x/d/m"', "where a file system is mounted"],
  },
  {
    name: "a directory that holds a bind mount, below",
    old: "mkdir -p d/e/m source; echo data >source/data; mount --bind source d/e/m",
    script: "mv d gone; mkdir d",
    says: ['"/mnt/x/d/e/m"', "where a file system is mounted"],
  },
  {
    name: "a directory that holds a read-only mount",
    old: "mkdir -p d/m; mount -t tmpfs -o ro none d/m",
    script: "mv d e",
    says: ['"/mnt/x/d/m"', "where a file system is mounted"],
  },
  {
    name: "a write to a read-only mount",
    old: "mkdir m; mount -t tmpfs -o ro none m",
    script: "echo new >m/f",
    says: ["Read-only file system", "ended with exit code"],
  },
  {
    name: "the removal of a mount point",
    old: "mkdir m; mount -t tmpfs none m",
    script: "rmdir m",
    says: ["busy", "ended with exit code"],
  },
  {
    name: "a file in a nested subvolume",
    type: "btrfs",
    old: "btrfs -q subvolume create s; echo old >s/f",
    script: "echo new >s/f",
    says: ['"/mnt/x/s/f"', "subvolume"],
  },
];

async function furnish(scene: Scene, { old, type = "ext4" }: Refusal): Promise<void> {
  await scene.host.mountImage("/mnt/x", type);
  await scene.sh(`cd /mnt/x; ${old}`);
}

describeOnHost("refused before anything is changed:", () => {
  for (const refusal of REFUSALS) {
    it(refusal.name, async () => {
      await using scene = (await newScene())
        .ball("b", `set -e; echo >/srv/other; cd /mnt/x; ${refusal.script}`);
      await furnish(scene, refusal);
      const { stdout, stderr } = await scene.danceInWords().exits(1).untouched();
      for (const word of refusal.says) assertStringIncludes(stdout + stderr, word);
    });
  }

  it("(control) all of these where nothing is in the way", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "set -e; cd /mnt/x; echo new >f; rm g; chmod 600 h; mv d e; rmdir i",
    );
    const { host } = scene;
    await host.mountImage("/mnt/x", "ext4");
    await scene.sh("cd /mnt/x; touch f g h; mkdir -p d/m i");
    await scene.dance().ok();
    assert(host.exists("/mnt/x/e/m"));
  });

  it("(control) a subvolume that is mounted at its place", async () => {
    await using scene = (await newScene()).ball("b", "echo new >/mnt/x/s/f");
    const { host } = scene;
    await host.mountImage("/mnt/x", "btrfs");
    await scene.sh(
      "cd /mnt/x; btrfs -q subvolume create s; echo old >s/f; " +
        "mount -o subvol=s $(findmnt -no SOURCE /mnt/x) s",
    );
    await scene.dance().ok().leaves({ "/mnt/x/s/f": "new\n" });
  });

  it("too little room", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "head -c 60M /dev/zero >/mnt/x/big; echo >/srv/other",
    );
    const { host } = scene;
    await host.mountImage("/mnt/x", "ext4");
    await scene.dance().fails('for "/mnt/x"').untouched();
  });
});
