import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "@std/path";
import { DiscoError } from "../../lib/error/mod.ts";
import { fetchUniverse } from "../../lib/transport/mod.ts";
import { type Content, writeFiles } from "../ball/files.ts";
import { rsyncDaemon } from "./rsync_daemon.ts";
import { client, contents } from "./universe.ts";

type Files = Record<string, Content>;

/** Call with a universe of these files, and a client for it with a state of its own. */
async function withUniverse(
  files: Files,
  use: (universe: string, dir: string) => Promise<void>,
): Promise<void> {
  const dir = Deno.makeTempDirSync();
  try {
    await use(writeFiles(join(dir, "universe"), files), dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

const GROUPS: Files = {
  "balls/a/files/etc/a": "a\n",
  "groups/web/modules/a": "",
  "groups/web/app/port": "80",
  "groups/base/app/shape": "base",
  "parameters/other/app/x": "",
};

describe("the groups of a node", () => {
  it("are named in member/, by files or folders, and by groups", async () => {
    const files = {
      ...GROUPS,
      "parameters/web1/member/web": "whatever",
      "groups/web/member/base": null,
    };
    await withUniverse(files, async (universe, dir) => {
      const fetched = await fetchUniverse(await client(dir, universe));
      assertEquals([fetched.groups, fetched.balls], [["base", "web"], ["a"]]);
      assertEquals(fetched.notes, undefined);
    });
  });

  it("leave groups/ to parameters, such as those of the ball groups", async () => {
    const files = {
      ...GROUPS,
      "parameters/web1/member/web": "",
      "parameters/web1/groups/present/ops": "-g 2000",
      "parameters/web1/groups/present/web": "",
      "parameters/web1/groups/absent/old": "",
      "parameters/web1/groups/base": "not empty: a parameter",
    };
    await withUniverse(files, async (universe, dir) => {
      const context = await client(dir, universe);
      const fetched = await fetchUniverse(context);
      assertEquals([fetched.groups, fetched.notes], [["web"], undefined]);
      const merged = contents(join(context.roots.parameters, "web1"));
      assertEquals(merged["groups/present/ops"], "-g 2000");
      assertEquals(merged["groups/absent/old"], "");
    });
  });

  it("are understood as empty files in groups/, where the server has such a group", async () => {
    const files = {
      ...GROUPS,
      "parameters/web1/groups/web": "",
      "parameters/web1/groups/nix": "",
      "parameters/web1/groups/base": null,
      "groups/web/groups/base": "",
    };
    await withUniverse(files, async (universe, dir) => {
      await using daemon = await rsyncDaemon(universe);
      for (const server of [universe, daemon.uri]) {
        const context = await client(dir, server);
        const { groups, notes } = await fetchUniverse(context);
        assertEquals(groups, ["base", "web"]);
        assertEquals(notes, [
          'parameters/web1/groups/nix is a parameter, because the server has no group "nix": ' +
          "membership is parameters/web1/member/nix",
          "parameters/web1/groups/web is read as membership: move it to parameters/web1/member/web",
          "groups/web/groups/base is read as membership: move it to groups/web/member/base",
        ]);
        // Also where nothing is new.
        assertEquals((await fetchUniverse(context)).notes, notes);
      }
    });
  });

  it("may all go away, and a node that names one is told so", async () => {
    const files = { ...GROUPS, "parameters/web1/member/web": "" };
    await withUniverse(files, async (universe, dir) => {
      await using daemon = await rsyncDaemon(universe);
      for (const server of [daemon.uri, universe]) {
        writeFiles(universe, files);
        const context = await client(join(dir, String(server.length)), server);
        assertEquals((await fetchUniverse(context)).groups, ["web"]);
        Deno.removeSync(join(universe, "groups"), { recursive: true });
        const error = await assertRejects(() => fetchUniverse(context), DiscoError);
        assertStringIncludes(error.message, 'does not have it, but node "web1" names it');
        Deno.removeSync(join(universe, "parameters/web1/member"), { recursive: true });
        assertEquals((await fetchUniverse(context)).groups, []);
        assertEquals((await fetchUniverse(context)).groups, []);
      }
    });
  });
});

describe("a node that the universe does not list", () => {
  it("dances as default, until it is listed, and that is said", async () => {
    const files = {
      "balls/a/files/etc/a": "a\n",
      "balls/b/files/etc/b": "b\n",
      "parameters/default/modules/a": "",
      "parameters/default/app/port": "80",
    };
    await withUniverse(files, async (universe, dir) => {
      await using daemon = await rsyncDaemon(universe);
      for (const server of [universe, daemon.uri]) {
        const context = await client(join(dir, String(server.length)), server);
        for (const _ of ["first", "again"]) {
          const { listedAs, balls, notes } = await fetchUniverse(context);
          assertEquals([listedAs, balls], ["default", ["a"]]);
          assertEquals(notes, ['the universe does not list "web1": it dances as "default"']);
          assertEquals(contents(join(context.roots.parameters, "web1"))["app/port"], "80");
        }
        writeFiles(universe, { "parameters/web1/modules/b": "" });
        const { listedAs, balls, notes } = await fetchUniverse(context);
        assertEquals([listedAs, balls, notes], ["web1", ["b"], undefined]);
        Deno.removeSync(join(universe, "parameters/web1"), { recursive: true });
      }
      // The control: without a default it is an error.
      Deno.removeSync(join(universe, "parameters/default"), { recursive: true });
      const context = await client(join(dir, "control"), universe);
      const error = await assertRejects(() => fetchUniverse(context), DiscoError);
      assertStringIncludes(error.message, "the server does not list the node");
    });
  });
});
