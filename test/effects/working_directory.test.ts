import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { it } from "@std/testing/bdd";
import { workingDirectory } from "../../lib/effects/working_directory.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { Folder } from "../posix/folder.ts";

/** Removes what is in the folder that it is started in, and says where that was. */
const SWEEP =
  "disco-effect sh -c 'pwd >>/etc/where; ls -A | wc -l >>/etc/where; touch here; rm -rf ./*'";

describeOnHost("the working directory of an effect", () => {
  it("should be an empty folder where only the sandbox has it", () => {
    using place = new Folder();
    const own = place.path;
    for (const path of ["/tmp/x", "/run/x", "/dev/shm", "/proc/self", "/var/run/lock/../lock"]) {
      const name = () => [...Deno.readDirSync(own)].map(({ name }) => name);
      {
        using found = workingDirectory(path, own);
        assertEquals(Deno.realPathSync(found.path), `${own}/${name()[0]}`);
        assertEquals(Deno.statSync(found.path).mode! & 0o777, 0o700);
        Deno.writeTextFileSync(`${found.path}/left`, "");
      }
      assertEquals(name(), [], "and is gone afterwards");
    }
  });

  it("should stay the one that was found, and be behind no link of a user's", () => {
    using place = new Folder();
    // Not below /tmp, which a script has of its own.
    const own = Deno.makeTempDirSync({ dir: "/var/tmp" });
    try {
      Deno.mkdirSync(`${own}/d`);
      {
        using found = workingDirectory(`${own}/d`, place.path);
        Deno.renameSync(`${own}/d`, `${own}/e`);
        Deno.symlinkSync("/root", `${own}/d`);
        assertEquals(Deno.realPathSync(found.path), `${own}/e`);
      }
      assertEquals(Deno.realPathSync(workingDirectory(`${own}/d`, place.path).path), "/root");
      Deno.chownSync(own, 1000, 1000);
      Deno.removeSync(`${own}/d`);
      Deno.symlinkSync("/root", `${own}/d`);
      new Deno.Command("chown", { args: ["-h", "1000:1000", `${own}/d`] }).outputSync();
      const refused = () => workingDirectory(`${own}/d`, place.path);
      assertThrows(refused, DiscoError, "is a symlink of user 1000");
      const gone = () => workingDirectory(`${own}/nothing`, place.path);
      assertThrows(gone, DiscoError, "cannot run: no directory");
    } finally {
      Deno.removeSync(own, { recursive: true });
    }
  });

  it("should be left alone by a rollback, which repeats no effect", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/root-file": "of root\n" });
    await host.run(["mkdir", "/srv/d"]);
    const script = `mkdir -p /tmp/x; cd /tmp/x; ${SWEEP}; cd /srv/d; ${SWEEP}`;
    await scene.ball("a", {
      "scripts/1": script,
      "files/etc/new": "new\n",
    }).dance().ok();
    const before = host.read("/etc/where");
    await scene.rollback().warns("not taken back: ").ok().leaves({ "/etc/new": null });
    assertEquals(host.read("/etc/where"), before);
    assertStringIncludes(host.read("/root-file"), "of root");
    assertEquals(await host.run(["sh", "-c", "ls /run/disco"]), "lock\n");
  });
});
