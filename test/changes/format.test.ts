import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { diffColour, formatChange } from "../../lib/changes/format.ts";
import type { Change } from "../../lib/result/change.ts";
import { formatMtime, parseMtime } from "../../lib/changes/mtime.ts";
import { change, file, other } from "./entries.ts";

const LATER = "2026-11-23T00:00:00.000000000Z";
const link = (target: string) => other("symlink", { mode: "0777", target });
const www = { uid: 33, gid: 33, owner: "www-data", group: "www-data" };

describe("formatChange", () => {
  const cases: [what: string, change: Change, line: string][] = [
    [
      "a new file",
      change("created", null, file()),
      ">f+++++++++ /etc/x: created, mode 0644, owner root, group root, size 3 [web]",
    ],
    [
      "a new directory",
      change("created", null, other("directory")),
      "cd+++++++++ /etc/x: created directory, mode 0755, owner root, group root [web]",
    ],
    [
      "a new device",
      change("created", null, other("char", { rdev: "1:3" })),
      "cD+++++++++ /etc/x: created char, mode 0755, owner root, group root, device 1:3 [web]",
    ],
    [
      "a new pipe of an account without a name",
      change("created", null, other("fifo", { uid: 7, owner: null })),
      "cS+++++++++ /etc/x: created fifo, mode 0755, owner 7, group root [web]",
    ],
    [
      "other content of another size",
      change("modified", file(), file({ size: 5, sha256: "bb", mtime: LATER })),
      ">fcst...... /etc/x: modified, size 3 -> 5 [web]",
    ],
    [
      "other content of the same size",
      change("modified", file(), file({ sha256: "bb", mtime: LATER })),
      ">fc.t...... /etc/x: modified, other content [web]",
    ],
    [
      "other binary content",
      change("modified", file(), file({ size: 9, sha256: "bb" }), { binary: true }),
      ">fcs....... /etc/x: modified, size 3 -> 9, binary [web]",
    ],
    [
      "mode, owner and group",
      change("attributes", file(), file({ mode: "4600", ...www })),
      ".f...pog... /etc/x: attributes, mode 0644 -> 4600, owner root -> www-data, " +
      "group root -> www-data [web]",
    ],
    [
      "another number behind the same name",
      change("attributes", file({ uid: 5, owner: "a" }), file({ uid: 6, owner: "a" })),
      ".f....o.... /etc/x: attributes, owner a (5) -> a (6) [web]",
    ],
    [
      "a time alone",
      change("attributes", other("directory"), other("directory", { mtime: LATER })),
      ".d..t...... /etc/x: attributes, time 2026-11-22T23:59:59.000000001Z -> " +
      "2026-11-23T00:00:00.000000000Z [web]",
    ],
    [
      "extended attributes",
      change(
        "attributes",
        file({ xattrs: { "user.a": "MQ==", "user.b": "MQ==", "security.selinux": "MQ==" } }),
        file({ xattrs: { "user.a": "Mg==", "system.posix_acl_access": "MQ==" } }),
      ),
      ".f......axz /etc/x: attributes, xattr -security.selinux 1, xattr +system.posix_acl_access 1, " +
      "xattr user.a 1 -> 2, xattr -user.b 1 [web]",
    ],
    [
      "a symlink's target",
      change("modified", link("a"), link("b")),
      "cLc........ /etc/x: modified, target a -> b [web]",
    ],
    [
      "another type",
      change("replaced", file({ mode: "0777" }), link("b")),
      "cLcs....... /etc/x: replaced file by symlink, size 3 -> none, target b [web]",
    ],
    [
      "a directory that gives way",
      change("replaced", other("directory"), file({ mode: "0755" }), { contained: 2 }),
      ">fcs....... /etc/x: replaced directory by file (with 2 below it), size 3 [web]",
    ],
    ["a deleted file", change("deleted", file(), null), "*deleting   /etc/x: deleted [web]"],
    [
      "a deleted tree",
      change("deleted", other("directory"), null, { contained: 12, balls: ["a", "b"] }),
      "*deleting   /etc/x: deleted directory (with 12 below it) [a, b]",
    ],
    [
      "names that would play with the terminal",
      change("created", null, link("\x1b[31m"), { path: "/etc/a\nb\udcff\u202e" }),
      "cL+++++++++ $'/etc/a\\nb\\xff\\u202e': created symlink, mode 0777, owner root, group root, " +
      "target $'\\x1b[31m' [web]",
    ],
    [
      "names that look like what stands around them",
      change("created", null, link("y, owner root"), {
        path: "/etc/x: modified, size 1 -> 2 [other-ball]",
      }),
      "cL+++++++++ '/etc/x: modified, size 1 -> 2 [other-ball]': created symlink, mode 0777, " +
      "owner root, group root, target 'y, owner root' [web]",
    ],
    [
      "an account whose name does",
      change("created", null, file({ owner: "root, size 3 [web]" })),
      ">f+++++++++ /etc/x: created, mode 0644, owner 'root, size 3 [web]', group root, size 3 [web]",
    ],
    [
      "capabilities",
      change(
        "attributes",
        file({ xattrs: { "security.capability": "AQAAAgAEAAAAAAAAAAAAAAAAAAA=" } }),
        file({ xattrs: { "security.capability": "AAAAAgEAAAACAAAAAAAAAAAAAAA=" } }),
      ),
      ".f.......x. /etc/x: attributes, xattr security.capability cap_net_bind_service=ep -> " +
      "cap_chown=p cap_dac_override=i [web]",
    ],
    [
      "an access list",
      change(
        "created",
        null,
        file({
          xattrs: {
            "system.posix_acl_access":
              "AgAAAAEABgD/////AgAGAOgDAAAEAAQA/////xAABgD/////IAAEAP////8=",
          },
        }),
      ),
      ">f+++++++++ /etc/x: created, mode 0644, owner root, group root, size 3, xattr " +
      "+system.posix_acl_access user::rw-,user:1000:rw-,group::r--,mask::rw-,other::r-- [web]",
    ],
    [
      "attributes of any bytes",
      change("created", null, file({ xattrs: { "user.a b": "AP8=", "user.t": "YSAiYiI=" } })),
      ">f+++++++++ /etc/x: created, mode 0644, owner root, group root, size 3, " +
      "xattr +'user.a b' 0x00ff, xattr +user.t 'a \"b\"' [web]",
    ],
  ];
  for (const [what, given, line] of cases) {
    it(`should itemise ${what}`, () => assertEquals(formatChange(given), [line]));
  }

  it("should show the diff below, printable and with its colours", () => {
    const diff = "--- a/etc/x\n+++ b/etc/x\n@@ -1,2 +1,2 @@\n -old\n-a\x1b[2J\n+\tb\n";
    const lines = formatChange(
      change("modified", file(), file({ size: 4, sha256: "b" }), { diff }),
    );
    assertEquals(lines.map((line) => [diffColour(line), line]), [
      ["", ">fcs....... /etc/x: modified, size 3 -> 4 [web]"],
      ["1", "    --- a/etc/x"],
      ["1", "    +++ b/etc/x"],
      ["36", "    @@ -1,2 +1,2 @@"],
      ["", "     -old"],
      ["31", "    -a\\x1b[2J"],
      ["32", "    +\tb"],
    ]);
  });

  it("should say how much of a diff was cut", () => {
    const given = change("created", null, file(), { diff: "+a\n", diffCut: 7 });
    assertEquals(formatChange(given).slice(1), [
      "    +a",
      "    ... 7 more lines of the diff are not shown",
    ]);
  });

  describe("of a secret path", () => {
    const diff = "--- a/etc/x\n+++ b/etc/x\n@@ -1 +1 @@\n-hunter2\n+hunter3\n";
    const { sha256: _, ...hidden } = file();
    const modified = change("modified", hidden, { ...hidden, size: 8 }, { diff });

    it("should show no content even if the change holds some", () => {
      assertEquals(formatChange({ ...modified, secret: true }), [
        ">fcs....... /etc/x: modified, size 3 -> 8, secret [web]",
      ]);
    });

    it("should show no target", () => {
      const text = formatChange(change("created", null, link("hunter2"), { secret: true })).join();
      assertEquals(text.includes("hunter2"), false);
    });

    it("should show it where that is wished, and say that it is one", () => {
      const lines = formatChange({ ...modified, secret: true }, { secrets: true });
      assertEquals(lines[0]!.endsWith(", secret [web]"), true, lines[0]);
      assertEquals(lines.join().includes("+hunter3"), true);
    });

    it("should show no attribute that users set", () => {
      const xattrs = { "user.key": btoa("hunter2"), "security.x": btoa("label") };
      const text = formatChange(change("created", null, file({ xattrs }), { secret: true })).join();
      assertEquals([text.includes("hunter2"), text.includes("label")], [false, true]);
    });

    it("control: should show the content of a path that is not secret", () => {
      assertEquals(formatChange(modified).join().includes("hunter2"), true);
    });
  });
});

describe("formatMtime", () => {
  const cases: [ns: bigint, text: string][] = [
    [0n, "1970-01-01T00:00:00.000000000Z"],
    [1795391999_000000001n, "2026-11-22T23:59:59.000000001Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [253402300800_000000000n, "@253402300800.000000000"],
    [-(2n ** 63n), "1677-09-21T00:12:43.145224192Z"],
    [-62135596801_500000000n, "@-62135596802.500000000"],
  ];
  for (const [ns, text] of cases) {
    it(`should write ${ns} as ${text}`, () => assertEquals(formatMtime(ns), text));
  }
});

describe("parseMtime", () => {
  for (
    const ns of [0n, 1n, -1n, 1_795_000_000_123_456_789n, -62_135_596_800_000_000_001n, 1n << 68n]
  ) {
    it(`should read what formatMtime writes of ${ns}`, () => {
      assertEquals(parseMtime(formatMtime(ns)), ns);
    });
  }
});
