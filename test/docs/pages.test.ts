import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname, join } from "@std/path";
import { commands } from "../../tasks/all.ts";
import { anchorsOf, codeOf, inlineCodeOf, linksOf, PROJECT, readPages } from "./markdown.ts";

const PAGES = readPages();

/** Another task writes these from the tables of commands and settings. */
const GENERATED = ["docs/reference/commands.md", "docs/reference/settings.md"];

/** Words that style wants to have left out, as far as a pattern can find them. */
const BANNED = /\b(in the stead|as good as|whoever may not|shall|mend|be it)\b/i;

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

    it("should name commands and options that exist", async () => {
      const lines = [...codeOf(page).map(({ text }) => text), ...inlineCodeOf(page)];
      const wrong = [];
      for (const words of lines.flatMap(callsOf)) {
        const why = await whyWrong(words);
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
  it("should find what is wrong", async () => {
    assert(!leadsSomewhere("README.md", "docs/none.md"));
    assert(!leadsSomewhere("README.md", "docs/balls.md#none"));
    assert(!leadsSomewhere("docs/balls.md", "docs/server.md"));
    assert(leadsSomewhere("docs/balls.md", "server.md#over-ssh"));
    assertEquals(callsOf("$ disco dance --noop # look"), [["dance", "--noop"]]);
    assertEquals(callsOf("echo x | disco param set a/b"), [["param", "set", "a/b"]]);
    assertEquals(callsOf("sudo disco dance; disco confirm"), [["dance"], ["confirm"]]);
    assertEquals(callsOf("report: undo it with disco rollback"), []);
    assertEquals(await whyWrong(["dnce"]), "there is no such command");
    assertEquals(await whyWrong(["dance", "--nop"]), "there is no --nop");
    assertEquals(await whyWrong(["policy", "--", "ls", "--none"]), undefined);
    assertEquals(await whyWrong(["dance", "--confirm", "10m"]), undefined);
  });
});

function leadsSomewhere(from: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (GENERATED.includes(path)) return true;
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

const helps = new Map<string, Promise<string>>();

async function whyWrong([name = "", ...words]: readonly string[]): Promise<string | undefined> {
  if (name === "help") return undefined;
  if (!Object.hasOwn(commands, name)) return "there is no such command";
  const end = words.indexOf("--");
  const own = (end < 0 ? words : words.slice(0, end)).filter((word) => word.startsWith("--"));
  if (own.length === 0) return undefined;
  if (!helps.has(name)) helps.set(name, helpOf(name));
  const help = await helps.get(name)!;
  const missing = own.map((word) => word.replace(/=.*/, ""))
    .find((word) => !new RegExp(`(^|[^\\w-])${word}(?![\\w-])`).test(help));
  return missing && `there is no ${missing}`;
}

async function helpOf(name: string): Promise<string> {
  const args = ["run", "-A", "--frozen", "--cached-only", "tasks/disco.ts", name, "--help"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`"${name} --help" failed: ${text.decode(stderr)}`);
  return text.decode(stdout);
}
