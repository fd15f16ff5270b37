/** Journals and their heads that are damaged, each without the other. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { names } from "../host/unchanged.ts";

const GENERATIONS = "/var/disco/generations";

describeOnHost("a generation", () => {
  it("is undone from its journal, whatever became of the head", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const heads: Record<string, (path: string) => Promise<unknown>> = {
      "emptied": (path) => host.run(["truncate", "-s", "0", path]),
      "cut off": (path) => host.run(["truncate", "-s", "20", path]),
      "gone": (path) => host.run(["rm", path]),
      "of another": (path) => host.run(["cp", "/run/other", path]),
    };
    await scene.ball("a", "echo first >/etc/a").dance().ok();
    const [first] = await names(host, GENERATIONS);
    await host.run(["cp", `${GENERATIONS}/${first}/head.json`, "/run/other"]);
    for (const [what, damage] of Object.entries(heads)) {
      const { result } = await scene.ball("a", `echo ${what} >/etc/a`).dance().ok();
      const folder = `${GENERATIONS}/${result.generation}`;
      const before = await scene.disco("history", "--json").ok();
      await damage(`${folder}/head.json`);
      assertEquals((await scene.disco("history", "--json").ok()).stdout, before.stdout, what);
      await scene.rollback(result.generation!).ok().leaves({ "/etc/a": "first\n" });
    }
  });

  it("with a damaged journal is told, listed no more, and not undone", async () => {
    await using scene = await newScene();
    const { result } = await scene.ball("a", "echo a >/etc/a").dance().ok();
    const journal = `${GENERATIONS}/${result.generation}/journal.json`;
    const listed = async () => {
      const { stdout } = await scene.disco("history", "--json").ok();
      return JSON.parse(stdout).generations.map(({ id }: { id: string }) => id);
    };
    // The control.
    assertEquals(await listed(), [result.generation]);
    scene.live({ [journal]: "" });
    assertEquals(await listed(), []);
    const { code, stderr } = await scene.rollback();
    assertEquals(code, 1);
    assertStringIncludes(stderr, "its hash does not match its content");
    await scene.ball("a", "echo b >/etc/a").dance().ok();
  });

  it("that nobody confirmed keeps no dance from going on where its journal is damaged", async () => {
    await using scene = await newScene();
    const dance = scene.ball("a", "echo a >/etc/a").dance("--confirm", "1s");
    const { result } = await dance.ok();
    scene.live({ [`${GENERATIONS}/${result.generation}/journal.json`]: "" });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const next = await scene.ball("b", "echo b >/etc/b").dance();
    assert(next.result.merged, next.stderr);
  });
});
