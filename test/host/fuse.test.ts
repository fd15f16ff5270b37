import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, mountFuse, throwawayHost } from "./mod.ts";

const AS_USER = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"];

describeOnHost("a FUSE file system of a user's", () => {
  it("is closed to root, and open to the user", async () => {
    await using host = await throwawayHost();
    await mountFuse(host, "/srv/fuse", 1000);
    const { code, stderr } = await host.exec(["ls", "/srv/fuse"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "Permission denied");
    assertEquals(
      await host.run([...AS_USER, "stat", "-c", "%F %u", "/srv/fuse"]),
      "directory 1000\n",
    );
  });

  it("is open to all with allow_other, and holds special files", async () => {
    await using host = await throwawayHost();
    await mountFuse(host, "/srv/fuse", 1000, { allowOther: true });
    await host.run(["mkfifo", "/srv/fuse/p"]);
    assertEquals(await host.run(["ls", "-F", "/srv/fuse"]), "p|\n");
  });

  it("lets everybody wait whose server answers no more", async () => {
    await using host = await throwawayHost();
    await mountFuse(host, "/srv/fuse", 1000, { allowOther: true, isStuck: true });
    const { signal } = await host.exec(["stat", "/srv/fuse/x"], { timeout: 1000 });
    assertEquals(signal, "SIGKILL");
  });
});
