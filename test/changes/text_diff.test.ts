import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DIFF_LIMIT } from "../../lib/changes/content.ts";
import { unifiedDiff } from "../../lib/changes/text_diff.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const numbers = (n: number, mark = "") => Array.from({ length: n }, (_, i) => `${mark}${i}\n`);

/** What GNU diff says, without its header. */
function gnuDiff(before: string, after: string): string {
  const dir = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${dir}/a`, before);
    Deno.writeTextFileSync(`${dir}/b`, after);
    const args = ["-u", `${dir}/a`, `${dir}/b`];
    const { stdout } = new Deno.Command("diff", { args }).outputSync();
    return new TextDecoder().decode(stdout).split("\n").slice(2).join("\n");
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

describe("unifiedDiff", () => {
  const far = numbers(30);
  const texts: [what: string, before: string, after: string][] = [
    ["a changed line", "a\nb\nc\n", "a\nB\nc\n"],
    ["a new text", "", "a\nb\n"],
    ["a new text of one line without its end", "", "a"],
    ["a text that goes", "a\n", ""],
    ["an end that comes", "a\nb", "a\nb\n"],
    ["an end that goes", "a\nb\n", "a\nb"],
    ["both without an end", "a\nb", "a\nc"],
    ["carriage returns", "a\r\nb\r\n", "a\nb\r\n"],
    ["two places far apart", far.join(""), far.with(2, "x\n").with(25, "y\n").join("")],
    ["lines that look like a diff", "-- a\n", "++ b\n@@ -1 +1 @@\n"],
    ["more changed lines than are compared", numbers(900).join(""), numbers(900, "n").join("")],
    [
      "the same between common ends, the last line without its end",
      `1\n2\n3\n4\n${numbers(900, "a").join("")}5\n6\n7\n8`,
      `1\n2\n3\n4\n${numbers(900, "b").join("")}5\n6\n7\n8`,
    ],
    ["byte order marks", "\ufeffa\n", "a\n"],
  ];
  for (const [what, before, after] of texts) {
    it(`should write ${what} as GNU diff does`, () => {
      const diff = unifiedDiff("/etc/x", bytes(before), bytes(after));
      assertEquals(diff, `--- a/etc/x\n+++ b/etc/x\n${gnuDiff(before, after)}`);
    });
  }

  it("should say /dev/null for a side that does not exist", () => {
    assertEquals(
      unifiedDiff("/etc/x", null, bytes("a\n")),
      "--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\n",
    );
    assertEquals(
      unifiedDiff("/etc/x", bytes("a\n"), null),
      "--- a/etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
    );
  });

  it("should be empty where nothing differs", () => {
    assertEquals(unifiedDiff("/etc/x", null, bytes("")), "");
    assertEquals(unifiedDiff("/etc/x", bytes("a\n"), bytes("a\n")), "");
  });

  it("should keep a hostile name on the line of the header", () => {
    const diff = unifiedDiff("/etc/a\n+++ b/etc/shadow\x1b[2J", bytes(""), bytes("a\n"));
    assertEquals(diff?.split("\n").slice(0, 2), [
      "--- a/etc/a\\n+++ b/etc/shadow\\x1b[2J",
      "+++ b/etc/a\\n+++ b/etc/shadow\\x1b[2J",
    ]);
  });

  const noText: [what: string, content: Uint8Array][] = [
    ["NUL bytes", new Uint8Array([97, 0, 98])],
    ["bytes that are not UTF-8", new Uint8Array([97, 0xff, 10])],
    ["half a character", new Uint8Array([0xc3])],
    ["more than the limit", new Uint8Array(DIFF_LIMIT + 1).fill(10)],
  ];
  for (const [what, content] of noText) {
    it(`should have no diff of ${what}`, () => {
      assertEquals(unifiedDiff("/etc/x", content, bytes("a\n")), null);
      assertEquals(unifiedDiff("/etc/x", null, content), null);
    });
  }

  it("control: should have a diff of text as long as the limit", () => {
    const long = new Uint8Array(DIFF_LIMIT).fill(10);
    assert(unifiedDiff("/etc/x", null, long)?.startsWith("--- /dev/null\n"));
    assertEquals(unifiedDiff("/etc/x", null, bytes("ab\n"), 2), null);
  });
});
