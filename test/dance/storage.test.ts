/** How files are stored (chattr, btrfs' compression): as a plain run of the same script leaves it. */
import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ImageType, newScene, type ThrowawayHost } from "../host/mod.ts";

/** What is there before, as chattr(1) takes it. */
const BEFORE: Partial<Record<ImageType, string>> = {
  ext4: "mkdir d s; chattr +dA d; chattr +D s; echo a >f; chattr +A f; echo b >d/in; echo c >c",
  btrfs: "mkdir d s; chattr +C d; btrfs property set s compression zstd; : >f; chattr +C f\n" +
    "echo a >f; echo b >d/in; echo z >z; btrfs property set z compression lzo; echo c >c",
  xfs: "mkdir d s; chattr +dA d; echo a >f; chattr +A f; echo b >d/in; echo c >c",
};

const SCRIPT = [
  "echo more >>f; echo more >>d/in; echo new >d/new; echo new >s/new; echo more >>c; echo new >new",
  "mkdir -p d/sub/sub s/sub; echo x >d/sub/sub/x; echo x >s/sub/x; mkfifo d/fifo; ln -s f d/link",
  "test ! -e z || echo more >>z",
].join("\n");

describeOnHost("how files are stored", () => {
  for (const type of Object.keys(BEFORE) as ImageType[]) {
    it(`is as after a plain run, and as before after the undo: ${type}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      await host.mountImage("/srv/m", type);
      await scene.sh(
        `cd /srv/m; mkdir plain merged\n${
          ["plain", "merged"].map((name) => `cd /srv/m/${name}\n${BEFORE[type]}`).join("\n")
        }`,
      );
      const before = await stored(host, "merged");
      assertEquals(before, await stored(host, "plain"));

      await scene.sh(`cd /srv/m/plain\n${SCRIPT}`);
      const { result } = await scene.ball("a", `set -e; cd /srv/m/merged\n${SCRIPT}`).dance().ok();
      assert(!result.changes.some(({ path }: { path: string }) => path === "/srv/m/merged/s"));
      assertEquals(await stored(host, "merged"), await stored(host, "plain"));

      await scene.rollback().ok();
      assertEquals(await stored(host, "merged"), before);
    });
  }
});

describeOnHost("how files are stored where DISCO's own folder is stored in another way", () => {
  const CASES: Record<string, { own: string; before: string; script: string }> = {
    "compressed, and they must not be": {
      own: "btrfs property set /srv/m compression zstd",
      before: "mkdir d; btrfs property set d compression ''; chattr +C d; echo a >d/f",
      script: "echo b >>d/f; echo b >d/g; mkdir d/s; echo b >d/s/h",
    },
    "not copied on write, and they are compressed": {
      own: "chattr +C /srv/m",
      before: "mkdir d; chattr -C d; btrfs property set d compression zstd; echo a >d/f",
      script: "echo b >>d/f; echo b >d/g; mkdir d/s; echo b >d/s/h",
    },
    "not copied on write, and they must not be compressed": {
      own: "chattr +C /srv/m",
      before: "mkdir d; chattr -C d; chattr +m d; echo a >d/f",
      script: "echo b >>d/f; echo b >d/g",
    },
  };
  for (const [what, { own, before, script }] of Object.entries(CASES)) {
    it(what, async () => {
      await using scene = await newScene();
      const { host } = scene;
      await host.mountImage("/srv/m", "btrfs");
      const both = ["plain", "merged"].map((name) =>
        `mkdir /srv/m/${name}; cd /srv/m/${name}; ${before}`
      );
      await scene.sh(`${own}; ${both.join("; ")}`);
      await scene.sh(`cd /srv/m/plain; ${script}`);
      await scene.ball("a", `set -e; cd /srv/m/merged; ${script}`).dance().ok();
      assertEquals(await stored(host, "merged"), await stored(host, "plain"));
    });
  }
});

describeOnHost("flags on a place that is an overlay", () => {
  it("are back after the undo", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/srv/i", "ext4");
    const layers = "lowerdir=/srv/i/l,upperdir=/srv/i/u,workdir=/srv/i/w";
    await scene.sh(`mkdir -p /srv/m /srv/i/l/merged/d/sub /srv/i/l/merged/e /srv/i/u /srv/i/w
      cd /srv/i/l/merged; echo a >d/f; echo a >d/sub/f; echo a >e/f
      mount -t overlay -o ${layers},xino=off,redirect_dir=off,index=off,metacopy=off o /srv/m
      cd /srv/m/merged; chattr +A d d/f d/sub d/sub/f e e/f`);
    const before = await stored(host, "merged");
    await scene.ball("a", "cd /srv/m/merged; rm -r d; echo file >d; mv e E").dance().ok();
    await scene.rollback().ok();
    assertEquals(await stored(host, "merged"), before);
  });
});

/** Flags and compression by path. `e` and `I` are how ext4 itself keeps what it has. */
async function stored(host: ThrowawayHost, name: string): Promise<string[]> {
  const list = await host.run([
    "sh",
    "-c",
    `cd /srv/m/${name}; find . | sort | while read -r p; do
       test -p "$p" || test -L "$p" || lsattr -d "$p"
       getfattr --absolute-names -d -m '^btrfs' "$p" 2>/dev/null; done`,
  ]);
  return list.split("\n").map((line) =>
    line.replace(/^[-a-zA-Z]{10,} /, (f) => f.replace(/[eI]/g, "-"))
  );
}
