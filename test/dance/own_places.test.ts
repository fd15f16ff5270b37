import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { aliasesOf } from "../../lib/union/mod.ts";
import { parseMountinfo } from "../../lib/posix/mod.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { pathsOf } from "./support.ts";
import type { BallFiles } from "../host/scene.ts";

/** What a ball does to DISCO's own folders through other mounts of their file system. */
const ATTACKS: Readonly<Record<string, BallFiles>> = {
  "a script, through a mount of the root": {
    "scripts/1": "echo 9 >/mnt/root/etc/disco/client/timeout",
  },
  "a script, through a mount of the folder": { "scripts/1": "echo w >/mnt/state/by-bind" },
  "a file, through a mount of the root": {
    "files/mnt/root/etc/disco/client/cmds/rsync": "/bin/evil\n",
  },
  "a file, through a mount of the folder": { "files/mnt/state/x": "x\n" },
};

describeOnHost("DISCO's own folders", () => {
  it("are out of reach through other mounts, too", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/timeout", "600\n");
    await host.run([
      ...["sh", "-ec"],
      "mkdir -p /mnt/root /mnt/state; mount --bind / /mnt/root; mount --bind /var/disco /mnt/state",
    ]);
    for (const [what, files] of Object.entries(ATTACKS)) {
      for (const options of [["--noop"], []]) {
        const { stderr } = await scene.ball("a", files).dance(...options).exits(1);
        assertStringIncludes(stderr, "error: Cannot ", what);
      }
    }
    assertEquals(host.read("/etc/disco/client/timeout"), "600\n");
    for (const path of ["/var/disco/by-bind", "/var/disco/x", "/etc/disco/client/cmds"]) {
      assertEquals(host.exists(path), false, path);
    }
    // The control: beside them the same mount can be written.
    const { code, result } = await scene.ball("a", { "scripts/1": "echo ok >/mnt/root/etc/fine" })
      .dance();
    assertEquals([code, pathsOf(result)], [0, ["/mnt/root/etc/fine"]]);
  });
});

describe("the paths that lead to a folder", () => {
  const MOUNTS = parseMountinfo([
    "1 0 8:1 / / rw - ext4 a rw",
    "2 1 8:1 / /mnt/root rw - ext4 a rw",
    "3 1 8:1 /var/disco /mnt/state rw - ext4 a rw",
    "4 1 8:1 /var/disco/generations/g /mnt/part rw - ext4 a rw",
    "5 1 8:1 /var /mnt/var rw - ext4 a rw",
    "6 1 8:2 / /mnt/other rw - ext4 b rw",
    "7 1 8:1 /home /mnt/home rw - ext4 a rw",
    "",
  ].join("\n"));

  it("are those through each mount that shows it, or a part of it", () => {
    assertEquals(aliasesOf(["/var/disco"], MOUNTS), [
      "/mnt/root/var/disco",
      "/mnt/state",
      "/mnt/part",
      "/mnt/var/disco",
    ]);
    assertEquals(aliasesOf(["/mnt/other/disco"], MOUNTS), []);
  });
});
