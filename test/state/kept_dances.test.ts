import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import {
  type HistoryGeneration,
  latestDance,
  listDances,
  loadResult,
  pruneDances,
  readHistory,
  saveResult,
} from "../../lib/state/mod.ts";
import { historyLines } from "../../lib/report/mod.ts";
import { run } from "../../lib/process/run.ts";
import { change, file } from "../changes/entries.ts";
import { DANCE, exampleResult, temporaryRoots } from "../report/example.ts";

const OLDER = "20250101T000000Z-ffffff";
const NEWER = "20270101T000000Z-000000";
const mode = (path: string) => Deno.statSync(path).mode! & 0o777;

describe("kept dances", () => {
  it("should come back as they were, names that are not UTF-8 too", () => {
    using place = temporaryRoots();
    const odd = change("created", null, file(), { path: "/etc/\udcff\n" });
    const result = exampleResult({ changes: [...exampleResult().changes, odd] });
    saveResult(place.roots, result);
    assertEquals(loadResult(place.roots, DANCE), result);
  });

  it("should be for root only, and leave nothing beside them", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const dir = `${place.roots.dances}/${DANCE}`;
    assertEquals([mode(dir), mode(`${dir}/result.json`)], [0o700, 0o600]);
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["result.json"]);
  });

  it("should hold nothing of a secret, whatever the caller left in", () => {
    using place = temporaryRoots();
    const entry = file({
      sha256: "5ec4e7",
      xattrs: { "user.key": "5ec4e7", "security.x": "bA==" },
    });
    const secret = change("modified", entry, { ...entry, target: "5ec4e7" }, {
      diff: "+5ec4e7",
      secret: true,
    });
    saveResult(place.roots, exampleResult({ changes: [secret] }));
    const path = `${place.roots.dances}/${DANCE}/result.json`;
    assertEquals(Deno.readTextFileSync(path).includes("5ec4e7"), false);
    saveResult(place.roots, exampleResult({ changes: [{ ...secret, secret: false }] }));
    assertEquals(Deno.readTextFileSync(path).includes("5ec4e7"), true, "control");
  });

  it("should be listed newest first, other files left out", () => {
    using place = temporaryRoots();
    assertEquals(listDances(place.roots), []);
    for (const dance of [DANCE, OLDER]) saveResult(place.roots, exampleResult({ dance }));
    for (const name of [NEWER, "lost+found", "..x"]) {
      Deno.mkdirSync(`${place.roots.dances}/${name}`);
    }
    assertEquals(listDances(place.roots), [NEWER, DANCE, OLDER]);
    assertEquals(latestDance(place.roots), DANCE, "the newest has no result");
  });

  it("should not be passed over where something else is in the place of the result", async () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    Deno.mkdirSync(`${place.roots.dances}/${NEWER}`);
    const result = `${place.roots.dances}/${NEWER}/result.json`;
    for (const argv of [["mkfifo", result], ["ln", "-s", "/etc/passwd", result]]) {
      await run(argv);
      assertEquals(latestDance(place.roots), NEWER);
      assertThrows(() => loadResult(place.roots, NEWER), DiscoError, "it is not a regular file");
      Deno.removeSync(result);
    }
    assertEquals(latestDance(place.roots), DANCE, "the control");
  });

  it("should go when they are many, oldest first", () => {
    using place = temporaryRoots();
    for (const dance of [DANCE, OLDER, NEWER]) saveResult(place.roots, exampleResult({ dance }));
    Deno.mkdirSync(`${place.roots.dances}/mine`);
    assertEquals(pruneDances(place.roots, 2), [OLDER]);
    assertEquals(pruneDances(place.roots, 0), [DANCE], "one is always kept");
    assertEquals([...Deno.readDirSync(place.roots.dances)].map(({ name }) => name).sort(), [
      NEWER,
      "mine",
    ]);
  });

  const broken: [what: string, text: string, message: string][] = [
    ["no JSON", "\x1b[31m{", "it is damaged: it is not JSON"],
    ["nothing", "", "it is empty"],
    ["another schema", JSON.stringify({ ...exampleResult(), schema: 2 }), "expected schema 1"],
    [
      "a missing list",
      JSON.stringify({ ...exampleResult(), balls: null }),
      '"balls" is not a list',
    ],
    ["another dance", JSON.stringify(exampleResult({ dance: OLDER })), "belongs to another dance"],
    ["null", "null", "expected schema 1"],
  ];
  for (const [what, text, message] of broken) {
    it(`should be refused with ${what}`, () => {
      using place = temporaryRoots();
      saveResult(place.roots, exampleResult());
      Deno.writeTextFileSync(`${place.roots.dances}/${DANCE}/result.json`, text);
      assertThrows(() => loadResult(place.roots, DANCE), DiscoError, message);
    });
  }

  it("should be missed by name", () => {
    using place = temporaryRoots();
    assertThrows(() => loadResult(place.roots, DANCE), DiscoError, `dance "${DANCE}"`);
    assertThrows(() => loadResult(place.roots, "../etc"), DiscoError, "Cannot use");
  });
});

function generation(id: string): HistoryGeneration {
  return { id, date: "2024-01-01T00:00:00Z", node: "n", undoes: null, undoneBy: null };
}

describe("the history", () => {
  it("should say that a damaged result is unreadable", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const entry = () => {
      const { status, changes } = readHistory(place.roots, []).dances[0]!;
      return [status, changes];
    };
    assertEquals(entry(), ["failed", 1]);
    Deno.writeTextFileSync(`${place.roots.dances}/${DANCE}/result.json`, "{");
    assertEquals(entry(), ["unreadable", null]);
    Deno.removeSync(`${place.roots.dances}/${DANCE}/result.json`);
    assertEquals(entry(), ["unfinished", 0]);
  });

  it("should list dances and generations", () => {
    using place = temporaryRoots();
    const { roots } = place;
    assertEquals(historyLines(readHistory(roots, [])), ["no dances yet"]);
    saveResult(roots, exampleResult());
    saveResult(
      roots,
      exampleResult({ dance: OLDER, noop: true, ok: true, merged: false, generation: null }),
    );
    Deno.mkdirSync(`${roots.dances}/${NEWER}`);
    const generations = [
      generation("20240101T000000Z-aaaaaa"),
      { ...generation(DANCE), undoneBy: NEWER },
      { ...generation(NEWER), undoes: DANCE },
    ];
    assertEquals(historyLines(readHistory(roots, generations)), [
      "dance                    started (UTC)        node              mode  result      changes" +
      "  generation                        balls",
      "20270101T000000Z-000000  -                    -                 -     unfinished        0" +
      "  -",
      "20261122T235959Z-0a1b2c  2026-11-22 23:59:59  node.example.org  live  failed            1" +
      "  20261122T235959Z-0a1b2c (undone)  users web",
      "20250101T000000Z-ffffff  2026-11-22 23:59:59  node.example.org  noop  ok                1" +
      "  -                                 users web",
      "20270101T000000Z-000000  2024-01-01 00:00:00  undid generation 20261122T235959Z-0a1b2c",
      "20240101T000000Z-aaaaaa  2024-01-01 00:00:00  generation, its dance is no longer kept",
    ]);
  });

  it("should say which generations are gone", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    const [one] = readHistory(place.roots, []).dances;
    assertEquals([one?.generation, one?.kept], [DANCE, false]);
  });
});
