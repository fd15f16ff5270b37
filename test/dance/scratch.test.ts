import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { changesOf } from "./support.ts";

describeOnHost("a scratchpad on disk", () => {
  it("serves as one in memory does, and leaves no image and no loop device", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.ball("a", {
      "files/srv/a": "a\n",
      "scripts/10-do": "head -c 3000000 /dev/zero >/srv/big; rm /etc/issue",
    });
    scene.ball("b", {
      "requires": "a",
      "scripts/10-do": "cd /srv; mv big bigger; setfacl -m u:7:r a; ln a b",
    });
    const loops = loopDevices();
    const inMemory = await scene.dryRun().ok();
    const onDisk = await scene.settings({ scratch: "disk", "scratch-size": "64M" })
      .dryRun().untouched().ok();
    assertEquals(changesOf(onDisk.result), changesOf(inMemory.result));

    await scene.dance().leavesNothing().ok();
    assertEquals([host.lstat("/srv/bigger")?.size, host.lstat("/srv/b")?.nlink], [3_000_000, 2]);
    assertEquals(loopDevices(), loops);
    assertEquals(await images(host), "");
  });

  it("leaves nothing after a failure and after one that does not fit", async () => {
    await using scene = await newScene();
    scene.settings({ scratch: "disk", "scratch-size": "8M" });
    const loops = loopDevices();
    for (const script of ["exit 1", "head -c 20000000 /dev/zero >/srv/big"]) {
      await scene.ball("a", script).dance().fails().untouched();
    }
    assertEquals([loopDevices(), await images(scene.host)], [loops, ""]);
  });
});

/** Loop devices of the machine that hold an image of a dance. */
function loopDevices(): string[] {
  const names = [...Deno.readDirSync("/sys/block")].map(({ name }) => name).sort();
  return names.filter((name) => {
    try {
      return Deno.readTextFileSync(`/sys/block/${name}/loop/backing_file`).includes("/scratch-");
    } catch {
      return false;
    }
  });
}

async function images(host: ThrowawayHost): Promise<string> {
  return await host.run(["find", "/var/disco", "/run/disco", "-name", "scratch*"]);
}
