import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

describeOnHost("a file with several names", () => {
  it("is told of where one is changed and the others are not", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["bash", "-ec", "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b; ln a c"]);
    for (const noop of [["--noop"], []]) {
      const { result } = await scene.ball("a", { "scripts/1": "echo 2 >>/srv/n/b" }).dance(
        ...noop,
      );
      assertEquals(result.notSimulated.map(({ kind, what }) => [kind, what]), [[
        "names",
        "/srv/n/b has 2 other names, which stay as they are, also if it was changed in place",
      ]]);
    }
    assertEquals(host.read("/srv/n/a"), "1\n");
  });

  it("is told of where each becomes a file of its own, which a plain run would have left one", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const file = (name: string) => `echo 1 >${name}1; ln ${name}1 ${name}2; ln ${name}1 ${name}3`;
    await host.run(["bash", "-ec", `mkdir /srv/n; cd /srv/n; ${["a", "b"].map(file).join("; ")}`]);
    const script = "cd /srv/n; for n in 1 2 3; do echo 2 >a$n; done; chmod 600 b1 b2; echo 2 >>b3";
    const { result } = await scene.ball("a", { "scripts/1": script }).dance().ok();
    assertEquals(
      result.notSimulated.map(({ what }) => what),
      ["a1", "a2", "a3", "b1", "b2", "b3"].map((name) =>
        `/srv/n/${name} has 2 other names, which become files of their own, also if it was ` +
        "changed in place"
      ),
    );
  });

  it("is not told of where it stays one, or is replaced by one", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run([
      "bash",
      "-ec",
      "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b; echo 1 >c; ln c d; echo 1 >e; ln e f",
    ]);
    const script = "cd /srv/n; echo 2 >x; ln -f x a; ln -f x b; rm x; chmod 600 c d; rm e f";
    const { code, result, stderr } = await scene.ball("a", { "scripts/1": script }).dance();
    assertEquals([code, result.notSimulated], [0, []], stderr);
    const links = await host.run(["stat", "-c", "%a %h", "/srv/n/a", "/srv/n/d"]);
    assertEquals(links.trim().split("\n"), ["644 2", "600 2"]);
  });

  it("gets another name although one of them is removed in the same dance", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["bash", "-ec", "mkdir /srv/n; cd /srv/n; echo 1 >a; ln a b"]);
    await scene.ball("a", { "scripts/1": "cd /srv/n; ln b c; rm a" }).dance().ok();
    const [b, c] = (await host.run(["stat", "-c", "%i", "/srv/n/b", "/srv/n/c"])).split("\n");
    assertEquals(b, c);
  });
});
