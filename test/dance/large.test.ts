import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { canNameLayers } from "../../lib/union/overlay.ts";
import { describeOnHost } from "../host/mod.ts";
import { dance, danceBall, freshHost, FROM_GIVEN, give } from "./support.ts";

/** More than fit into the options of one mount, each with a name. */
const BALLS = 400;
const GIB = 2 ** 30;

describeOnHost("a dance of many balls", () => {
  // Linux before 6.8 takes all layers in one line.
  (canNameLayers() ? it : it.ignore)("has a layer for each, and merges them all", async () => {
    await using host = await freshHost();
    const names = Array.from({ length: BALLS }, (_, i) => `b${i}`);
    await give(
      host,
      Object.fromEntries(names.map((name) => [name, { [`files/etc/many/${name}`]: `${name}\n` }])),
    );
    const { code, stderr, result } = await dance(host, ...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    // The folder, too.
    assertEquals(result.changes.length, BALLS + 1);
    assertEquals(host.read(`/etc/many/b${BALLS - 1}`), `b${BALLS - 1}\n`);
  });
});

describeOnHost("a sparse file of 40 GiB", () => {
  it("is changed, merged and undone without its holes being read or filled", async () => {
    await using host = await freshHost({ root: "ext4" });
    await host.run([
      "sh",
      "-c",
      `truncate -s ${40 * GIB} /srv/disk; printf begin | dd of=/srv/disk conv=notrunc`,
    ]);
    const script = `printf end | dd of=/srv/disk bs=1 seek=${39 * GIB} conv=notrunc status=none`;
    const { code, stderr, result } = await danceBall(host, { "scripts/1": script });
    assertEquals(code, 0, stderr);
    assertEquals(result.changes.map(({ path, kind }) => [path, kind]), [["/srv/disk", "modified"]]);
    const used = Number(await host.run(["sh", "-c", "du -k /srv/disk | cut -f 1"]));
    assert(used < 4096, `${used} KiB`);
    const look = ["dd", "if=/srv/disk", "bs=1", `skip=${39 * GIB}`, "count=3", "status=none"];
    assertEquals(await host.run(look), "end");
    assertEquals((await host.disco("rollback")).code, 0);
    assertEquals(await host.run(look), "\0\0\0");
  });
});
