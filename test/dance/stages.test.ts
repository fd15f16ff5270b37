import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const PROJECT = new URL("../..", import.meta.url).pathname;
const UNIVERSE = `${PROJECT}test/universe`;
const NODE = "stages.example.org";

/** Runs one stage by its own script, which must succeed; what it printed. */
async function stage(scene: Scene, name: string, ...words: string[]): Promise<string> {
  const argv = [Deno.execPath(), "run", "-A", `${PROJECT}tasks/${name}.ts`, ...words];
  return (await scene.program(...argv, "--server", UNIVERSE, "--node", NODE).ok()).stdout;
}

/** A host whose systemctl does nothing. */
async function quietScene(): Promise<Scene> {
  const scene = await newScene();
  scene.host.write("/usr/bin/systemctl", "#!/bin/sh\n", 0o755);
  return scene;
}

describeOnHost("the stages, one by one", () => {
  it("end in the same state as the dance", async () => {
    await using one = await quietScene();
    await using other = await quietScene();
    const before = one.host.tree();
    const mounts = other.host.mounts();

    const dance = await one.disco("dance", "--server", UNIVERSE, "--node", NODE, "--json").ok();

    await stage(other, "fetch");
    await stage(other, "plan");
    await stage(other, "fs-mount");
    await stage(other, "fs-chroot");
    for (const { name } of JSON.parse(dance.stdout).balls) {
      await stage(other, "exec-render", name);
      await stage(other, "exec-run", name);
    }
    await stage(other, "fs-diff");
    await stage(other, "fs-merge");
    await stage(other, "fs-unmount");
    const report = await stage(other, "report", "--json");

    assertEquals(withoutTimes(JSON.parse(report)), withoutTimes(JSON.parse(dance.stdout)));
    assertEquals(other.host.mounts(), mounts);
    // The control: there was something to do, and it was done.
    assert(compareTrees(before, one.host.tree()).length > 10);
    assertEquals(other.host.read("/etc/motd"), one.host.read("/etc/motd"));
  });

  it("say what is missing, and end with the merge", async () => {
    await using scene = (await newScene()).ball("a", { "files/etc/a": "1\n" });
    const run = async (code: number, name: string, ...words: string[]) => {
      const outcome = await scene.disco(name, ...words, ...FROM_GIVEN).exits(code);
      return outcome.stdout + outcome.stderr;
    };
    await run(0, "fetch");
    await run(0, "fs-mount");
    assertStringIncludes(await run(1, "fs-mount"), "is mounted already");
    assertStringIncludes(await run(3, "fs-diff"), "has not been prepared as a root");
    assertStringIncludes(await run(3, "exec-render", "a"), "run the stage fs-chroot");
    await run(0, "fs-chroot");
    // What was found out is found out anew: a ball may have changed the union since.
    assertStringIncludes(await run(0, "fs-diff", "--json"), '"changes": []');
    await run(0, "exec-render", "a");
    await run(0, "exec-run", "a");
    assertStringIncludes(await run(0, "fs-diff", "--json"), '"path": "/etc/a"');
    await run(0, "fs-merge");
    assertEquals(scene.host.read("/etc/a"), "1\n");
    for (const name of ["fs-merge", "fs-diff"]) {
      assertStringIncludes(await run(3, name), "the changes are merged already");
    }
    await run(0, "fs-unmount");
    const { ok, merged, changes } = JSON.parse(await run(0, "report", "--json"));
    assertEquals([ok, merged, changes.length], [true, true, 1]);
    assertStringIncludes(await run(3, "fs-merge"), "no dance is in progress");
    assertStringIncludes(await run(0, "fs-unmount"), "nothing is mounted");
  });

  it("are thrown away by a dance, which says so", async () => {
    await using scene = await quietScene();
    const { host } = scene;
    const mounts = host.mounts();
    for (const name of ["fetch", "plan"]) await stage(scene, name);
    const said = await stage(scene, "fs-mount");
    const [, id] = /dance (\S+): the union is mounted/.exec(said)!;
    assert(host.mounts().length > mounts.length);
    const dance = () => scene.disco("dance", "--noop", "--server", UNIVERSE, "--node", NODE).ok();
    const warning = `warning: the stages of dance ${id}, which was in progress, are thrown away\n`;
    await dance().warns(warning);
    assertEquals(host.mounts(), mounts);
    await scene.disco("fs-diff").exits(3).warns("no dance is in progress");
    // The control.
    await dance().omits("thrown away");
  });

  for (
    const [stage, words, message] of [
      ["fs-diff", [], "no dance is in progress"],
      ["exec-run", ["hello"], "no dance is in progress"],
      ["exec-render", [], "needs the name of one ball"],
    ] as const
  ) {
    it(`${stage} ${words.join(" ")} says what is missing`, async () => {
      await using scene = await newScene();
      await scene.disco(stage, ...words).exits(3).warns(message);
    });
  }
});

// deno-lint-ignore no-explicit-any
function withoutTimes(result: any): unknown {
  const entry = (e: Record<string, unknown> | null) => e && { ...e, mtime: undefined };
  return {
    ok: result.ok,
    balls: result.balls,
    effects: result.effects,
    changes: result.changes
      .filter(({ path }: { path: string }) => !path.startsWith("/var/log"))
      // deno-lint-ignore no-explicit-any
      .map((c: any) => ({ ...c, before: entry(c.before), after: entry(c.after) })),
  };
}
