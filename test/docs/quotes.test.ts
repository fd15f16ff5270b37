import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { codeOf, PROJECT, readPages } from "./markdown.ts";

const PAGES = readPages();

describe("docs/troubleshooting.md", () => {
  it("should quote messages that the sources have", () => {
    const sources = readSources();
    const cells = PAGES.get("docs/troubleshooting.md")!.split("\n")
      .flatMap((line) => /^\| (.*?`.*?)\s+\|/.exec(line)?.[1] ?? [])
      .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));
    assert(cells.length > 40);
    const unknown = cells.filter((cell) =>
      fragmentsOf(cell).some((part) => !sources.includes(part))
    );
    assertEquals(unknown, []);
    assertEquals(fragmentsOf('Cannot use "X": no N of it, ...'), ["Cannot use", ": no", "of it,"]);
  });
});

describe("docs/architecture.md", () => {
  it("should name each folder of lib/", () => {
    const page = PAGES.get("docs/architecture.md")!;
    const rooms = [...Deno.readDirSync(`${PROJECT}/lib`)].filter(({ isDirectory }) => isDirectory);
    assert(rooms.length > 20);
    assertEquals(rooms.map(({ name }) => name).filter((n) => !page.includes(`\`lib/${n}\``)), []);
  });
});

describe("docs/cookbook.md", () => {
  const lines = codeOf(PAGES.get("docs/cookbook.md")!);

  it("should show the files of examples/ as they are", () => {
    const shown = lines.flatMap(({ text, number }, i) => {
      const path = /^# ([a-z]+\/(?:balls|parameters|groups)\/\S+)$/.exec(text)?.[1];
      return path ? [{ path, number, text: blockFrom(i + 1) }] : [];
    });
    assert(shown.length >= 20);
    for (const { path, number, text } of shown) {
      const file = Deno.readTextFileSync(`${PROJECT}/examples/${path}`);
      assertEquals(text, withoutBlank(file), `line ${number}: ${path}`);
    }
  });

  it("should have a recipe for each folder of examples/ but the tutorial's", () => {
    const text = PAGES.get("docs/cookbook.md")!;
    for (const { name } of Deno.readDirSync(`${PROJECT}/examples`)) {
      assert(name === "motd" || text.includes(`# ${name}/`), name);
    }
  });

  /** What stands in a block from there to the next file. */
  function blockFrom(start: number): string {
    const end = lines.findIndex(({ text, number }, i) =>
      i >= start && (/^# [a-z]+\/(balls|parameters|groups)\//.test(text) ||
        number > lines[i - 1]!.number + 2)
    );
    const block = lines.slice(start, end < 0 ? undefined : end);
    return withoutBlank(block.map(({ text }) => text).join("\n"));
  }
});

/** Between the lines of an indented block, blank ones are not seen. */
function withoutBlank(text: string): string {
  return text.split("\n").filter((line) => line.trim() !== "").join("\n");
}

/** The words of a message between what it quotes and what stands for other words. */
function fragmentsOf(message: string): string[] {
  return message.replace(/^warning: /, "")
    .split(/"[^"]*"|\b[A-Z]{2,}S?\b|\b[NX]\b|\.\.\.|\b[0-9]+\b|\bscripts\/|\bfetch\b/)
    .map((part) => part.trim()).filter((part) => /[a-z]{2}/.test(part));
}

/** The text of all sources, with strings that are joined over lines in one piece. */
function readSources(): string {
  const texts: string[] = [];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) walk(`${folder}/${name}`);
      else if (name.endsWith(".ts")) texts.push(Deno.readTextFileSync(`${folder}/${name}`));
    }
  };
  walk(`${PROJECT}/lib`);
  walk(`${PROJECT}/tasks`);
  return texts.join("\n").replaceAll(/["'`] \+\s*["'`]/g, "");
}
