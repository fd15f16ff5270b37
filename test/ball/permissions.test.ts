import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { coversPath, parsePermissions, permissionFor } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";

const parse = (text: string) => parsePermissions(text, "web/permissions");

describe("parsePermissions", () => {
  it("reads rules and secrets; a dash leaves a field alone", () => {
    const text = [
      "# who may read",
      "0640 root adm etc/web//*.conf",
      "",
      "- 33 - /var/www/my site/#1 ",
      "secret /etc/web/key",
    ].join("\n");
    assertEquals(parse(text), {
      rules: [
        { mode: 0o640, owner: "root", group: "adm", glob: "/etc/web/*.conf", line: 2 },
        { owner: "33", glob: "/var/www/my site/#1", line: 4 },
      ],
      secrets: ["/etc/web/key"],
    });
  });

  for (
    const [line, why] of [
      ["0640 root adm", "expected"],
      ["secret", "expected"],
      ["u+x root root /x", "octal mode"],
      ["08 root root /x", "octal mode"],
      ["17777 root root /x", "octal mode"],
      ["644 ro:ot root /x", "expected a name"],
      ["644 root -root /x", "expected a name"],
      ["644 root root /a/../../x", 'without ".."'],
      ["secret ../x", 'without ".."'],
    ] as const
  ) {
    it(`names file and line for "${line}"`, () => {
      const error = assertThrows(() => parse(`\n${line}`), DiscoError, why);
      assertEquals(error.message.startsWith('Cannot parse "web/permissions", line 2: '), true);
    });
  }
});

describe("permissionFor", () => {
  const { rules } = parse("644 root root /etc/**\n- - adm /etc/web/*\n0600 - - /etc/web/key\n");

  for (
    const [path, expected] of [
      ["/etc/motd", { mode: 0o644, owner: "root", group: "root" }],
      ["/etc/web/site", { mode: 0o644, owner: "root", group: "adm" }],
      ["/etc/web/key", { mode: 0o600, owner: "root", group: "adm" }],
      ["/etc/web/d/x", { mode: 0o644, owner: "root", group: "root" }],
      ["/usr/x", {}],
    ] as const
  ) {
    it(`takes each field of ${path} from the last rule that names it`, () => {
      assertEquals(permissionFor(rules, path), expected);
    });
  }
});

describe("globs", () => {
  const cases: [glob: string, matching: string[], other: string[]][] = [
    ["/etc/*.conf", ["/etc/a.conf", "/etc/.conf"], ["/etc/d/a.conf", "/etc/aXconf"]],
    ["/etc/?", ["/etc/a"], ["/etc/", "/etc/ab", "/etc//"]],
    ["/etc/[a-c!]x", ["/etc/ax", "/etc/!x"], ["/etc/dx", "/etc/x"]],
    ["/etc/[!a-c]x", ["/etc/dx"], ["/etc/ax", "/etc/x"]],
    ["/a[^b]c", ["/axc"], ["/abc", "/a/c"]],
    ["/**/key", ["/key", "/a/key", "/a/b/key"], ["/a/monkey"]],
    ["/a/**", ["/a/b", "/a/b/c"], ["/b"]],
    ["/a\\*", ["/a*"], ["/ab"]],
    ["/{a,b}(c)+.$", ["/{a,b}(c)+.$"], ["/a"]],
    ["/[z-a]", ["/[z-a]"], ["/z"]],
    ["/[x", ["/[x"], ["/x"]],
    ["/a\nb*", ["/a\nb\nc"], ["/a"]],
  ];
  for (const [glob, matching, other] of cases) {
    it(`${JSON.stringify(glob)} matches what it should, and nothing else`, () => {
      const rules = [{ mode: 0o600, glob, line: 1 }];
      const matches = (path: string) => permissionFor(rules, path).mode !== undefined;
      assertEquals(matching.filter((path) => !matches(path)), []);
      assertEquals(other.filter(matches), []);
    });
  }
});

describe("coversPath", () => {
  it("covers what a glob matches and everything below it", () => {
    const secrets = ["/etc/keys", "/srv/*.pem"];
    const secret = ["/etc/keys", "/etc/keys/a/.b", "/srv/x.pem"];
    const open = ["/etc", "/etc/keys2", "/srv/d/x.pem"];
    assertEquals(secret.filter((path) => !coversPath(secrets, path)), []);
    assertEquals(open.filter((path) => coversPath(secrets, path)), []);
  });
});

describe("many wildcards", () => {
  it("end with an error that names the glob, and not after hours", () => {
    const globs = Array.from({ length: 1000 }, (_, i) => `/${"**d".repeat(300)}${i}`);
    const path = `/srv/${"d".repeat(200)}/${"d".repeat(200)}`;
    assertThrows(
      () => {
        for (let i = 0; i < 20_000; i++) coversPath(globs, path);
      },
      DiscoError,
      'lines of permissions or purge: "/**d**d',
    );
  });

  it("are fine where they are few", () => {
    const globs = Array.from({ length: 100 }, (_, i) => `/etc/**/d${i}*.conf`);
    for (let i = 0; i < 10_000; i++) coversPath(globs, `/etc/a/b/c${i}`);
    assertEquals(coversPath(globs, "/etc/x/d7.conf/below"), true);
  });
});
