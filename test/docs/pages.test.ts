import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname, join } from "@std/path";
import { COMMON_OPTIONS } from "../../lib/command_line/mod.ts";
import { commandOf } from "../../tasks/all.ts";
import { anchorsOf, codeOf, inlineCodeOf, linksOf, PROJECT, readPages } from "./markdown.ts";

const PAGES = readPages();

/** What the pages must not say; a pattern finds only a part of what is hard to read. */
const HARD_TO_READ = [
  ...["as good as", "be it", "in the stead", "mend", "shall", "tells no", "whoever may not"],
];
const BANNED = new RegExp(`\\b(${HARD_TO_READ.join("|")})\\b`, "i");

describe("README", () => {
  const readme = PAGES.get("README.md")!;

  it("should be short", () => {
    const { length } = new TextEncoder().encode(readme);
    assert(length <= 8000, `README.md has ${length} bytes`);
  });

  it("should hold the test command that CI runs", () => {
    assertStringIncludes(readme, "tasks/setup && deno task test ");
    assertStringIncludes(
      Deno.readTextFileSync(`${PROJECT}/.ci/run`),
      "tasks/setup && deno task test",
    );
  });

  it("should lead to every page", () => {
    const linked = linksOf(readme).map((target) => target.replace(/#.*/, ""));
    const pages = [...PAGES.keys()].filter((path) => path !== "README.md");
    assertEquals(pages.filter((path) => !linked.includes(path)), []);
  });
});

for (const [path, page] of PAGES) {
  describe(path, () => {
    it("should have links that lead somewhere", () => {
      const broken = linksOf(page).filter((target) => !leadsSomewhere(path, target));
      assertEquals(broken, []);
    });

    it("should name commands and options that exist", () => {
      const lines = [...codeOf(page).map(({ text }) => text), ...inlineCodeOf(page)];
      const wrong = [];
      for (const words of lines.flatMap(callsOf)) {
        const why = whyWrong(words);
        if (why) wrong.push(`disco ${words.join(" ")}: ${why}`);
      }
      assertEquals(wrong, []);
    });

    // The measurements quote what was printed when they were made.
    if (path !== "docs/measurements.md") {
      it("should be in plain English", () => {
        assertEquals(page.split("\n").filter((line) => BANNED.test(line)), []);
      });
    }
  });
}

describe("the checks of pages", () => {
  it("should find what is wrong", () => {
    assert(!leadsSomewhere("README.md", "docs/none.md"));
    assert(!leadsSomewhere("README.md", "docs/balls.md#none"));
    assert(!leadsSomewhere("docs/balls.md", "docs/server.md"));
    assert(leadsSomewhere("docs/balls.md", "server.md#over-ssh"));
    assertEquals(callsOf("$ disco dance --noop # look"), [["dance", "--noop"]]);
    assertEquals(callsOf("echo x | disco param set a/b"), [["param", "set", "a/b"]]);
    assertEquals(callsOf("sudo disco dance; disco confirm"), [["dance"], ["confirm"]]);
    assertEquals(callsOf("report: undo it with disco rollback"), []);
    assertEquals(whyWrong(["dnce"]), "there is no such command");
    assertEquals(whyWrong(["dance", "--nop"]), "there is no --nop");
    assertEquals(whyWrong(["policy", "--", "ls", "--none"]), undefined);
    assertEquals(whyWrong(["dance", "--confirm", "10m"]), undefined);
  });
});

function leadsSomewhere(from: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!isThere(`${PROJECT}/${path}`)) return false;
  return anchor === undefined || anchorsOf(PAGES.get(path) ?? "").has(anchor);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The words after each `disco` that stands where a command can stand. */
function callsOf(line: string): string[][] {
  const bare = line.replace(/^\$ /, "").replace(/(^|\s)#.*$/, "");
  return bare.split(/\s*(?:&&|\|\||[;|](?=\s)|>)\s*/).flatMap((part) => {
    const match = /^(?:sudo )?(?:\/usr\/local\/bin\/)?disco ((?:[a-z-]+)(?: .*)?)$/.exec(
      part.trim(),
    );
    return match ? [match[1]!.split(/\s+/)] : [];
  });
}

/** What `disco` answers without a command. */
const ANSWERS = ["help", "--version", "completions", "man"];

function whyWrong([name = "", ...words]: readonly string[]): string | undefined {
  if (ANSWERS.includes(name)) return undefined;
  const command = commandOf(name);
  if (!command) return "there is no such command";
  const end = words.indexOf("--");
  const known = [...command.options ?? [], ...COMMON_OPTIONS].map((option) => `--${option.name}`);
  const missing = (end < 0 ? words : words.slice(0, end)).filter((word) => word.startsWith("--"))
    .map((word) => word.replace(/=.*/, "")).find((word) => !known.includes(word));
  return missing && `there is no ${missing}`;
}
