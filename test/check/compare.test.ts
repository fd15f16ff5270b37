import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Change, Entry } from "../../lib/result/mod.ts";
import { effectSurprisesOf, surprisesOf } from "../../lib/check/compare.ts";
import { isRestart } from "../../lib/lint/mod.ts";

const FILE: Entry = {
  type: "file",
  mode: "0644",
  uid: 0,
  gid: 0,
  owner: "root",
  group: "root",
  size: 3,
  mtime: "2026-01-01T00:00:00.000000000Z",
  sha256: "aa",
  xattrs: { "user.a": "MQ==", "user.b": "Mg==" },
};

function created(path: string, entry: Partial<Entry> = {}): Change {
  const after = { ...FILE, ...entry };
  return { path, kind: "created", balls: ["a"], before: null, after, diff: null, secret: false };
}

describe("surprisesOf", () => {
  const cases: [what: string, entry: Partial<Entry>, isSurprise: boolean][] = [
    ["nothing", {}, false],
    ["the time", { mtime: "2026-01-02T00:00:00.000000000Z" }, false],
    ["the order of attributes", { xattrs: { "user.b": "Mg==", "user.a": "MQ==" } }, false],
    ["an attribute", { xattrs: { "user.a": "MQ==" } }, true],
    ["the content", { sha256: "bb" }, true],
    ["the mode", { mode: "0600" }, true],
    ["the owner", { uid: 1, owner: "daemon" }, true],
    ["the type", { type: "symlink", target: "x" }, true],
  ];
  for (const [what, entry, isSurprise] of cases) {
    it(`should ${isSurprise ? "" : "not "}be surprised by ${what}`, () => {
      const found = surprisesOf([created("/x")], [created("/x", entry)]);
      assertEquals(found.map(({ path }) => path), isSurprise ? ["/x"] : []);
    });
  }

  it("should name what only one side has, sorted", () => {
    const [both, dry, live] = ["/m", "/z", "/a"].map((path) => created(path));
    assertEquals(surprisesOf([dry!, both!], [both!, live!]), [
      { path: "/a", predicted: null, result: live! },
      { path: "/z", predicted: dry!, result: null },
    ]);
  });
});

describe("effectSurprisesOf", () => {
  it("should compare command lines", () => {
    const effect = (ball: string, ...argv: string[]) => ({ ball, script: "x", cwd: "/", argv });
    const found = effectSurprisesOf(
      [effect("a", "x", "y"), effect("a", "z")],
      [effect("b", "z"), effect("b", "x y")],
    );
    assertEquals(found, [
      { ball: "a", argv: ["x", "y"], predicted: true, result: false },
      { ball: "b", argv: ["x y"], predicted: false, result: true },
    ]);
  });
});

describe("isRestart", () => {
  const yes = [
    "systemctl restart nginx",
    "systemctl --no-block try-reload-or-restart nginx",
    "/usr/sbin/service nginx reload",
    "/etc/init.d/nginx force-reload",
    "rc-service nginx restart",
  ];
  const no = ["systemctl enable nginx", "systemctl start restarter", "echo restart", "restart"];
  for (const line of yes) {
    it(`should know ${line}`, () => assertEquals(isRestart(line.split(" ")), true));
  }
  for (const line of no) {
    it(`should not see one in ${line}`, () => assertEquals(isRestart(line.split(" ")), false));
  }
});
