import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { parseOnChange, reachesBelow } from "../../lib/ball/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";

describe("a line of reactions", () => {
  it("is a glob, what it needs, and a command whose words nothing expands", () => {
    const text = "# comment\n\n" +
      `/etc//nginx/** if=systemd if=/usr/sbin/nginx unless=/x/* sh -c 'a "$b" *' "c d" e\\ f {paths} ''\n`;
    assertEquals(parseOnChange(text, "web/reactions"), [{
      glob: "/etc/nginx/**",
      needs: ["systemd", "/usr/sbin/nginx"],
      unless: ["/x/*"],
      warns: false,
      argv: ["sh", "-c", 'a "$b" *', "c d", "e f", "{paths}", ""],
      file: "web/reactions",
      line: 3,
    }]);
  });

  it("begins with warn in checks only", () => {
    const [check] = parseOnChange("/a warn true", "f", "checks");
    assertEquals([check!.warns, check!.argv], [true, ["true"]]);
    const [reaction] = parseOnChange("/a warn true", "f");
    assertEquals([reaction!.warns, reaction!.argv], [false, ["warn", "true"]]);
  });

  for (
    const [what, text, message] of [
      ["no command", "/etc/a", "expected a command"],
      ["no command but a need", "/etc/a if=systemd", "expected a command"],
      ["a relative path", "etc/a true", "expected an absolute path"],
      ["a way up", "/etc/../a true", "expected an absolute path"],
      ["an unknown place", "/a if=upstart true", 'cannot use "if=upstart"'],
      ["a relative unless", "/a unless=b true", "expected an absolute path"],
      ["an open quote", "/a sh -c 'x", "a quote is not closed"],
      ["a comment behind it", "/a true # why", 'a word begins with "#"'],
      ["a CRLF", "/a true\r", "carriage return"],
      ["a NUL", "/a true \0", "control character"],
      ["a placeholder as command", "/a {path}", "its command has no name"],
      [
        "a placeholder in a word",
        "/a x --file={path}",
        'the placeholder in "--file={path}" must be a word of its own',
      ],
      ["an empty command", "/a '' x", "its command has no name"],
      ["too many words", `/a ${"b ".repeat(201)}`, "more than 200 words"],
      ["too long a line", `/a ${"b".repeat(8193)}`, "more than 8192 characters"],
    ] as const
  ) {
    it(`is refused by file and line: ${what}`, () => {
      const error = assertThrows(
        () => parseOnChange(`# one\n${text}\n`, "own.conf"),
        DiscoError,
        message,
      );
      assertEquals(error.message.startsWith('Cannot parse "own.conf", line 2: '), true);
    });
  }

  it("is refused with more than 1000 others", () => {
    const lines = (count: number) => parseOnChange("/a true\n".repeat(count), "own.conf");
    assertEquals(lines(1000).length, 1000);
    assertThrows(() => lines(1001), DiscoError, "more than 1000 lines");
  });
});

describe("reachesBelow", () => {
  for (
    const [glob, folder, expected] of [
      ["/etc/sysctl.d/*.conf", "/etc/sysctl.d", true],
      ["/etc/sysctl.d/*.conf", "/etc", true],
      ["/etc/**", "/etc/a/b", true],
      ["/etc/a", "/etc", true],
      ["/etc/a", "/etc/a", false],
      ["/etc/*", "/etc/a", false],
      ["/etc/*.d/x", "/etc/a.d", true],
      ["/etc/*.d/x", "/etc/a", false],
      ["/etc/sysctl.d/*.conf", "/etc/sysctl", false],
    ] as const
  ) {
    it(`says ${expected} of ${glob} below ${folder}`, () => {
      assertEquals(reachesBelow(glob, folder), expected);
    });
  }
});
