import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

/** What keeps a merge from succeeding: how it comes to be, what a ball does, and what is said. */
interface Obstacle {
  readonly what: string;
  readonly setUp: (host: ThrowawayHost) => Promise<unknown>;
  readonly script: string;
  readonly says: string;
  /** Takes the obstacle away. */
  readonly fix: string;
}

const sh = (script: string) => (host: ThrowawayHost) => host.run(["bash", "-ec", script]);

const OBSTACLES: readonly Obstacle[] = [
  {
    what: "a full file system",
    setUp: async (host) => {
      await host.mountImage("/srv/m", "ext4", { size: 16 });
      await host.run(["sh", "-c", "head -c 100M /dev/zero >/srv/m/ballast 2>/dev/null || :"]);
    },
    script: "head -c 200k /dev/urandom >/srv/m/new",
    says: 'Cannot stage 1 changes for "/srv/m"',
    fix: "rm /srv/m/ballast",
  },
  {
    what: "no inodes",
    setUp: sh("mkdir /srv/m; mount -t tmpfs -o nr_inodes=60 m /srv/m; touch /srv/m/{1..50}"),
    script: "touch /srv/m/new{1..30}",
    says: 'Cannot stage 30 changes for "/srv/m"',
    fix: "mount -o remount,nr_inodes=600 /srv/m",
  },
  {
    what: "a project of XFS's quotas",
    setUp: async (host) => {
      await host.mountImage("/srv/m", "xfs");
      await host.run(["mkdir", "/srv/m/d"]);
      await host.run(["xfs_io", "-c", "chproj 42", "-c", "chattr +P", "/srv/m/d"]);
    },
    script: "echo y >/srv/m/d/f",
    says: 'Cannot merge "/srv/m/d/f": its directory belongs to the project 42',
    fix: 'xfs_io -c "chattr -P" -c "chproj 0" /srv/m/d',
  },
  {
    what: "a quota of btrfs",
    setUp: async (host) => {
      await host.mountImage("/srv/m", "btrfs", { size: 120 });
      await host.run(["sh", "-ec", "btrfs quota enable /srv/m; btrfs qgroup limit 5M 0/5 /srv/m"]);
      await host.run(["sync"]);
    },
    script: "head -c 8M /dev/urandom >/srv/m/new",
    says: "inodes are free by its quota",
    fix: "btrfs quota disable /srv/m",
  },
  {
    what: "whiteouts of another overlay in a directory that is moved",
    setUp: sh("mkdir -p /srv/m/a/b; mknod /srv/m/a/b/gone c 0 0; echo x >/srv/m/a/f"),
    script: "mv /srv/m/a /srv/m/z",
    says: "it has a whiteout of another overlay",
    fix: "rm /srv/m/a/b/gone",
  },
  {
    what: "an attribute of overlayfs that a ball sets",
    setUp: sh("mkdir /srv/m; touch /srv/m/f"),
    script:
      "if [ -e /srv/m/f ]; then setfattr -n user.overlay.opaque -v y /srv/m/f; fi; date >/srv/m/g",
    says: 'it has the attribute "user.overlay.opaque", which belongs to overlayfs',
    fix: "rm /srv/m/f",
  },
  {
    what: "an attribute of overlayfs on a new file",
    setUp: sh("mkdir /srv/m; touch /srv/m/f"),
    script:
      "if [ -e /srv/m/f ]; then touch /srv/m/n; setfattr -n user.overlay.whiteout -v y /srv/m/n; fi; date >/srv/m/g",
    says: 'it has the attribute "user.overlay.whiteout", which belongs to overlayfs',
    fix: "rm /srv/m/f",
  },
];

describeOnHost("what a merge would meet", () => {
  for (const { what, setUp, script, says, fix } of OBSTACLES) {
    it(`is said by a dry run in the words of a live one: ${what}`, async () => {
      await using scene = await newScene({ root: "ext4" });
      const { host } = scene;
      await setUp(host);
      const dry = await scene.ball("a", script).dryRun().fails().untouched();
      const live = await scene.dance().fails().mergesNothing().untouched();
      assertEquals(dry.result.ok, false);
      assertStringIncludes(live.result.error ?? "", says);
      assertEquals(dry.result.error, live.result.error);
      // The control.
      await scene.sh(fix);
      const after = await scene.dryRun().ok();
      assert(after.result.changes.length > 0);
    });
  }

  for (
    const [what, come, go, says] of [
      [
        "a mount that has become read-only",
        "mount -o remount,ro /srv/m",
        "mount -o remount,rw /srv/m",
        '"/srv/m" is mounted read-only',
      ],
      ["a directory that is immutable", "chattr +i /srv/m", "chattr -i /srv/m", "is immutable"],
    ] as const
  ) {
    it(`may have come during the dance: ${what}`, async () => {
      await using scene = await newScene({ root: "ext4" });
      const { host } = scene;
      await host.mountImage("/srv/m", "ext4", { size: 16 });
      const wait = 'echo ready; until [ "$(cat /srv/gate)" = open ]; do sleep 0.02; done';
      scene.ball("a", `echo x >/srv/m/f; ${wait}`);
      for (const options of [["--noop"], []]) {
        await scene.live({ "/srv/gate": "" }).danceInWords(...options)
          .meanwhile(/ready/, () => scene.sh(`${come}; printf open >/srv/gate`))
          .fails('Cannot merge "/srv/m/f": ', says);
        await scene.sh(go);
      }
    });
  }
});
