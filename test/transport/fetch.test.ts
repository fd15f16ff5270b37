import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { fetchUniverse } from "../../lib/transport/mod.ts";
import { isListed, loadFetched } from "../../lib/state/mod.ts";
import { writeFiles } from "../ball/files.ts";
import { rsyncDaemon } from "./rsync_daemon.ts";
import { noSshServer, sshServer } from "./ssh_server.ts";
import { client, contents, SMALL, snapshot } from "./universe.ts";

const ALL = ["base", "monitor", "ntp", "packages", "users", "web"];
const MERGED = {
  "app/colour": "node",
  "app/size": "webservers",
  "app/shape": "base",
  "app/port": "80",
};

describe("a fetch", () => {
  let dir: string, universe: string, state: string;

  beforeEach(() => {
    dir = Deno.makeTempDirSync();
    universe = writeFiles(join(dir, "universe"), SMALL);
    state = join(dir, "state");
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  /** Fetch, look at everything that must be there, fetch again: nothing may be written. */
  async function fetchTwice(server: string, settings: Record<string, string> = {}) {
    const context = await client(state, server, settings);
    const { changed, ...fetched } = await fetchUniverse(context);
    assertEquals(fetched, {
      schema: 1,
      node: "web1",
      listedAs: "web1",
      server,
      groups: ["all", "base", "webservers"],
      listed: [
        { ball: "ntp", by: { kind: "group", group: "all" } },
        { ball: "users", by: { kind: "node" } },
        { ball: "users", by: { kind: "group", group: "base" } },
        { ball: "web", by: { kind: "node" } },
      ],
      balls: ALL,
    });
    assertEquals(changed.balls.toSorted(), ALL);
    assertEquals(loadFetched(context), fetched);

    assertEquals([...Deno.readDirSync(context.roots.localstore)].map((e) => e.name).sort(), ALL);
    for (const ball of ALL) {
      assertEquals(
        snapshot(join(context.roots.localstore, ball)),
        snapshot(join(universe, "balls", ball)),
      );
    }
    const merged = contents(join(context.roots.parameters, "web1"));
    for (const [key, value] of Object.entries(MERGED)) assertEquals(merged[key], value, key);

    const before = snapshot(join(state, "var"));
    const again = await fetchUniverse(context);
    assertEquals(again.changed, { parameters: [], groups: [], balls: [] });
    assertEquals(snapshot(join(state, "var/disco/localstore")), only(before, "localstore"));
    assertEquals(snapshot(join(state, "var/disco/universe")), only(before, "universe"));
    assertEquals(snapshot(join(state, "var/disco/parameters")), only(before, "parameters"));
  }

  it("brings a universe from a path", () => fetchTwice(universe));

  it("brings a universe from a daemon, also below its module", async () => {
    await using daemon = await rsyncDaemon(dir);
    await fetchTwice(`${daemon.uri}/universe`);
  });

  it("brings a universe from a daemon with a module for each ball", async () => {
    const balls = [...Deno.readDirSync(join(universe, "balls"))].map(({ name }) => name);
    await using daemon = await rsyncDaemon(universe, {
      parameters: join(universe, "parameters"),
      groups: join(universe, "groups"),
      ...Object.fromEntries(balls.map((ball) => [ball, join(universe, "balls", ball)])),
    });
    await fetchTwice(daemon.host, { "disco/server/layout": "modules" });
  });

  const why = noSshServer();
  (why ? it.skip : it)(`brings a universe by ssh${why ? ` (${why})` : ""}`, async () => {
    await using ssh = await sshServer();
    await fetchTwice(`ssh://${ssh.user}@127.0.0.1:${ssh.port}${universe}`, {
      "disco/client/cmds/ssh": ssh.command,
    });
  });

  it("uses the command in disco/client/cmds/rsync, without a shell", async () => {
    const list = join(dir, "a b $(x).list");
    Deno.writeTextFileSync(list, "10-ntp\n", { mode: 0o600 });
    const context = await client(state, universe, {
      "disco/client/cmds/rsync": `rsync "--exclude-from=${list}"`,
    });
    await fetchUniverse(context);
    assertEquals([...Deno.readDirSync(join(context.roots.localstore, "ntp/scripts"))], []);
  });

  it("brings only what has changed, and drops what is no longer needed", async () => {
    writeFiles(universe, {
      "balls/users/files/large": crypto.getRandomValues(new Uint8Array(60_000)),
    });
    await using daemon = await rsyncDaemon(universe);
    const context = await client(state, daemon.uri);
    await fetchUniverse(context);
    // The same size in the same second.
    writeFiles(universe, { "balls/users/files/etc/motd": "hullo\n" });
    Deno.removeSync(join(universe, "balls/ntp/scripts/10-ntp"));
    Deno.removeSync(join(universe, "parameters/web1/member/webservers"));
    writeFiles(universe, { "balls/web/requires": "base\n" });
    Deno.chmodSync(join(universe, "balls/base/files/etc"), 0o700);

    let received = 0;
    const { changed, balls, groups } = await fetchUniverse(context, ({ bytes = 0 }) => {
      received += bytes;
    });
    assert(received > 0 && received < 10_000, `${received} bytes`);
    assertEquals(changed, {
      parameters: ["web1"],
      groups: [],
      balls: ["ntp", "users", "web", "base"],
    });
    assertEquals(groups, ["all"]);
    assertEquals(balls, ["base", "ntp", "users", "web"]);
    const { localstore, parameters, var: root } = context.roots;
    assertEquals(
      contents(localstore)["users/files/etc/motd"],
      "hullo\n",
    );
    assertEquals([...Deno.readDirSync(localstore)].map((e) => e.name).sort(), balls);
    assertEquals([...Deno.readDirSync(join(localstore, "ntp/scripts"))], []);
    assertEquals(Deno.statSync(join(localstore, "base/files/etc")).mode! & 0o777, 0o700);
    assertEquals([...Deno.readDirSync(join(root, "universe/groups"))].map((e) => e.name), ["all"]);
    assertEquals(contents(join(parameters, "web1"))["app/size"], "all");
  });

  it("puts right what somebody changed on the node", async () => {
    const context = await client(state, universe);
    await fetchUniverse(context);
    const { localstore, parameters } = context.roots;
    Deno.writeTextFileSync(join(localstore, "web/files/etc/web.conf"), "port 81\n");
    Deno.writeTextFileSync(join(localstore, "users/extra"), "");
    Deno.writeTextFileSync(join(parameters, "web1/app/port"), "81");
    await fetchUniverse(context);
    assertEquals(contents(localstore)["web/files/etc/web.conf"], "port 80\n");
    assertEquals(contents(localstore)["users/extra"], undefined);
    assertEquals(contents(join(parameters, "web1"))["app/port"], "80");
    Deno.writeTextFileSync(join(parameters, "web1/app/port"), "82");
    await fetchUniverse(context);
    assertEquals(contents(join(parameters, "web1"))["app/port"], "80");
  });

  it("compares contents when the server is another one", async () => {
    await fetchUniverse(await client(state, universe));
    const other = writeFiles(join(dir, "other"), SMALL);
    const motd = "balls/users/files/etc/motd";
    writeFiles(other, { [motd]: "HELLO\n" });
    const { mtime } = Deno.statSync(join(universe, motd));
    // Same size, same times: only the content tells them apart.
    for (const tree of [universe, other]) Deno.utimeSync(join(tree, motd), mtime!, mtime!);
    await fetchUniverse(await client(state, universe));
    const context = await client(state, other);
    await fetchUniverse(context);
    assertEquals(contents(context.roots.localstore)["users/files/etc/motd"], "HELLO\n");
    assertEquals(loadFetched(context).server, other);
  });

  it("says what each step took", async () => {
    const steps: string[] = [];
    await fetchUniverse(await client(state, universe), ({ name, seconds }) => {
      assert(seconds >= 0);
      steps.push(name);
    });
    assertEquals(steps, [
      "at once",
      "parameters",
      "groups",
      "groups",
      "balls wave 1",
      "balls wave 2",
      "balls wave 3",
      "merge",
    ]);
  });

  it("of the embedded universe lets a node that it does not list dance as default", async () => {
    const context = await client(state, undefined);
    const { listedAs, balls, server } = await fetchUniverse(context);
    assertEquals({ listedAs, balls, server }, {
      listedAs: "default",
      balls: ["hello"],
      server: "embedded",
    });
    assert("hello/greeting" in contents(join(context.roots.parameters, "web1")));
  });

  it("brings a ball that is asked for besides, and the next one drops it again", async () => {
    writeFiles(universe, {
      "balls/unused/requires": "before extra\n",
      "balls/unused/parameters/unused/key": "value\n",
      "balls/extra/files/x": "",
    });
    const context = await client(state, universe);
    const { balls, listed } = await fetchUniverse(context, undefined, { asked: ["unused"] });
    assertEquals(balls, [...ALL, "extra", "unused"].toSorted());
    assertEquals(listed.at(1), { ball: "unused", by: { kind: "asked" } });
    const merged = () => contents(join(context.roots.parameters, "web1"));
    assertEquals([merged()["app/colour"], merged()["unused/key"]], ["node", "value\n"]);
    assertEquals((await fetchUniverse(context)).balls, ALL);
    assertEquals([merged()["app/colour"], merged()["unused/key"]], ["node", undefined]);
  });

  it("brings a ball that is asked for to a node that the server does not list", async () => {
    const context = await client(state, universe, {}, "stranger");
    await assertRejects(() => fetchUniverse(context), DiscoError, "does not list the node");
    const fetched = await fetchUniverse(context, undefined, { asked: ["web"] });
    assertEquals(fetched.balls, ["base", "monitor", "packages", "web"]);
    assertEquals(contents(join(context.roots.parameters, "stranger"))["app/port"], "80");
    assertEquals(isListed(context, fetched), false);
    const known = await client(state, universe);
    assertEquals(isListed(known, await fetchUniverse(known)), true);
  });

  it("says that there is no such ball as is asked for", async () => {
    const context = await client(state, universe);
    const error = await assertRejects(
      () => fetchUniverse(context, undefined, { asked: ["gone"] }),
      DiscoError,
    );
    assertEquals([error.code, error.message.includes("but it was asked for")], [3, true]);
  });

  it("keeps the store for root's eyes", async () => {
    const { roots } = await client(state, universe);
    await fetchUniverse(await client(state, universe));
    for (
      const path of [roots.localstore, join(roots.var, "universe"), join(roots.var, "fetching")]
    ) {
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o700);
    }
  });

  it("does not run beside another one", async () => {
    const context = await client(state, universe);
    await fetchUniverse(context);
    using lock = Deno.openSync(join(context.roots.var, "fetching/lock"), { write: true });
    lock.lockSync(true);
    const error = await assertRejects(() => fetchUniverse(context), DiscoError);
    assertEquals(error.message, "Cannot fetch: another fetch is in progress");
    assertEquals(error.code, 4);
  });
});

function only(lines: string[], folder: string): string[] {
  const prefix = `disco/${folder}/`;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}
