import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Eta } from "eta";
import { join } from "@std/path";
import { inspectBall, readBall } from "../lib/ball/mod.ts";
import { lintBall } from "../lib/lint/mod.ts";
import { parseKey } from "../lib/params/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { run, RunError } from "../lib/process/run.ts";

const EMBEDDED = join(import.meta.dirname!, "..", "universe");
const TESTING = join(import.meta.dirname!, "universe");

const BROKEN_IN_THEMSELVES = [
  "broken-absolute-link",
  "broken-link",
  "broken-permissions",
  "broken-requires",
];

describe("the embedded universe", () => {
  it("should have the balls of the original and hello", () => {
    const expected = ["entities", "groups", "hello", "packages", "services", "users"];
    assertEquals(namesIn(EMBEDDED, "balls"), expected);
  });

  it("should give the node default one ball", () => {
    assertEquals(namesIn(EMBEDDED, "parameters"), ["default"]);
    assertEquals(namesIn(EMBEDDED, "parameters/default/modules"), ["hello"]);
  });

  for (const name of namesIn(EMBEDDED, "balls")) {
    it(`should have nothing to be found wrong in ${name}`, async () => {
      const findings = await lintBall(join(EMBEDDED, "balls", name), name);
      assertEquals(findings.filter(({ level }) => level !== "skipped"), []);
    });
  }
});

describe("the universe for tests", () => {
  it("should hold balls that are good, except those that must be refused", () => {
    for (const name of namesIn(TESTING, "balls")) {
      if (BROKEN_IN_THEMSELVES.includes(name)) {
        assertThrows(() => inspectAndRead(TESTING, name), DiscoError);
      } else inspectAndRead(TESTING, name);
    }
  });

  it("should list no broken ball for a node that is not broken", () => {
    for (const node of namesIn(TESTING, "parameters").filter((name) => !/^broken-/.test(name))) {
      const listed = namesIn(TESTING, `parameters/${node}/modules`);
      assertEquals(listed.filter((name) => /^broken-/.test(name)), []);
    }
  });

  it("should have a node for every broken ball", () => {
    const broken = namesIn(TESTING, "parameters").filter((name) => /^broken-/.test(name))
      .flatMap((node) => namesIn(TESTING, `parameters/${node}/modules`));
    const required = ["broken-cycle-b", "broken-cycle-c"];
    for (const ball of namesIn(TESTING, "balls").filter((name) => /^broken-/.test(name))) {
      assert(broken.includes(ball) || required.includes(ball), ball);
    }
  });
});

for (const universe of [EMBEDDED, TESTING]) {
  describe(`what git keeps of ${universe === EMBEDDED ? "the embedded" : "the tests'"} universe`, () => {
    it("should be all: no empty folders", () => {
      const empty = [...walk(universe)].filter(([path, entry]) =>
        entry.isDirectory && [...Deno.readDirSync(path)].length === 0
      );
      assertEquals(empty, []);
    });

    it("should have keys that are keys", () => {
      const spoiled = /broken-parameter\//;
      for (const [path, { isFile }] of walk(universe)) {
        const key = /\/(?:groups|parameters)\/(.+)$/.exec(path)?.[1];
        if (key && isFile && !path.includes("/files/") && !spoiled.test(path)) parseKey(key);
      }
    });

    it("should have Eta templates that compile", () => {
      const eta = new Eta({ autoEscape: false, autoTrim: false });
      let compiled = 0;
      for (const [path] of walk(universe)) {
        if (!path.endsWith(".eta")) continue;
        const compile = () => void eta.compile(Deno.readTextFileSync(path));
        if (path.includes("/broken-eta-syntax/")) assertThrows(compile, Error);
        else compile();
        compiled++;
      }
      assert(compiled > 0);
    });
  });
}

describe("entities.sh", () => {
  const library = join(EMBEDDED, "balls/entities/files/usr/local/lib/disco/entities.sh");
  const bash = (script: string, ...args: string[]) =>
    run(["bash", "-euo", "pipefail", "-c", `. ${library}\n${script}`, "bash", ...args]);
  const words = (text: string) => bash(`entities_words "$1"; declare -p ENTITIES_WORDS`, text);

  const cases: [text: string, words: string[]][] = [
    ["", []],
    ["-m", ["-m"]],
    ["  -m \t -u\n1000\n", ["-m", "-u", "1000"]],
    ["-c 'Alice Example' -m", ["-c", "Alice Example", "-m"]],
    [`-c "it's"`, ["-c", "it's"]],
    [String.raw`-c a\ b`, ["-c", "a b"]],
    ["-G ''", ["-G", ""]],
    ["$(id) `id` * ~ ;", ["$(id)", "`id`", "*", "~", ";"]],
  ];
  for (const [text, expected] of cases) {
    it(`should split ${JSON.stringify(text)}`, async () => {
      const script = `entities_words "$1"; for word in "\${ENTITIES_WORDS[@]}"; do
        printf '%s\\n' "$word"; done`;
      assertEquals(await bash(script, text), expected.map((word) => `${word}\n`).join(""));
    });
  }

  it("should refuse an open quote", async () => {
    await assertFails(() => words("-c 'Alice"), "Cannot split");
  });

  const table = "declare -A table=([-m]=-m [-u]=-u: [--uid]=-u: [-p]=-p: [-s]=-s:)";
  const parse = (text: string) =>
    bash(
      `${table}; entities_parse table "$1"; echo "\${ENTITIES_OPTIONS[*]}"; echo "\${ENTITIES_WANT[-u]-}"`,
      text,
    );
  for (const text of ["-m -u 7", "-mu 7", "-mu7", "-m --uid 7", "-m --uid=7", "-m -p hash -u 7"]) {
    it(`should understand ${text}`, async () => assertEquals(await parse(text), "-m -u 7\n7\n"));
  }
  for (
    const [text, message] of [
      ["-x", `Cannot use the option "-x"`],
      ["--uid", "needs a value"],
      ["-m alice", "Expected an option"],
    ] as const
  ) {
    it(`should refuse ${text}`, () => assertFails(() => parse(text), message));
  }
});

async function assertFails(action: () => Promise<unknown>, message: string): Promise<void> {
  try {
    await action();
  } catch (error) {
    assert(error instanceof RunError);
    assertStringIncludes(error.message, message);
    return;
  }
  throw new Error(`Expected a failure that says ${message}`);
}

function inspectAndRead(universe: string, name: string): void {
  inspectBall(join(universe, "balls", name), name);
  readBall(join(universe, "balls", name), name);
}

function namesIn(universe: string, folder: string): string[] {
  try {
    return [...Deno.readDirSync(join(universe, folder))].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function* walk(dir: string): Generator<[path: string, entry: Deno.DirEntry]> {
  for (const entry of Deno.readDirSync(dir)) {
    const path = join(dir, entry.name);
    yield [path, entry];
    if (entry.isDirectory) yield* walk(path);
  }
}
