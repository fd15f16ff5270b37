import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { parseOnChange } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { type ChangedPath, loadLines } from "../../lib/on_change/mod.ts";
import { reactionsTo } from "../../lib/reactions/mod.ts";
import { Folder } from "../posix/folder.ts";
import { changed, groundWithout } from "./support.ts";

function react(
  text: string,
  paths: readonly ChangedPath[],
  ground = groundWithout(),
): string[] {
  return reactionsTo(paths, parseOnChange(text, "a/reactions"), ground)
    .map(({ argv }) => argv.join(" "));
}

describe("reactions", () => {
  it("come once each, in the order of the lines, whatever the order of the paths", () => {
    const text = "/b one\n/a two\n/a one\n/*/x three\n/c never\n";
    assertEquals(react(text, changed("/a", "/b", "/d/x")), ["one", "two", "three"]);
    assertEquals(react(text, []), []);
  });

  it("say who changed what, for the report", () => {
    const [effect] = reactionsTo(
      changed("/etc/a"),
      parseOnChange("/etc/* x", "f"),
      groundWithout(),
    );
    assertEquals(effect, { ball: "a", script: "reaction:/etc/a", cwd: "/", argv: ["x"] });
  });

  it("name each path, all of them, or their names; only what is there", () => {
    const gone = { path: "/d/gone", ball: "a", isFile: false, isTree: false };
    const paths = [...changed("/d/a", "/d/-b"), gone];
    assertEquals(react("/d/* x {path} y", paths), ["x /d/a y", "x /d/-b y"]);
    assertEquals(react("/d/* x {paths}", paths), ["x /d/a /d/-b"]);
    // No name is taken for an option.
    assertEquals(react("/d/* x {names}", paths), ["x a /d/-b"]);
    assertEquals(react("/d/* x", [gone]), ["x"]);
    assertEquals(react("/d/* x {path}", [gone]), []);
  });

  it("are split where the paths are too many for one command, and refused as single ones", () => {
    const many = changed(...Array.from({ length: 1200 }, (_, i) => `/d/${i}`));
    assertEquals(react("/d/* x {paths}", many).map((line) => line.split(" ").length), [
      501,
      501,
      201,
    ]);
    assertThrows(() => react("/d/* x {path}", many), DiscoError, "more than 200 changed paths");
  });

  it("see what goes with a folder", () => {
    const folder = { path: "/etc/sysctl.d", ball: "a", isFile: false, isTree: true };
    assertEquals(react("/etc/sysctl.d/*.conf x\n/etc/other/* y", [folder]), ["x"]);
    assertEquals(react("/etc/sysctl.d/*.conf x", [{ ...folder, isTree: false }]), []);
  });

  it("are refused before the merge where their program is missing, unless they ask for it", () => {
    const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    const without = groundWithout(...folders.map((folder) => `${folder}/x`));
    const error = assertThrows(() => react("/a x", changed("/a"), without), DiscoError);
    assertEquals(
      error.message,
      'Cannot react to the change of "/a": there is no x in the finished tree (a/reactions, line 1)',
    );
    assertEquals(react("/a if=/usr/bin/x x", changed("/a"), without), []);
    assertEquals(react("/b x", changed("/a"), without), []);
  });

  it("follow links to the folder of an own line", () => {
    const ground = {
      ...groundWithout(),
      real: (folder: string) => folder === "/etc/link" ? "/srv/re*al" : folder,
    };
    const lines = parseOnChange("/etc/link/** x\n/etc/link/a* y {paths}\n", "own.conf");
    const argvs = (path: string) =>
      reactionsTo(changed(path), lines, ground).map(({ argv }) => argv.join(" "));
    assertEquals(argvs("/srv/re*al/a"), ["x", "y /srv/re*al/a"]);
    assertEquals(argvs("/etc/link/a"), ["x", "y /etc/link/a"]);
    assertEquals(argvs("/srv/reveal/a"), []);
  });

  it("ask no service manager that does not run", () => {
    const text = "/a systemctl reload b\n/a /sbin/rc-service b reload\n/a udevadm trigger";
    assertEquals(react(text, changed("/a")).length, 3);
    assertEquals(react(text, changed("/a"), groundWithout("systemd", "openrc", "udev")), []);
  });

  it("with hostile globs are matched in bounded time, or refused", () => {
    const path = `/${"a".repeat(4000)}`;
    const glob = `/${"**a".repeat(40)}b`;
    assertEquals(react(`${glob} x`, changed(path)), []);
    const text = `/${"**a".repeat(2000)}b x\n`.repeat(200);
    assertThrows(
      () => react(text, changed(...Array(200).fill(path))),
      DiscoError,
      "takes too long",
    );
  });

  it("of names that are not UTF-8 are refused", () => {
    const error = assertThrows(() => react("/d/* x {path}", changed("/d/\udcff")), DiscoError);
    assertEquals(error.message.includes("is not UTF-8"), true);
    assertEquals(react("/d/* x", changed("/d/\udcff")), ["x"]);
  });
});

describe("lines", () => {
  const SHIPPED = { "10.conf": "/a shipped", "20.conf": "/a also" };

  it("come shipped, from the node, its parameters, the balls; a name from before is replaced", () => {
    using folder = new Folder();
    folder.sh(`mkdir -p etc/reactions.d params/reactions.d
printf '/a mine\\n' >etc/reactions.d/10.conf; printf '/a more\\n' >etc/reactions.d/30.conf
printf 'bad' >etc/reactions.d/ignored; : >params/reactions.d/20.conf
printf '/a far\\n' >params/reactions.d/far`);
    const balls = [parseOnChange("/a ball", "b/reactions")];
    const lines = loadLines("reactions", SHIPPED, {
      etc: folder.at("etc"),
      params: folder.at("params"),
      balls,
    });
    assertEquals(lines.map(({ argv }) => argv[0]), ["mine", "more", "far", "ball"]);
  });

  for (
    const [what, make, message] of [
      [
        "a bad line",
        "echo x >etc/reactions.d/1.conf",
        '1.conf", line 1: expected an absolute path',
      ],
      ["a folder", "mkdir etc/reactions.d/1.conf", "it is not a file"],
      ["a FIFO", "mkfifo etc/reactions.d/1.conf", "it is not a file"],
      ["too much", "truncate -s 2M etc/reactions.d/1.conf", "more than 1048576 bytes"],
      ["no UTF-8", "printf '\\377' >etc/reactions.d/1.conf", "it is not UTF-8"],
    ] as const
  ) {
    it(`are refused by name: ${what}`, () => {
      using folder = new Folder();
      folder.sh(`mkdir -p etc/reactions.d; ${make}`);
      const sources = { etc: folder.at("etc"), params: folder.at("params"), balls: [] };
      assertThrows(() => loadLines("reactions", SHIPPED, sources), DiscoError, message);
    });
  }
});
