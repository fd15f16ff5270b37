import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { danceBall, freshHost } from "./support.ts";

describeOnHost("a file with several names", () => {
  it("is told of where one is changed and the others are not", async () => {
    await using host = await freshHost();
    await host.run(["bash", "-ec", "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b; ln a c"]);
    for (const noop of [["--noop"], []]) {
      const { result } = await danceBall(host, { "scripts/1": "echo 2 >>/srv/n/b" }, ...noop);
      assertEquals(result.notSimulated.map(({ kind, what }) => [kind, what]), [[
        "names",
        "/srv/n/b has 2 other names, which stay as they are, also if it was changed in place",
      ]]);
    }
    assertEquals(host.read("/srv/n/a"), "1\n");
  });

  it("is not where all of them are changed", async () => {
    await using host = await freshHost();
    await host.run([
      "bash",
      "-ec",
      "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b; echo 1 >c; ln c d",
    ]);
    const script = "cd /srv/n; for n in a b; do echo 2 >$n; done; chmod 600 c d";
    const { code, result, stderr } = await danceBall(host, { "scripts/1": script });
    assertEquals([code, result.notSimulated], [0, []], stderr);
    assertEquals((await host.run(["stat", "-c", "%a %h", "/srv/n/d"])).trim(), "600 2");
  });

  it("gets another name although one of them is removed in the same dance", async () => {
    await using host = await freshHost();
    await host.run(["bash", "-ec", "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b"]);
    const { code, stderr } = await danceBall(host, { "scripts/1": "cd /srv/n; ln b c; rm a" });
    assertEquals(code, 0, stderr);
    const [b, c] = (await host.run(["stat", "-c", "%i", "/srv/n/b", "/srv/n/c"])).split("\n");
    assertEquals(b, c);
  });
});
