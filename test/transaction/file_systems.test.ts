import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost } from "../host/mod.ts";
import { dance, danced, hostWith, namesIn, teach } from "./scene.ts";

const OWN_FOLDERS = ["/var/disco", "/mnt/a/.disco", "/mnt/b/.disco", "/mnt/c/.disco"];

describeOnHost("several file systems in one dance", () => {
  it("are merged at once, each from a folder of its own, and rolled back at once", async () => {
    await using host = await hostWith(
      "for d in /srv/t /mnt/a /mnt/b /mnt/c/d; do cd $d; echo new >f; rm -rf g; echo new >n; " +
        "rm -rf d; echo f >d; done; mv /mnt/a/moved /mnt/b/moved; ln /mnt/a/n /mnt/a/l",
    );
    await host.mountImage("/mnt/a", "ext4");
    await host.mountImage("/mnt/b", "xfs");
    await host.mountImage("/mnt/c", "btrfs");
    for (const folder of ["/srv/t", "/mnt/a", "/mnt/b", "/mnt/c/d"]) {
      for (const name of ["f", "g", "d/x"]) host.write(`${folder}/${name}`, "old\n");
    }
    host.write("/mnt/a/moved/x", "moved\n", 0o600);
    const before = host.tree(OWN_FOLDERS);

    const { generation } = await danced(host);
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

    await host.run(host.discoArgv("rollback"));
    assertEquals(compareTrees(before, host.tree(OWN_FOLDERS)), []);
  });

  it("are left without a trace where nothing is merged", async () => {
    await using host = await hostWith("true");
    await host.mountImage("/mnt/a", "ext4");
    const before = host.tree();
    assertEquals((await dance(host)).code, 0);
    assertEquals(compareTrees(before, host.tree()), []);
    teach(host, "echo new >/mnt/a/f; exit 1");
    const taught = host.tree();
    assertEquals((await dance(host)).code, 1);
    assertEquals(compareTrees(taught, host.tree()), []);
  });

  it("are all left alone where one of them refuses", async () => {
    await using host = await hostWith("echo >/srv/new; echo >/mnt/a/new; echo >>/mnt/b/f");
    await host.mountImage("/mnt/a", "ext4");
    await host.mountImage("/mnt/b", "ext4");
    await host.run(["sh", "-c", "touch /mnt/b/f; chattr +i /mnt/b/f"]);
    const before = host.tree();
    assertEquals((await dance(host)).code, 1);
    assertEquals(compareTrees(before, host.tree()), []);
  });

  it("a hard link between two of them is an error of the script, not of the merge", async () => {
    await using host = await hostWith("! ln /srv/f /mnt/a/f");
    host.write("/srv/f", "");
    await host.mountImage("/mnt/a", "ext4");
    assertEquals((await dance(host)).code, 0);
    assert(!host.exists("/mnt/a/f"));
  });
});
