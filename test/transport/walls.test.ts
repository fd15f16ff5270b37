import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { fetchUniverse } from "../../lib/transport/mod.ts";
import { ACCOUNTS } from "../../lib/walled/mod.ts";
import { type Content, writeFiles } from "../ball/files.ts";
import { client, SMALL } from "./universe.ts";

/** What a stand-in for rsync does once it is to write, in sh; then the real one goes on. */
const ATTACKS: Readonly<Record<string, string>> = {
  "writes into the store": "echo x >/here/evil; echo x >$STORE/evil",
  "writes into the staging of other calls": "for d in $STATE/var/disco/fetching/*/balls; do " +
    "mkdir -p $d/evil; done",
  "reads the shadow file": "cat /etc/shadow >$WEB/files/evil",
  "leaves a program that goes on": "mkdir -p $WEB; " +
    "(setsid sh -c 'sleep 1; echo x >$WEB/evil' &)",
};

/** What it leaves in the ball, and how the fetch refuses that. */
const LEAVES: Readonly<Record<string, [script: string, message: RegExp]>> = {
  "a FIFO": ["mkfifo $WEB/evil", /"web\/evil" .* neither file, folder nor symlink/],
  "a socket": [
    "perl -e '$p = \"$ENV{WEB}/evil\"; syscall(133, $p, 0140644, 0)'",
    /"web\/evil" .* neither file, folder nor symlink/,
  ],
  "another ball": ["mkdir ${WEB%web}evil", /Cannot fetch "evil" from .*: it was not asked for/],
  "a link in place of the ball": [
    "rm -rf $WEB; ln -s /etc $WEB",
    /Cannot use "balls\/web" of the server: it is not a folder/,
  ],
  "folders that are very deep": [
    "cd $WEB; for i in $(seq 3000); do mkdir d; cd d; done",
    /folders more than 128 deep/,
  ],
  "many files": [
    "cd $WEB; seq 300 | xargs touch",
    /the server sends more than 200 files altogether/,
  ],
  "large files": [
    "cd $WEB; for i in 1 2 3; do head -c 900000 /dev/urandom >$i; done",
    /what the server sends is larger than 2 MiB altogether/,
  ],
};

describe("an rsync that has been taken over", () => {
  let dir: string, universe: string, state: string;

  beforeEach(() => {
    dir = Deno.makeTempDirSync();
    universe = writeFiles(join(dir, "universe"), SMALL);
    state = join(dir, "state");
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  /**
   * A wrapper whose calls are honest, but for those that fetch the ball "web": `together` with all that
   * the node needs, or with its wave.
   */
  async function fetchWith(
    script: string,
    settings: Record<string, string> = {},
    together = true,
  ) {
    const wrapper = join(dir, "wrapper");
    const code = `#!/bin/sh
export WEB=/incoming/web
case " $* " in *" --relative "*) WEB=/incoming/balls/web; ${together ? "" : "exit 1"} ;; esac
case " $* " in *" -n "*) exec rsync "$@" ;; */balls/web*) ;; *) exec rsync "$@" ;; esac
rsync "$@"; code=$?
STATE='${state}' STORE='${state}/var/disco/localstore'
{ ${script}
} >/dev/null 2>&1
exit $code\n`;
    Deno.writeTextFileSync(wrapper, code, { mode: 0o755 });
    const all = { "disco/client/cmds/rsync": wrapper, ...settings };
    return await fetchUniverse(await client(state, universe, all));
  }

  for (const [what, script] of Object.entries(ATTACKS)) {
    it(`changes nothing but what it brings: ${what}`, async () => {
      await fetchWith(script);
      await new Promise((done) => setTimeout(done, 1500));
      const { stdout } = await new Deno.Command("find", {
        args: [state, "(", "-name", "evil", "-size", "+0", "-o", "-user", `${ACCOUNTS.fetch}`, ")"],
      }).output();
      assertEquals(new TextDecoder().decode(stdout), "");
    });
  }

  const leaves = Object.entries(LEAVES).flatMap(([what, [script, message]]) =>
    [true, false].map((together) => ({ what, script, message, together }))
  );
  for (const { what, script, message, together } of leaves) {
    it(`cannot leave ${what}, ${together ? "fetching all" : "fetching balls"}`, async () => {
      const limits = { "disco/client/fetch/files": "200", "disco/client/fetch/mebibytes": "2" };
      const error = await assertRejects(() => fetchWith(script, limits, together), DiscoError);
      assertMatch(error.message, message);
      // Nothing of it is left, however deep.
      assertEquals([...Deno.readDirSync(join(state, "var/disco/fetching"))].length, 1);
    });
  }

  it("brings a ball with the modes of the server, as root's (the control)", async () => {
    Deno.chmodSync(join(universe, "balls/web/files/etc/web.conf"), 0o4750);
    await fetchWith("true");
    const stat = Deno.statSync(join(state, "var/disco/localstore/web/files/etc/web.conf"));
    assertEquals([stat.uid, stat.gid, stat.mode! & 0o7777], [0, 0, 0o4750]);
  });
});

describe("a server that goes on for ever", () => {
  /** A universe in which each item names the next one. */
  async function fetchChain(
    length: number,
    files: Record<string, Content>,
    kind: "group" | "ball",
  ) {
    const dir = Deno.makeTempDirSync();
    try {
      for (let i = 0; i < length; i++) {
        const [here, next] = [`c${i}`, `c${i + 1}`];
        if (kind === "ball") files[`balls/${here}/requires`] = `after ${next}\n`;
        else files[`groups/${here}/member/${next}`] = "";
      }
      const universe = writeFiles(join(dir, "universe"), files);
      const context = await client(join(dir, "state"), universe, {
        "disco/client/fetch/waves": "3",
        "disco/client/fetch/balls": "9",
      });
      await fetchUniverse(context);
    } finally {
      Deno.removeSync(dir, { recursive: true });
    }
  }

  it("with balls that require one another is told, with the chain's last ball", async () => {
    const error = await assertRejects(
      () => fetchChain(6, { "parameters/web1/modules/c0": "" }, "ball"),
      DiscoError,
    );
    assertEquals(
      error.message,
      "Cannot fetch the node's balls: a chain of balls that require one another is longer than 3; " +
        'it ends with "c0", "c1", "c2", "c3"',
    );
    assertMatch(error.hint!, /disco\/client\/fetch\/waves/);
  });

  it("with groups that name one another is told", async () => {
    const files = { "parameters/web1/member/c0": "", "groups/x/app/y": "" };
    const error = await assertRejects(() => fetchChain(6, files, "group"), DiscoError);
    assertMatch(error.message, /a chain of groups that name one another is longer than 3/);
  });

  it("with very many balls is told", async () => {
    const many = Array.from({ length: 12 }, (_, i) => [`parameters/web1/modules/b${i}`, ""]);
    const error = await assertRejects(
      () => fetchChain(0, Object.fromEntries(many), "ball"),
      DiscoError,
    );
    assertMatch(error.message, /Cannot fetch the node's balls: there are more than 9 of them/);
  });
});
