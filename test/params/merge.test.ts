import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DiscoError } from "../../lib/error/mod.ts";
import { mergeTrees, Tree } from "../../lib/params/mod.ts";
import { type Content, temporaryFolder, writeFiles } from "../ball/files.ts";

type Files = Record<string, Content>;

/** Lays out sources, merges them, and gives back the dump of the result. */
function merged(tmp: string, ...sources: Files[]): string {
  const dirs = sources.map((files, index) => writeFiles(join(tmp, `source${index}`), files));
  mergeTrees(dirs, join(tmp, "parameters/web1"));
  return new TextDecoder().decode(new Tree(join(tmp, "parameters/web1")).dump());
}

describe("mergeTrees", () => {
  const cases: [what: string, sources: Files[], expected: string][] = [
    [
      "lets a later source override an earlier one",
      [{ a: "1\n", b: "1\n" }, { a: "2\n" }],
      "a=2\nb=1\n",
    ],
    ["joins folders", [{ "d/a": "1\n" }, { "d/b": "2\n" }], "d/a=1\nd/b=2\n"],
    ["takes a later file for a folder", [{ "d/a/b": "1\n" }, { "d/a": "2\n" }], "d/a=2\n"],
    ["takes a later folder for a file", [{ "d": "1\n" }, { "d/a": "2\n" }], "d/a=2\n"],
    [
      "forgets a folder that was overridden",
      [{ "d/a": "1\n" }, { d: "2\n" }, { "d/b": "3\n" }],
      "d/b=3\n",
    ],
    ["keeps empty folders", [{ d: null }, {}], "d={}\n"],
    ["makes an empty tree of nothing", [], ""],
  ];
  for (const [what, sources, expected] of cases) {
    it(what, () => {
      using tmp = temporaryFolder();
      assertEquals(merged(tmp.path, ...sources), expected);
    });
  }

  it("says where a file and a folder meet, but for balls and groups", () => {
    using tmp = temporaryFolder();
    const sources = [
      { "web/port": "1\n", "log": "1\n", "both/a": "1\n", "modules/web": "", "member/g": "" },
      { "web": "2\n", "log/level": "2\n", "both/b": "2\n", "modules/web/x": "", "member/g/x": "" },
      { "web/port": "3\n", "both/a": "3\n", "log/level": "3\n" },
    ].map((files, i) => ({ dir: writeFiles(join(tmp.path, `${i}`), files), shown: `source${i}` }));
    const target = join(tmp.path, "out/web1");
    const expected = [
      "source1/log is a folder: the file source0/log does not count",
      "source1/web is a file: the folder source0/web does not count",
      "source2/web is a folder: the file source1/web does not count",
    ];
    assertEquals(mergeTrees(sources, target).sort(), expected);
    // The same where nothing has to be written.
    assertEquals(mergeTrees(sources, target).sort(), expected);
  });

  it("takes a source that is missing as empty", () => {
    using tmp = temporaryFolder();
    const target = join(tmp.path, "out/web1");
    mergeTrees([join(tmp.path, "gone"), writeFiles(join(tmp.path, "a"), { x: "" })], target);
    assertEquals(new Tree(target).keys(), ["x"]);
  });

  it("keeps what it writes to its owner, whatever the source allows, and leaves nothing else", () => {
    using tmp = temporaryFolder();
    const source = writeFiles(join(tmp.path, "a"), { "d/x": "" });
    Deno.chmodSync(join(source, "d/x"), 0o4777);
    Deno.chmodSync(join(source, "d"), 0o777);
    const before = Deno.umask(0o777);
    try {
      mergeTrees([source], join(tmp.path, "out"));
    } finally {
      Deno.umask(before);
    }
    const modes = ["out", "out/d", "out/d/x"].map((path) =>
      Deno.statSync(join(tmp.path, path)).mode! & 0o7777
    );
    assertEquals(modes, [0o700, 0o700, 0o600]);
    assertEquals([...Deno.readDirSync(tmp.path)].map(({ name }) => name).sort(), ["a", "out"]);
  });

  describe("when a tree is there already", () => {
    const files = { "d/x": "1\n", "e": null };
    const inode = (tmp: string) => Deno.statSync(join(tmp, "parameters/web1")).ino;

    it("leaves it alone when it is the same", () => {
      using tmp = temporaryFolder();
      merged(tmp.path, files);
      const before = inode(tmp.path);
      merged(tmp.path, files);
      assertEquals(inode(tmp.path), before);
    });

    const changes: [what: string, change: (target: string) => void][] = [
      ["another content of the same length", (t) => Deno.writeTextFileSync(`${t}/d/x`, "2\n")],
      ["more at the end", (t) => Deno.writeTextFileSync(`${t}/d/x`, "1\n2\n")],
      ["a file too many", (t) => Deno.writeTextFileSync(`${t}/d/y`, "")],
      ["a file too few", (t) => Deno.removeSync(`${t}/d/x`)],
      ["a folder too few", (t) => Deno.removeSync(`${t}/e`)],
      ["a link for a file", (t) => {
        Deno.renameSync(`${t}/d/x`, `${t}/../x`);
        Deno.symlinkSync("../../x", `${t}/d/x`);
      }],
      ["a mode too wide for a file", (t) => Deno.chmodSync(`${t}/d/x`, 0o644)],
      ["a mode too wide for a folder", (t) => Deno.chmodSync(`${t}/d`, 0o755)],
      ["a file for the whole", (t) => {
        Deno.removeSync(t, { recursive: true });
        Deno.writeTextFileSync(t, "");
      }],
    ];
    for (const [what, change] of changes) {
      it(`makes it anew when it has ${what}`, () => {
        using tmp = temporaryFolder();
        merged(tmp.path, files);
        const before = inode(tmp.path);
        // Its number is not used again as long as it is open.
        using _held = Deno.openSync(join(tmp.path, "parameters/web1"));
        change(join(tmp.path, "parameters/web1"));
        assertEquals(merged(tmp.path, files), "d/x=1\ne={}\n");
        assert(inode(tmp.path) !== before);
      });
    }

    it("does not mind what a crash left behind", () => {
      using tmp = temporaryFolder();
      writeFiles(tmp.path, { "parameters/~merging/new/x": "", "parameters/~merging/old/y": "" });
      assertEquals(merged(tmp.path, { a: "1\n" }), "a=1\n");
      assertEquals(new Tree(join(tmp.path, "parameters")).keys(), ["web1/"]);
    });
  });

  describe("refuses, and leaves the old tree", () => {
    const bad: [path: string, content: Content, why: string][] = [
      ["d/link", { link: "/etc/shadow" }, "it is a symlink"],
      ["d/folder", { link: "." }, "it is a symlink"],
      ["d/a b", "", "its name cannot be part of a key"],
      ["d/-x", "", "its name cannot be part of a key"],
      ["d/a\nb", null, "its name cannot be part of a key"],
    ];
    for (const [path, content, why] of bad) {
      it(JSON.stringify([path, content]), () => {
        using tmp = temporaryFolder();
        merged(tmp.path, { a: "1\n" });
        const error = assertThrows(
          () => merged(tmp.path, { a: "2\n", [path]: content }),
          DiscoError,
          why,
        );
        assert(error.message.includes(path.replace("\n", "\\n")), error.message);
        assertEquals(new Tree(join(tmp.path, "parameters/web1")).get("a"), Uint8Array.of(0x31, 10));
      });
    }

    it("a source that is a link", () => {
      using tmp = temporaryFolder();
      writeFiles(tmp.path, { "real/a": "", "source": { link: "real" } });
      assertThrows(
        () => mergeTrees([join(tmp.path, "source")], join(tmp.path, "out")),
        DiscoError,
        "it is not a folder",
      );
    });

    it("a FIFO", async () => {
      using tmp = temporaryFolder();
      const source = writeFiles(join(tmp.path, "a"), {});
      await new Deno.Command("mkfifo", { args: [join(source, "x")] }).output();
      assertThrows(
        () => mergeTrees([source], join(tmp.path, "out")),
        DiscoError,
        "it is a special file",
      );
    });
  });
});
