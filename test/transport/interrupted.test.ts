import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { fetchUniverse } from "../../lib/transport/mod.ts";
import { loadFetched } from "../../lib/state/mod.ts";
import { Store } from "../../lib/transport/store.ts";
import { writeFiles } from "../ball/files.ts";
import { client, contents, SMALL, snapshot } from "./universe.ts";

describe("a fetch that was killed", () => {
  let dir: string, universe: string, state: string;

  beforeEach(() => {
    dir = Deno.makeTempDirSync();
    universe = writeFiles(join(dir, "universe"), SMALL);
    state = join(dir, "state");
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  it("before it put anything in place leaves no trace after the next one", async () => {
    const context = await client(state, universe);
    await fetchUniverse(context);
    const before = snapshot(context.roots.localstore);
    const fetching = join(context.roots.var, "fetching");
    writeFiles(fetching, {
      "new-dead/balls/web/files/etc/web.conf": "half",
      "commit.json.new": "{",
    });
    await fetchUniverse(context);
    assertEquals([...Deno.readDirSync(fetching)].map((e) => e.name), ["lock"]);
    assertEquals(snapshot(context.roots.localstore), before);
  });

  it("while it put things in place is finished by the next one, whatever the server says", async () => {
    const context = await client(state, universe);
    const { changed: _, ...fetched } = await fetchUniverse(context);
    const { localstore, var: root } = context.roots;
    // As after a kill: "users" has been moved, "web" only out of the way, "ntp" not yet.
    const staging = join(root, "fetching/new-dead");
    writeFiles(staging, { "balls/web/new": "web", "balls/ntp/new": "ntp", "old/0/was": "users" });
    writeFiles(join(localstore, "users"), { new: "users" });
    Deno.renameSync(join(localstore, "web"), join(staging, "old/1"));
    const moves = ["users", "web", "ntp"].map((name) => ({
      from: join(staging, "balls", name),
      to: join(localstore, name),
    }));
    const commit = { staging, moves, drop: [join(localstore, "monitor")], fetched };
    writeFiles(join(root, "fetching"), { "commit.json": JSON.stringify(commit) });

    const error = assertThrows(() => loadFetched(context), DiscoError);
    assertEquals(error.message, "Cannot use what was fetched: the last fetch was cut off");
    new Store(context)[Symbol.dispose]();

    const found = contents(localstore);
    assertEquals([found["users/new"], found["web/new"], found["ntp/new"]], ["users", "web", "ntp"]);
    assertEquals(found["ntp/scripts/10-ntp"], undefined);
    assertEquals(found["monitor/scripts/10-monitor"], undefined);
    assertEquals(loadFetched(context), fetched);
    assertEquals([...Deno.readDirSync(join(root, "fetching"))].map((e) => e.name), ["lock"]);
  });

  it("has to be repeated before anything else", async () => {
    const context = await client(state, universe);
    const nothing = assertThrows(() => loadFetched(context), DiscoError);
    assertEquals(
      nothing.message,
      "Cannot use what was fetched: nothing has been fetched yet",
    );
    await fetchUniverse(context);
    const other = await client(state, universe, {}, "other");
    const error = assertThrows(() => loadFetched(other), DiscoError);
    assertEquals(
      error.message,
      'Cannot use what was fetched: it is for node "web1", not "other"',
    );
  });
});
