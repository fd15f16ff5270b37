import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DiscoError } from "../../lib/error/mod.ts";
import { Params, Tree } from "../../lib/params/mod.ts";
import { temporaryFolder, writeFiles } from "../ball/files.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content);

describe("Tree", () => {
  it("gives back the bytes that were set, whatever they are", () => {
    using tmp = temporaryFolder();
    const tree = new Tree(join(tmp.path, "parameters"));
    const content = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);
    tree.set("web1/keytab", content);
    assertEquals(tree.get("web1/keytab"), content);
    tree.set("web1/keytab", bytes(""));
    assertEquals(tree.get("web1/keytab"), bytes(""));
  });

  it("keeps what it writes to its owner and leaves nothing else", () => {
    using tmp = temporaryFolder();
    new Tree(join(tmp.path, "parameters")).set("a/b", bytes("x"));
    const modes = ["parameters", "parameters/a", "parameters/a/b"]
      .map((path) => Deno.statSync(join(tmp.path, path)).mode! & 0o7777);
    assertEquals(modes, [0o700, 0o700, 0o600]);
    assertEquals([...Deno.readDirSync(join(tmp.path, "parameters/a"))].length, 1);
  });

  it("has nothing where there is nothing", () => {
    using tmp = temporaryFolder();
    const tree = new Tree(join(tmp.path, "gone"));
    assertEquals(tree.get("a/b"), undefined);
    assertEquals(tree.keys(), []);
    assertEquals(text(tree.dump()), "");
    assertThrows(() => tree.keys("a"), DiscoError, '"a": it does not exist');
  });

  it("lists names sorted, folders with a slash, and only names that can be keys", () => {
    using tmp = temporaryFolder();
    const tree = new Tree(writeFiles(tmp.path, {
      "n/b": "",
      "n/a/x": "",
      "n/a-b": "",
      "n/.c": "",
      "n/+": "",
      "n/~left-over": "",
      "n/a b": "",
    }));
    assertEquals(tree.keys("n"), ["+", ".c", "a/", "a-b", "b"]);
    assertEquals(tree.keys(), ["n/"]);
  });

  it("says what is wrong with a key", () => {
    using tmp = temporaryFolder();
    const tree = new Tree(writeFiles(tmp.path, { "folder/x": "", "file": "" }));
    for (
      const [what, why] of [
        [() => tree.get("folder"), 'Cannot get parameter "folder": it is a folder'],
        [() => tree.keys("file"), 'Cannot list parameter "file": it is a file'],
        [() => tree.set("folder", bytes("")), 'Cannot set parameter "folder": it is a folder'],
        [
          () => tree.set("file/a/b", bytes("")),
          'Cannot set parameter "file/a/b": "file" is a file',
        ],
        [() => tree.remove("gone"), 'Cannot delete parameter "gone": it does not exist'],
        [() => tree.remove("folder"), "it is a folder that is not empty"],
        [() => tree.get("folder/../../x"), "as key of a parameter"],
      ] as const
    ) assertThrows(what, DiscoError, why);
    assertEquals(tree.get("file/a"), undefined);
  });

  it("deletes parameters, empty folders, and on demand full ones", () => {
    using tmp = temporaryFolder();
    const tree = new Tree(writeFiles(tmp.path, { "a/x": "", "b": null, "c/d/e": "" }));
    tree.remove("a/x");
    tree.remove("b");
    tree.remove("c", { recursive: true });
    assertEquals(text(tree.dump()), "a={}\n");
  });

  it("never follows a link, nor reads a special file", () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, { "outside/secret": "secret" });
    const tree = new Tree(writeFiles(join(tmp.path, "tree"), {
      "a/file": { link: "../../outside/secret" },
      "folder": { link: "../outside" },
      "inside": { link: "real" },
      "real": "",
    }));
    for (
      const action of [
        () => tree.get("a/file"),
        () => tree.get("folder/secret"),
        () => tree.get("inside"),
        () => tree.keys("a"),
        () => tree.dump(),
        () => tree.set("a/file", bytes("x")),
        () => tree.set("folder/new", bytes("x")),
        () => tree.remove("folder/secret"),
        () => tree.remove("folder", { recursive: true }),
        () => tree.setLines(bytes("folder={}")),
        () => new Params(join(tmp.path, "tree")).object(),
      ]
    ) assertThrows(action, DiscoError, "is a symlink or special file");
    assertEquals(Deno.readTextFileSync(join(tmp.path, "outside/secret")), "secret");
  });
});

describe("lines", () => {
  const cases: [content: string, line: string][] = [
    ["hello\n", "k=hello"],
    ["a=b \\n\t\xe4\n", "k=a=b \\n\t\xe4"],
    ["", "k="],
    ["hello", "k\\=hello"],
    ["\n", "k\\=\\n"],
    ["a\nb\n", "k\\=a\\nb\\n"],
    ["a\\nb", "k\\=a\\\\nb"],
    ["{}\n", "k\\={}\\n"],
    ["{}", "k\\={}"],
    ["a\r\n", "k\\=a\\x0d\\n"],
    ["\0\x1b\x7f\xff", "k\\=\\x00\\x1b\\x7f\xff"],
  ];
  for (const [content, line] of cases) {
    it(`${JSON.stringify(content)} is dumped as ${JSON.stringify(line)} and read back`, () => {
      using tmp = temporaryFolder();
      const tree = new Tree(tmp.path);
      const raw = Uint8Array.from(content, (c) => c.charCodeAt(0));
      tree.set("k", raw);
      const dump = tree.dump();
      assertEquals(String.fromCharCode(...dump), `${line}\n`);
      tree.remove("k");
      assertEquals(tree.setLines(dump), ["k"]);
      assertEquals(tree.get("k"), raw);
    });
  }

  it("a whole tree goes through dump and set unchanged", () => {
    using tmp = temporaryFolder();
    const from = new Tree(writeFiles(join(tmp.path, "from"), {
      "web1/users/present/alice": "uid=1000\nshell=/bin/sh\n",
      "web1/users/absent": null,
      "web1/a=b/c=d": "e=f\n",
      "disco/client/timeout": "60\n",
    }));
    const to = new Tree(join(tmp.path, "to"));
    to.setLines(from.dump());
    assertEquals(to.dump(), from.dump());
    assertEquals(
      text(from.dump()),
      "disco/client/timeout=60\n" +
        "web1/a\\x3db/c\\x3dd=e=f\n" +
        "web1/users/absent={}\n" +
        "web1/users/present/alice\\=uid=1000\\nshell=/bin/sh\\n\n",
    );
    assertEquals(text(from.dump("web1/users/absent")), "web1/users/absent={}\n");
    assertEquals(text(from.dump("disco/client/timeout")), "disco/client/timeout=60\n");
  });

  for (
    const [line, why] of [
      ["no-sign", 'expected "PATH=VALUE"'],
      ["=x", "as key"],
      ["../a=x", "as key"],
      ["a\\=b\\q", 'expected "\\\\"'],
      ["a\\=b\\", 'expected "\\\\"'],
      ["a\\=\\x0", 'expected "\\\\"'],
    ] as const
  ) {
    it(`sets nothing when a line is ${JSON.stringify(line)}`, () => {
      using tmp = temporaryFolder();
      const tree = new Tree(tmp.path);
      const error = assertThrows(() => tree.setLines(bytes(`good=1\n\n${line}\n`)), DiscoError);
      assertStringIncludes(error.message, `line 3: `);
      assertStringIncludes(error.message, why);
      assertEquals(tree.keys(), []);
    });
  }
});

describe("Params", () => {
  it("shows text without the one newline at the end", () => {
    using tmp = temporaryFolder();
    const params = new Params(writeFiles(tmp.path, { "a/b": "x\n\n", "a/c": "y" }));
    assertEquals(params.get("a/b"), "x\n");
    assertEquals(params.get("a/c"), "y");
    assertEquals(params.get("a/d"), undefined);
    assertThrows(() => params.get("a"), DiscoError, "it is a folder");
    assertThrows(() => params.get("../a"), DiscoError, "as key");
    assertEquals(Params.isSecret("a/secret/b"), true);
  });

  it("is an object without a prototype, so that no key means anything else", () => {
    using tmp = temporaryFolder();
    const object = new Params(writeFiles(tmp.path, {
      "users/present/alice": "1\n",
      "users/absent": null,
      "__proto__/polluted": "yes\n",
      "constructor": "x",
    })).object();
    assertEquals(JSON.parse(JSON.stringify(object)).users, { present: { alice: "1" }, absent: {} });
    assertEquals(Object.getPrototypeOf(object), null);
    assertEquals(Object.keys(object).sort(), ["__proto__", "constructor", "users"]);
    assertEquals(object.toString, undefined);
    assertEquals(({} as Record<string, unknown>).polluted, undefined);
  });

  it("fails on bytes that are no text only when they are used", () => {
    using tmp = temporaryFolder();
    const params = new Params(writeFiles(tmp.path, { "bin": Uint8Array.of(0xff), "txt": "x" }));
    const object = params.object();
    assertEquals(object.txt, "x");
    assertThrows(() => object.bin, DiscoError, 'Cannot read parameter "bin" as text');
    assertThrows(() => params.get("bin"), DiscoError, "not UTF-8");
  });
});
