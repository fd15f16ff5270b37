/**
 * `disco param` outside and `disco-param` inside a ball say the same.
 *
 * @module
 */
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { DISCO_PARAM } from "../../lib/params/mod.ts";
import { writeFiles } from "../ball/files.ts";

interface Outcome {
  code: number;
  out: string;
  err: string;
}

const TASK = new URL("../../tasks/param.ts", import.meta.url).pathname;
const SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]];

let state = "";
let parameters = "";

async function layOut(): Promise<void> {
  state = await Deno.makeTempDir();
  parameters = join(state, "var/disco/parameters");
  writeFiles(state, { "disco-param": DISCO_PARAM, "outside/x": "outside\n" });
  writeFiles(parameters, {
    "web1/motd": "hello\n",
    "web1/no-newline": "hello",
    "web1/empty": "",
    "web1/newline": "\n",
    "web1/lines": "a\n\nb\\c\n",
    "web1/braces": "{}\n",
    "web1/backslash": "C:\\new\\x41 %s $(id) `id`\n",
    "web1/-dash": "never\n",
    "web1/bytes": Uint8Array.from({ length: 512 }, (_, index) => index % 256),
    "web1/utf8": "gr\u00fc\u00df\u20ac\n",
    "web1/a=b/c=d": "e=f\n",
    "web1/.hidden/x": "1\n",
    "web1/..dots": "1\n",
    "web1/+plus": "1\n",
    "web1/a-b": "1\n",
    "web1/a/b/c": "deep\n",
    "web1/users/absent": null,
    "web1/not a key": "1\n",
    "web1/new\nline": "1\n",
    "web1/*": "1\n",
    "disco/client/timeout": "60\n",
    "bad/link": { link: "../../../../outside/x" },
    "bad/folder": { link: "../../../../outside" },
    "bad/gone": { link: "gone" },
  });
}

async function run(argv: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const [program, ...args] = argv;
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    env: {
      DISCO_STATE: state,
      DISCO_NODE: "web1",
      DISCO_PARAMETERS: parameters,
      NO_COLOR: "1",
      LC_ALL: "C.UTF-8",
      ...env,
    },
  }).output();
  // Every byte counts, also those that are no text.
  return { code, out: String.fromCharCode(...stdout), err: new TextDecoder().decode(stderr) };
}

const inside = (shell: string[], args: string[], env?: Record<string, string>) =>
  run([...shell, join(state, "disco-param"), ...args], env);
const outside = (args: string[], env?: Record<string, string>) =>
  run([Deno.execPath(), "run", "-A", TASK, ...args], env);

async function shells(): Promise<string[][]> {
  const found: string[][] = [];
  for (const shell of SHELLS) {
    try {
      await new Deno.Command(shell[0]!, { args: [...shell.slice(1), "-c", ":"] }).output();
      found.push(shell);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found;
}

describe("parameters on the command line", () => {
  beforeAll(layOut);
  afterAll(() => Deno.remove(state, { recursive: true }));

  describe("disco param and disco-param agree", () => {
    const cases: [args: string[], code: number, env?: Record<string, string>][] = [
      [["get", "web1/motd"], 0],
      [["get", "web1/no-newline"], 0],
      [["get", "web1/bytes"], 0],
      [["get", "web1/a=b/c=d"], 0],
      [["get", "web1/empty", "default"], 0],
      [["get", "web1/gone", "a default\\n"], 0],
      [["get", "web1/gone", ""], 0],
      [["get", "web1/gone"], 1],
      [["get", "web1/motd/x"], 1],
      [["get", "web1/a"], 1],
      [["get", "web1/a", "default"], 1],
      [["get", "bad/link"], 1],
      [["get", "bad/folder/x"], 1],
      [["get", "bad/gone", "default"], 1],
      [["get", ""], 3],
      [["get", "/etc/passwd"], 3],
      [["get", "web1/../../../../outside/x"], 3],
      [["get", "web1/./motd"], 3],
      [["get", "web1//motd"], 3],
      [["get", "web1/"], 3],
      [["get", "web1/not a key"], 3],
      [["get", "web1/$(id)"], 3],
      [["get", "web1/*"], 3],
      [["get", "x".repeat(256)], 3],
      [["get", "current_module"], 1],
      [["get", "current_module", "none"], 0],
      [["get", "current_module"], 0, { DISCO_BALL: "web" }],
      [["get", "current_module"], 1, { DISCO_BALL: "" }],
      [["keys"], 0],
      [["keys", "web1"], 0],
      [["keys", "web1/users/absent"], 0],
      [["keys", "web1/motd"], 1],
      [["keys", "web1/gone"], 1],
      [["keys", "bad"], 1],
      [["dump", "web1"], 0],
      [["dump", "disco"], 0],
      [["dump", "web1/lines"], 0],
      [["dump", "web1/users/absent"], 0],
      [["dump", "web1/gone"], 1],
      [["dump", "bad"], 1],
      [["dump", ".."], 3],
    ];
    for (const [args, code, env] of cases) {
      it(`on ${args.join(" ").slice(0, 60)} ${env ? JSON.stringify(env) : ""}`, async () => {
        const expected = await outside(args, env);
        assertEquals(expected.code, code, expected.err);
        for (const shell of await shells()) assertEquals(await inside(shell, args, env), expected);
      });
    }

    it("and a dump can be set again", async () => {
      const tree = { DISCO_PARAMETERS: join(state, "copy/var/disco/parameters") };
      const { out } = await inside(["dash"], ["dump", "web1"]);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", TASK, "set", "-", "--state", join(state, "copy")],
        stdin: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(Uint8Array.from(out, (c) => c.charCodeAt(0)));
      await writer.close();
      assert((await child.status).success);
      assertEquals((await inside(["dash"], ["dump", "web1"], tree)).out, out);
    });
  });

  describe("disco-param", () => {
    it("says that parameters are read-only in a ball", async () => {
      for (const command of ["set", "delete"]) {
        const { code, out, err } = await inside(["dash"], [command, "web1/motd"]);
        assertEquals([code, out], [1, ""]);
        assertMatch(
          err,
          /^error: Cannot (set|delete) a parameter: parameters are read-only in a ball/,
        );
      }
    });

    for (const args of [[], ["frob"], ["get"], ["get", "a", "b", "c"], ["keys", "a", "b"]]) {
      it(`is used wrongly by "${args.join(" ")}"`, async () => {
        assertEquals((await inside(["dash"], args)).code, 3);
        assertEquals((await outside(args)).code, 3);
      });
    }
  });

  describe("disco param", () => {
    it("writes nothing in a dry run", async () => {
      const { code } = await outside(["set", "web1/new"], { NOOP: "1" });
      assertEquals(code, 0);
      assertEquals((await outside(["delete", "web1/motd", "--noop"])).code, 0);
      assertEquals((await outside(["get", "web1/motd"])).out, "hello\n");
      assertEquals((await outside(["get", "web1/new"])).code, 1);
    });

    it("prints JSON for machines", async () => {
      assertEquals(JSON.parse((await outside(["keys", "disco", "--json"])).out), ["client/"]);
      assertEquals(JSON.parse((await outside(["get", "web1/motd", "--json"])).out), "hello\n");
    });
  });
});
