import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { fetchUniverse } from "../../lib/transport/mod.ts";
import { type Content, writeFiles } from "../ball/files.ts";
import { relay } from "./relay.ts";
import { freePort, rsyncDaemon } from "./rsync_daemon.ts";
import { client, SMALL, snapshot } from "./universe.ts";

const BIG = "balls/web/files/big";

describe("a fetch that fails", () => {
  let dir: string, universe: string, state: string, before: string[];

  beforeEach(async () => {
    dir = Deno.makeTempDirSync();
    universe = writeFiles(join(dir, "universe"), SMALL);
    state = join(dir, "state");
    await fetchUniverse(await client(state, universe));
    before = store();
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  function store(): string[] {
    return ["localstore", "universe", "parameters"]
      .flatMap((name) => snapshot(join(state, "var/disco", name)));
  }

  /** The fetch must fail, and leave what was there, and nothing else. */
  async function fails(
    server: string,
    settings: Record<string, string> = {},
    node = "web1",
  ): Promise<DiscoError> {
    const context = await client(state, server, settings, node);
    const error = await assertRejects(() => fetchUniverse(context), DiscoError);
    assertEquals(store(), before);
    const fetching = join(context.roots.var, "fetching");
    assertEquals([...Deno.readDirSync(fetching)].map(({ name }) => name), ["lock"]);
    return error;
  }

  /** A command in rsync's place, as a value for the setting. */
  function wrapper(script: string): string {
    const path = join(dir, "my rsync");
    Deno.writeTextFileSync(path, `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    return `"${path}"`;
  }

  const missing: [what: string, files: Record<string, Content>, message: RegExp][] = [
    [
      "a listed ball is missing",
      { "parameters/web1/modules/nix": "" },
      /^Cannot fetch ball "nix" from "SERVER": the server does not have it, but node "web1" lists it$/,
    ],
    [
      "a ball of a group is missing",
      { "groups/base/modules/nix": "" },
      /^Cannot fetch ball "nix" from "SERVER": .* but group "base" lists it$/,
    ],
    [
      "a required ball is missing",
      { "balls/packages/requires": "base\nafter nix\n" },
      /^Cannot fetch ball "nix" .* but ball "packages" requires it \(balls\/packages\/requires, line 2\)$/,
    ],
    [
      "a group is missing",
      { "groups/base/member/nix": "" },
      /^Cannot fetch group "nix" from "SERVER": .* but group "base" names it$/,
    ],
  ];
  for (const [what, files, message] of missing) {
    it(`because ${what} says who wants it, from a path and from a daemon`, async () => {
      await using daemon = await rsyncDaemon(universe);
      writeFiles(universe, files);
      for (const server of [universe, daemon.uri]) {
        const error = await fails(server);
        assertMatch(error.message.replace(server, "SERVER"), message);
      }
    });
  }

  const refused: [what: string, files: Record<string, Content>, message: RegExp][] = [
    [
      "requires is wrong",
      { "balls/web/requires": "after packages\nwhile ntp\n" },
      /^Cannot parse "balls\/web\/requires", line 2: expected "after NAME"/,
    ],
    [
      "requires leads out of the universe",
      { "balls/web/requires": "../../etc\n" },
      /^Cannot parse "balls\/web\/requires", line 1: .*"\.\.\/\.\.\/etc"/,
    ],
    [
      "a group's name is an option",
      { "parameters/web1/member/--rsh=sh": "" },
      /^Cannot use "--rsh=sh" in "parameters\/web1\/member" as the name of a group: expected letters/,
    ],
    [
      "a group's name holds a newline",
      { "groups/all/member/a\nb": "" },
      /^Cannot use "a\\nb" in "groups\/all\/member" as the name of a group: expected letters/,
    ],
    [
      "a module's name is a path of another host",
      { "parameters/web1/modules/host:x": "" },
      /^Cannot use "host:x" in "parameters\/web1\/modules" as the name of a ball: expected letters/,
    ],
    [
      "a script of a ball is a link out of it",
      { "balls/ntp/scripts/20": { link: "../../../../../etc/passwd" } },
      /^Cannot accept ball "ntp": "scripts\/20" is a symlink to "[./]*etc\/passwd", which leads/,
    ],
    [
      "a ball is a symlink",
      { "parameters/web1/modules/link": "", "balls/link": { link: "web" } },
      /^Cannot use "balls\/link" of the server: it is not a folder$/,
    ],
    [
      "a ball is a file",
      { "parameters/web1/modules/file": "", "balls/file": "text" },
      /^Cannot use "balls\/file" of the server: it is not a folder$/,
    ],
    [
      "a parameter is a symlink",
      { "parameters/web1/app/shadow": { link: "/etc/shadow" } },
      /^Cannot merge parameter ".*\/app\/shadow": it is a symlink$/,
    ],
  ];
  for (const [what, files, message] of refused) {
    it(`because ${what} says where`, async () => {
      writeFiles(universe, files);
      const error = await fails(universe);
      assertMatch(error.message, message);
      assertEquals(error.code, 1);
    });
  }

  it("because a ball holds a FIFO names it", async () => {
    await new Deno.Command("mkfifo", { args: [join(universe, "balls/web/files/fifo")] }).output();
    const { message } = await fails(universe);
    assertEquals(
      message,
      `Cannot fetch ball "web" from "${universe}": ` +
        '"web/files/fifo" is neither file, folder nor symlink',
    );
  });

  it("because the server does not list the node says how to", async () => {
    const error = await fails(universe, {}, "web2");
    assertEquals(
      error.message,
      `Cannot fetch the parameters of node "web2" from "${universe}": ` +
        "the server does not list the node",
    );
    assertMatch(error.hint!, /^create parameters\/web2\/ in the universe/);
  });

  it("because the path is no universe says so", async () => {
    const { message } = await fails(dir);
    assertEquals(message, `Cannot fetch from "${dir}": there is no folder "parameters" in it`);
  });

  it("because nothing listens says so", async () => {
    const server = `rsync://127.0.0.1:${freePort()}/disco`;
    const { message } = await fails(server);
    const begin = `Cannot fetch the parameters of node "web1" from "${server}": no connection: `;
    assertEquals(message.slice(0, begin.length), begin);
    assertMatch(message, /Connection refused/);
  });

  it("because the module is unknown says so", async () => {
    await using daemon = await rsyncDaemon(universe);
    const server = `${daemon.host}/other`;
    const { message } = await fails(server);
    assertMatch(
      message.replace(server, "SERVER"),
      /^Cannot fetch .* "SERVER": the server has no such rsync module: @ERROR: Unknown module 'other'$/,
    );
  });

  it("because a module for a ball is missing names the ball", async () => {
    await using daemon = await rsyncDaemon(universe, {
      parameters: join(universe, "parameters"),
      groups: join(universe, "groups"),
      users: join(universe, "balls/users"),
      web: join(universe, "balls/web"),
    });
    const { message } = await fails(daemon.host, { "disco/server/layout": "modules" });
    assertEquals(
      message,
      `Cannot fetch ball "ntp" from "${daemon.host}": ` +
        'the server does not have it, but group "all" lists it',
    );
  });

  it("because the server never answers ends after the timeout", async () => {
    using silent = relay();
    const { message } = await fails(silent.uri, { "disco/client/fetch/timeout": "1" });
    assertMatch(message, /: timeout: /);
  });

  it("because it takes too long is ended", async () => {
    using silent = relay();
    const { message } = await fails(silent.uri, { "disco/client/fetch/seconds": "1" });
    assertMatch(message, /: the fetch took longer than 1 s$/);
  });

  it("because the connection is cut half-way says so", async () => {
    await using daemon = await rsyncDaemon(universe);
    writeFiles(universe, { [BIG]: crypto.getRandomValues(new Uint8Array(65536)) });
    using cut = relay(daemon.port, 30_000);
    const { message } = await fails(cut.uri);
    assertMatch(message, /^Cannot fetch balls? ".*: the transfer was cut off: /);

    // The control: the same way, but nothing is cut off.
    using whole = relay(daemon.port);
    await fetchUniverse(await client(state, whole.uri));
    assertEquals(Deno.statSync(join(state, "var/disco/localstore/web/files/big")).size, 65536);
  });

  it("because rsync is killed says so", async () => {
    writeFiles(universe, { [BIG]: "x" });
    // Kills itself when it is to write, not when it compares.
    const { message } = await fails(universe, {
      "disco/client/cmds/rsync": wrapper(
        'case " $* " in *" -n "*) exec rsync "$@";; *) rsync "$@"; kill -9 $$;; esac',
      ),
    });
    assertEquals(
      message,
      `Cannot fetch ball "web" from "${universe}": the transfer was cut off (killed by SIGKILL)`,
    );
  });

  const tooMuch: [what: string, files: Record<string, Content>][] = [
    ["a file", { [BIG]: new Uint8Array(2 ** 20 + 1) }],
    [
      "all together",
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`${BIG}${i}`, new Uint8Array(40_000)]),
      ),
    ],
  ];
  for (const [what, files] of tooMuch) {
    it(`because ${what} is too large says so`, async () => {
      writeFiles(universe, files);
      const { message } = await fails(universe, { "disco/client/fetch/mebibytes": "1" });
      assertMatch(
        message,
        /^Cannot fetch .*: what the server sends is larger than 1 MiB altogether/,
      );
    });
  }

  it("because a file is larger than the server said is stopped all the same", async () => {
    writeFiles(universe, { [BIG]: new Uint8Array(2 ** 20 + 1) });
    const { message } = await fails(universe, {
      "disco/client/fetch/mebibytes": "1",
      // Nothing is announced.
      "disco/client/cmds/rsync": wrapper('rsync "$@" | grep -v "^=>"; exit "${PIPESTATUS[0]}"'),
    });
    assertMatch(message, /: what the server sends is larger than 1 MiB altogether/);
  });

  it("because there is no rsync says so", async () => {
    writeFiles(universe, { "balls/web/files/etc/new": "" });
    const error = await fails(universe, { "disco/client/cmds/rsync": "no-such-rsync -v" });
    assertEquals(error.message, 'Cannot run "no-such-rsync": there is no such program');
  });

  it("because of its own settings' name says so", async () => {
    const { message } = await fails(universe, {}, "disco");
    assertEquals(
      message,
      'Cannot fetch for node "disco": "disco" holds the client\'s settings',
    );
  });
});
