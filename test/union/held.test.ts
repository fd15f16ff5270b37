import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { inNamespace } from "./child.ts";
import type { Held } from "./held.ts";

describeOnHost("a mount of the union", () => {
  it("should reach what is held, and no folder that a link leads to", async () => {
    const seen = await inNamespace<Held>(new URL("./held.ts", import.meta.url), null);
    // The control: by its name, the link leads to the folder of the host.
    assertEquals(seen.byName, "live\n");
    assertEquals([seen.held, seen.refused], ["host\n", "no directory, EINVAL"]);
    assertEquals(seen.forms, [
      "layer\nlive\nrw,noexec\n",
      "layer\nlive\nread-only\nro,relatime\n",
    ]);
    assertEquals(seen.many, ["600\nlive\n602\n", "350\nlive\n352\n"]);
    assertEquals(
      seen.third,
      "Cannot mount the union: 600 balls have changed something at one place, and the kernel takes " +
        "no more layers",
    );
    assertEquals(seen.nothing, "0\nread-only\n");
  });
});
