import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene } from "../host/mod.ts";
import { namesIn } from "./support.ts";

const OWN_FOLDERS = ["/var/disco", "/mnt/a/.disco", "/mnt/b/.disco", "/mnt/c/.disco"];

describeOnHost("several file systems in one dance", () => {
  it("are merged at once, each from a folder of its own, and rolled back at once", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "for d in /srv/t /mnt/a /mnt/b /mnt/c/d; do cd $d; echo new >f; rm -rf g; echo new >n; " +
        "rm -rf d; echo f >d; done; mv /mnt/a/moved /mnt/b/moved; ln /mnt/a/n /mnt/a/l",
    );
    const { host } = scene;
    await host.mountImage("/mnt/a", "ext4");
    await host.mountImage("/mnt/b", "xfs");
    await host.mountImage("/mnt/c", "btrfs");
    for (const folder of ["/srv/t", "/mnt/a", "/mnt/b", "/mnt/c/d"]) {
      for (const name of ["f", "g", "d/x"]) host.write(`${folder}/${name}`, "old\n");
    }
    host.write("/mnt/a/moved/x", "moved\n", 0o600);
    const before = host.tree(OWN_FOLDERS);

    const { result: { generation } } = await scene.dance().ok();
    for (const folder of ["/srv/t", "/mnt/a", "/mnt/b", "/mnt/c/d"]) {
      const seen = ["f", "n", "d"].map((name) => host.read(`${folder}/${name}`));
      assertEquals([...seen, host.exists(`${folder}/g`)], ["new\n", "new\n", "f\n", false]);
    }
    assertEquals(host.read("/mnt/b/moved/x"), "moved\n");
    assertEquals(host.lstat("/mnt/a/l")!.ino, host.lstat("/mnt/a/n")!.ino);
    for (const mount of ["/mnt/a", "/mnt/b", "/mnt/c"]) {
      assertEquals(namesIn(host, `${mount}/.disco`), [generation]);
      assertEquals(host.lstat(`${mount}/.disco`)!.mode, 0o700);
    }

    await scene.rollback().ok();
    assertEquals(compareTrees(before, host.tree(OWN_FOLDERS)), []);
  });

  it("are left without a trace where nothing is merged", async () => {
    await using scene = (await newScene()).ball("b", "true");
    const { host } = scene;
    await host.mountImage("/mnt/a", "ext4");
    await scene.dance().ok().untouched();
    scene.ball("b", "echo new >/mnt/a/f; exit 1");
    await scene.dance().exits(1).untouched();
  });

  it("are all left alone where one of them refuses", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "echo >/srv/new; echo >/mnt/a/new; echo >>/mnt/b/f",
    );
    const { host } = scene;
    await host.mountImage("/mnt/a", "ext4");
    await host.mountImage("/mnt/b", "ext4");
    await host.run(["sh", "-c", "touch /mnt/b/f; chattr +i /mnt/b/f"]);
    await scene.dance().exits(1).untouched();
  });

  it("a hard link between two of them is an error of the script, not of the merge", async () => {
    await using scene = (await newScene()).ball("b", "! ln /srv/f /mnt/a/f");
    const { host } = scene;
    host.write("/srv/f", "");
    await host.mountImage("/mnt/a", "ext4");
    await scene.dance().ok().leaves({ "/mnt/a/f": null });
  });
});
