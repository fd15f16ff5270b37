import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { parseOptions } from "../../lib/command_line/mod.ts";
import { localSettings, makeContext, parseNodeName } from "../../lib/context/mod.ts";
import { rootsFor } from "../../lib/state/mod.ts";
import { SETTINGS, Settings } from "../../lib/context/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { Folder } from "../posix/folder.ts";

describe("parseOptions", () => {
  const help = "x";
  const spec = {
    options: [
      { name: "dot", help },
      { name: "format", value: "NAME", help },
      { name: "only", value: "PATH", isMany: true, help },
      { name: "diff", value: "HOW", choices: ["full", "short", "none"], help },
    ],
    words: [{ name: "A" }, { name: "B" }, { name: "C" }],
  };

  it("should tell flags, values, lists and words", () => {
    const argv = "a --noop --format x --only 1 -q --only=2 --dot --node n b -- --json".split(" ");
    const { flags, values, lists, words } = parseOptions(argv, spec);
    assertEquals([...flags].sort(), ["dot", "noop", "quiet"]);
    assertEquals(Object.fromEntries(values), { format: "x", node: "n" });
    assertEquals(lists.get("only"), ["1", "2"]);
    assertEquals(words, ["a", "b", "--json"]);
  });

  it("should leave words that look like numbers as they are", () => {
    assertEquals(parseOptions(["007", "1e3"], { words: [{ name: "A", isMany: true }] }).words, [
      "007",
      "1e3",
    ]);
    assertEquals(parseOptions(["--node", "007"]).values.get("node"), "007");
  });

  const wrong: [argv: string[], says: string][] = [
    [["--nop"], 'Unknown option "--nop"'],
    [["-x"], 'Unknown option "-x"'],
    [["--dot"], "Unknown option"],
    [["--noop=no"], 'Option "--noop" takes no value'],
    [["--node"], 'Option "--node" needs a value'],
    [["--node="], 'Option "--node" needs a value'],
    [["noop"], 'Unexpected word "noop"'],
    [["--diff", "all"], 'Unknown option "--diff"'],
    [["--noop", "x\u001b"], 'Unexpected word "x\\\\x1b"'],
  ];
  for (const [argv, says] of wrong) {
    it(`should refuse ${argv.join(" ")}`, () => {
      const error = assertThrows(() => parseOptions(argv), DiscoError, says);
      assertEquals(error.code, 3);
    });
  }
});

describe("parseNodeName", () => {
  for (const name of ["a", "web1.example.org", "A_b-c.9", "x".repeat(253)]) {
    it(`should take ${name.slice(0, 20)}`, () => assertEquals(parseNodeName(name), name));
  }
  for (const name of ["", ".", "..", "a/b", "-a", "a b", "a\n", "ü", "x".repeat(254), "$(id)"]) {
    it(`should refuse ${JSON.stringify(name).slice(0, 20)}`, () => {
      assertEquals(assertThrows(() => parseNodeName(name), DiscoError, "node name").code, 3);
    });
  }
});

describe("rootsFor", () => {
  const rows: [state: string | undefined, root: string, etc: string, generations: string][] = [
    [undefined, "/", "/etc/disco", "/var/disco/generations"],
    ["", "/", "/etc/disco", "/var/disco/generations"],
    ["/s", "/", "/s/etc/disco", "/s/var/disco/generations"],
    [undefined, "/image", "/image/etc/disco", "/image/var/disco/generations"],
    ["/s", "/image", "/s/etc/disco", "/s/var/disco/generations"],
  ];
  for (const [state, root, etc, generations] of rows) {
    it(`should lie below ${etc} for state ${state} and root ${root}`, () => {
      const roots = rootsFor(state, root);
      assertEquals([roots.etc, roots.generations], [etc, generations]);
    });
  }
});

describe("Settings", () => {
  it("should take the first place that has the file", () => {
    using folder = new Folder();
    folder.sh(
      "mkdir -p a/client b/client; echo 1 >b/client/node; echo 2 >b/client/purge; " +
        "echo ' 3 ' >a/client/purge",
    );
    const settings = new Settings([folder.at("a"), folder.at("b"), folder.at("none")]);
    const keys = ["disco/client/node", "disco/client/purge", "disco/client/scratch"] as const;
    assertEquals(keys.map((key) => settings.get(key)), ["1", "3", undefined]);
  });

  it("should look at /etc before the client's own tree", () => {
    using folder = new Folder();
    folder.sh("mkdir -p etc/disco/client var/disco/parameters/disco/client");
    folder.sh("echo own >var/disco/parameters/disco/client/node");
    const settings = localSettings(rootsFor(folder.path));
    assertEquals(settings.get("disco/client/node"), "own");
    folder.sh("echo admin >etc/disco/client/node");
    assertEquals(settings.get("disco/client/node"), "admin");
  });

  const values: [text: string | undefined, number: number | null, flag: boolean | null][] = [
    [undefined, 600, false],
    ["", 600, true],
    ["7", 7, null],
    ["1", 1, true],
    ["0", null, false],
    ["yes", null, true],
    ["deny", null, false],
    ["-1", null, null],
    ["1e3", null, null],
    ["maybe", null, null],
  ];
  for (const [text, number, flag] of values) {
    it(`should read ${JSON.stringify(text)} as ${number} and ${flag}, null being an error`, () => {
      using folder = new Folder();
      if (text !== undefined) {
        folder.sh("mkdir client");
        for (const name of ["timeout", "purge"]) {
          Deno.writeTextFileSync(folder.at(`client/${name}`), text);
        }
      }
      const settings = new Settings([folder.path]);
      const attempt = <T>(read: () => T): T | null => {
        try {
          return read();
        } catch (error) {
          assertEquals(error instanceof DiscoError && error.code, 3);
          return null;
        }
      };
      assertEquals(attempt(() => settings.number("disco/client/timeout")), number);
      assertEquals(attempt(() => settings.flag("disco/client/purge")), flag);
    });
  }

  const mistyped = {
    "client/timout": 'did you mean "disco/client/timeout"?',
    "client/noop/netwrok": 'did you mean "disco/client/noop/network"?',
    "client/node/x": "rename or remove",
    "server/xyzzy": "rename or remove",
  };
  for (const [key, hint] of Object.entries(mistyped)) {
    it(`should refuse the setting "${key}", which does not exist`, () => {
      using folder = new Folder();
      folder.sh(`mkdir -p $(dirname ${key}); echo 1 >${key}; mkdir -p own; echo 1 >own/thing`);
      const error = assertThrows(() => new Settings([folder.path]).check(), DiscoError, key);
      assertEquals([error.code, error.hint?.includes(hint)], [3, true], error.hint);
    });
  }

  it("should know every setting, and folders of other names", () => {
    using folder = new Folder();
    for (const key of Object.keys(SETTINGS)) {
      const path = key.replace("disco/", "");
      folder.sh(`mkdir -p $(dirname ${path}); echo 1 >${path}`);
    }
    folder.sh("mkdir -p restricted.d; echo 'x run' >restricted.d/x.conf");
    new Settings([folder.path, folder.at("none")]).check();
  });
});

describe("makeContext", () => {
  const NAMES = ["DISCO_STATE", "DISCO_NODE", "DISCO_SERVER", "NOOP"];
  let kept: (string | undefined)[];
  beforeEach(() => {
    kept = NAMES.map((name) => Deno.env.get(name));
    NAMES.forEach((name) => Deno.env.delete(name));
  });
  afterEach(() => {
    NAMES.forEach((name, i) =>
      kept[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, kept[i])
    );
  });

  it("should prefer options to the environment, and that to settings", async () => {
    using folder = new Folder();
    folder.sh("mkdir -p etc/disco/client etc/disco/server");
    folder.sh("echo setting >etc/disco/client/node; echo /setting >etc/disco/server/uri");
    const make = (...argv: string[]) =>
      makeContext(parseOptions(["--state", folder.path, ...argv]));
    const look = async (...argv: string[]) => {
      const { node, server, noop } = await make(...argv);
      return [node, server, noop];
    };
    assertEquals(await look(), ["setting", "/setting", false]);
    Deno.env.set("DISCO_NODE", "environment");
    Deno.env.set("DISCO_SERVER", "/environment");
    Deno.env.set("NOOP", "no");
    assertEquals(await look(), ["environment", "/environment", true]);
    const given = ["--node", "option", "--server", "/option"];
    assertEquals(await look(...given), ["option", "/option", true]);
  });

  it("should take an empty NOOP and an empty server for none", async () => {
    using folder = new Folder();
    for (const name of NAMES) Deno.env.set(name, "");
    const context = await makeContext(parseOptions(["--root", folder.path, "--node", "n"]));
    assertEquals([context.noop, context.server], [false, undefined]);
    assertEquals([context.root, context.roots.etc], [folder.path, folder.at("etc/disco")]);
  });

  it("should refuse a root that is none, and a node's name that is a path", async () => {
    const make = (...argv: string[]) => () => makeContext(parseOptions(argv));
    const root = await assertRejects(make("--root", "/etc/passwd"), DiscoError, "not a directory");
    const node = await assertRejects(make("--node", "../x"), DiscoError, '"../x"');
    assertEquals([root.code, node.code], [3, 3]);
  });
});
