import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { danceBall, freshHost } from "./support.ts";

describeOnHost("what an editor has left beside scripts", () => {
  it("is run, as every file there, and a warning says so", async () => {
    await using host = await freshHost();
    const ball = { "scripts/1": "true", "scripts/1~": "touch /etc/left" };
    const { code, stderr, result } = await danceBall(host, ball, "--noop");
    assertEquals([code, result.changes.map(({ path }) => path)], [0, ["/etc/left"]]);
    assertStringIncludes(
      stderr,
      "warning: ball a: scripts/1~ looks like no script, and is run as one",
    );
    // Control: of scripts nothing is said.
    await using other = await freshHost();
    const plain = await danceBall(other, { "scripts/1": "true" }, "--noop");
    assertEquals(plain.stderr.includes("looks like"), false);
  });
});
