import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { changesOf } from "./support.ts";
import { assertNothingLeft, assertUnchanged, stateOf } from "../host/unchanged.ts";

describeOnHost("a scratchpad on disk", () => {
  it("serves as one in memory does, and leaves no image and no loop device", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({
      a: {
        "files/srv/a": "a\n",
        "scripts/10-do": "head -c 3000000 /dev/zero >/srv/big; rm /etc/issue",
      },
      b: { "requires": "a", "scripts/10-do": "cd /srv; mv big bigger; setfacl -m u:7:r a; ln a b" },
    });
    const before = stateOf(host);
    const loops = loopDevices();
    const inMemory = await scene.dryRun();
    host.write("/etc/disco/client/scratch", "disk");
    host.write("/etc/disco/client/scratch-size", "64M");
    const configured = stateOf(host);
    const onDisk = await scene.dryRun();
    assertEquals([inMemory.code, onDisk.code], [0, 0], inMemory.stderr + onDisk.stderr);
    assertEquals(changesOf(onDisk.result), changesOf(inMemory.result));
    await assertUnchanged(host, configured);

    await scene.dance().ok();
    assertEquals([host.lstat("/srv/bigger")?.size, host.lstat("/srv/b")?.nlink], [3_000_000, 2]);
    await assertNothingLeft(host, before);
    assertEquals(loopDevices(), loops);
    assertEquals(await images(host), "");
  });

  it("leaves nothing after a failure and after one that does not fit", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/scratch", "disk");
    host.write("/etc/disco/client/scratch-size", "8M");
    const before = stateOf(host);
    const loops = loopDevices();
    for (const script of ["exit 1", "head -c 20000000 /dev/zero >/srv/big"]) {
      await scene.balls({ a: { "scripts/10-do": script } }).dance().exits(1);
      await assertUnchanged(host, before);
    }
    assertEquals([loopDevices(), await images(host)], [loops, ""]);
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
