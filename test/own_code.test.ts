import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl, join } from "@std/path";
import { findForeign, type OwnCode } from "../lib/program/own_code.ts";
import { describeOnHost, throwawayHost } from "./host/mod.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");

/** A folder in the code with a file that all can write. */
const INNER = "mkdir code/lib/in; touch code/lib/in/b.ts; chmod 666 code/lib/in/b.ts";

/** What is done to the code, in sh, and the path that is found, if any. */
const CASES: readonly [what: string, prepare: string, found: string | undefined][] = [
  ["everything is root's", "true", undefined],
  ["a file can be written by all", "chmod 646 code/lib/a.ts", "code/lib/a.ts"],
  ["a file can be written by a group", "chmod 664 code/lib/a.ts", "code/lib/a.ts"],
  ["a file is a user's", "chown 1000 code/lib/a.ts", "code/lib/a.ts"],
  ["a folder is a user's", "chown 1000 code/lib", "code/lib"],
  ["a folder can be written by all", "chmod 777 code/lib", "code/lib"],
  ["so can the one around it all", "chmod 777 code", "code"],
  ["that has the sticky bit", "chmod 1777 code", undefined],
  ["that has it, but the code is a user's", "chmod 1777 code; chown 1000 code/lib", "code/lib"],
  ["a folder in it is closed", `${INNER}; chmod 700 code/lib/in`, undefined],
  ["a folder in it is open to a group", `${INNER}; chmod 710 code/lib/in`, "code/lib/in/b.ts"],
  ["nobody else gets there", "chmod 700 code; chmod 666 code/lib/a.ts", undefined],
  ["the cache is a user's", "chown 1000 cache", "cache"],
  ["a database of it is", "chown 1000 cache/v8_code_cache", "cache/v8_code_cache"],
  ["a package of it can be written", "chmod 777 cache/npm/r/p/1", "cache/npm/r/p/1"],
  ["the program can be written", "chmod 757 deno", "deno"],
  ["the program's folder can", "mkdir -m 777 x; mv deno x; ln -s x/deno deno", "x"],
  ["there is no cache", "rm -r cache", undefined],
];

describe("findForeign", () => {
  for (const [what, prepare, found] of CASES) {
    it(`${found ? "finds" : "finds nothing where"} ${what}`, async () => {
      const dir = Deno.makeTempDirSync();
      try {
        const make = "chmod 755 .; umask 022; mkdir -p code/lib cache/npm/r/p/1; " +
          "touch code/lib/a.ts cache/v8_code_cache deno";
        await new Deno.Command("sh", { args: ["-ec", `${make}; ${prepare}`], cwd: dir }).output();
        const code: OwnCode = {
          trees: [join(dir, "code/lib")],
          cache: join(dir, "cache"),
          program: join(dir, "deno"),
          user: 0,
        };
        assertEquals(findForeign(code)?.path, found && join(Deno.realPathSync(dir), found));
        // What is a user's own is fine for that user.
        if (/a user's/.test(what)) assertEquals(findForeign({ ...code, user: 1000 }), undefined);
      } finally {
        Deno.removeSync(dir, { recursive: true });
      }
    });
  }
});

describeOnHost("a command", () => {
  it("does not run code that others can change, unless that is wanted", async () => {
    await using host = await throwawayHost();
    assertEquals((await host.disco("history")).code, 0);
    const file = `${PROJECT}/lib/error/mod.ts`;
    await host.run(["sh", "-c", `cp ${file} /run/error.ts; chmod o+w /run/error.ts`]);
    const cover = 'mount --bind /run/error.ts "$1" && shift && exec "$@"';
    const argv = [
      ...["unshare", "--mount", "sh", "-c", cover, "sh", file],
      ...[Deno.execPath(), "run", "-A", `${PROJECT}/mod.ts`, "history"],
    ];
    const { code, stderr } = await host.exec(argv);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `Cannot run: "${file}" can be changed by others than root`);
    assertStringIncludes(stderr, "chmod -R go-w");
    const trusting = await host.exec(argv, { env: { DISCO_TRUST_CODE: "yes" } });
    assertEquals(trusting.code, 0, trusting.stderr);
  });
});
