import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { canNameLayers } from "../../lib/union/overlay.ts";
import { describeOnHost, newScene } from "../host/mod.ts";

/** More than fit into the options of one mount, each with a name. */
const BALLS = 400;
const GIB = 2 ** 30;

describeOnHost("a dance of many balls", () => {
  // Linux before 6.8 takes all layers in one line.
  (canNameLayers() ? it : it.ignore)("has a layer for each, and merges them all", async () => {
    await using scene = await newScene();
    const names = Array.from({ length: BALLS }, (_, i) => `b${i}`);
    scene.balls(
      Object.fromEntries(names.map((name) => [name, { [`files/etc/many/${name}`]: `${name}\n` }])),
    );
    const { result } = await scene.dance().ok()
      .leaves({ [`/etc/many/b${BALLS - 1}`]: `b${BALLS - 1}\n` });
    // The folder, too.
    assertEquals(result.changes.length, BALLS + 1);
  });
});

describeOnHost("a sparse file of 40 GiB", () => {
  it("is changed, merged and undone without its holes being read or filled", async () => {
    await using scene = await newScene({ root: "ext4" });
    const { host } = scene;
    await scene.sh(
      `truncate -s ${40 * GIB} /srv/disk; printf begin | dd of=/srv/disk conv=notrunc`,
    );
    const script = `printf end | dd of=/srv/disk bs=1 seek=${39 * GIB} conv=notrunc status=none`;
    await scene.ball("a", script).dance().changes("~ /srv/disk").ok();
    const used = Number(await host.run(["sh", "-c", "du -k /srv/disk | cut -f 1"]));
    assert(used < 4096, `${used} KiB`);
    const look = ["dd", "if=/srv/disk", "bs=1", `skip=${39 * GIB}`, "count=3", "status=none"];
    assertEquals(await host.run(look), "end");
    await scene.rollback().ok();
    assertEquals(await host.run(look), "\0\0\0");
  });
});
