import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { freshHost, FROM_GIVEN, give } from "./support.ts";
import { compareTrees, describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";

const PROJECT = new URL("../..", import.meta.url).pathname;
const UNIVERSE = `${PROJECT}test/universe`;
const NODE = "stages.example.org";

/** Runs one stage by its own script, which must succeed; what it printed. */
async function stage(host: ThrowawayHost, name: string, ...words: string[]): Promise<string> {
  const argv = [Deno.execPath(), "run", "-A", `${PROJECT}tasks/${name}.ts`, ...words];
  return await host.run([...argv, "--server", UNIVERSE, "--node", NODE]);
}

describeOnHost("the stages, one by one", () => {
  it("end in the same state as the dance", async () => {
    await using one = await throwawayHost();
    await using other = await throwawayHost();
    for (const host of [one, other]) {
      host.write("/usr/bin/systemctl", "#!/bin/sh\n", 0o755);
      host.mkdir("/var/disco");
    }
    const before = one.tree();
    const mounts = other.mounts();

    const dance = await one.disco("dance", "--server", UNIVERSE, "--node", NODE, "--json");
    assertEquals(dance.code, 0, dance.stderr);

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
    assertEquals(other.mounts(), mounts);
    // The control: there was something to do, and it was done.
    assert(compareTrees(before, one.tree()).length > 10);
    assertEquals(other.read("/etc/motd"), one.read("/etc/motd"));
  });

  it("say what is missing, and end with the merge", async () => {
    await using host = await freshHost();
    await give(host, { a: { "files/etc/a": "1\n" } });
    const run = async (code: number, name: string, ...words: string[]) => {
      const outcome = await host.disco(name, ...words, ...FROM_GIVEN);
      assertEquals(outcome.code, code, `${name}: ${outcome.stderr}`);
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
    assertEquals(host.read("/etc/a"), "1\n");
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
    await using host = await throwawayHost();
    host.write("/usr/bin/systemctl", "#!/bin/sh\n", 0o755);
    const mounts = host.mounts();
    for (const name of ["fetch", "plan"]) await stage(host, name);
    const said = await stage(host, "fs-mount");
    const [, id] = /dance (\S+): the union is mounted/.exec(said)!;
    assert(host.mounts().length > mounts.length);
    const dance = () => host.disco("dance", "--noop", "--server", UNIVERSE, "--node", NODE);
    const warning = `warning: the stages of dance ${id}, which was in progress, are thrown away\n`;
    const { code, stderr } = await dance();
    assertEquals([code, stderr.includes(warning)], [0, true], stderr);
    assertEquals(host.mounts(), mounts);
    const next = await host.disco("fs-diff");
    assertEquals([next.code, next.stderr.includes("no dance is in progress")], [3, true]);
    // The control.
    const again = await dance();
    assertEquals([again.code, again.stderr.includes("thrown away")], [0, false]);
  });

  for (
    const [stage, words, message] of [
      ["fs-diff", [], "no dance is in progress"],
      ["exec-run", ["hello"], "no dance is in progress"],
      ["exec-render", [], "needs the name of one ball"],
    ] as const
  ) {
    it(`${stage} ${words.join(" ")} says what is missing`, async () => {
      await using host = await throwawayHost();
      const { code, stderr } = await host.disco(stage, ...words);
      assertEquals(code, 3);
      assert(stderr.includes(message), stderr);
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
