import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiffCutter } from "../../lib/changes/cut.ts";
import type { Change } from "../../lib/result/mod.ts";
import { startOfDiff, unifiedDiff } from "../../lib/changes/text_diff.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { htmlPage, prometheusText, reportLines } from "../../lib/report/mod.ts";
import { loadResult, pruneDances, saveResult } from "../../lib/state/mod.ts";
import { inBlocks } from "../../lib/terminal/output.ts";
import { jsonPieces } from "../../lib/terminal/mod.ts";
import { change, file } from "../changes/entries.ts";
import { DANCE, exampleResult, temporaryRoots } from "./example.ts";

const MIB = 1 << 20;
const created = (fields: Partial<Change>) => change("created", null, file(), fields);

describe("a diff", () => {
  const whole = (diff: string) => new DiffCutter().cut(diff);

  it("should be whole where it is short", () => {
    for (const diff of ["", "+a\n", "+\n".repeat(999)]) assertEquals(whole(diff), { diff });
  });

  const long: [what: string, diff: string, left: number][] = [
    ["lines", "+a\n".repeat(5000), 4000],
    ["letters", `+${"x".repeat(1000)}\n`.repeat(100), 35],
    ["letters in one line", `@@\n+${"x".repeat(MIB)}\n`, 1],
  ];
  for (const [what, diff, left] of long) {
    it(`should be cut at a line's end, and say so, with many ${what}`, () => {
      const { diff: shown = null, diffCut } = whole(diff);
      assertEquals(diffCut, left);
      assert(diff.startsWith(shown!) && shown!.endsWith("\n"));
    });
  }

  it("should be made only as far as it is shown, and come to the same", () => {
    const texts = [
      ...["\n".repeat(MIB / 4), `${"x".repeat(70)}\n`.repeat(3000), "ü\n".repeat(90_000), "a\n"],
      ...[`a\n${"x".repeat(MIB / 2)}`, `${"\n".repeat(90_000)}no newline`, "x".repeat(90_000)],
    ];
    for (const text of texts) {
      const bytes = new TextEncoder().encode(text);
      for (const [old, now] of [[null, bytes], [bytes, null], [new Uint8Array(), bytes]] as const) {
        const { room } = new DiffCutter();
        const { diff, omitted } = startOfDiff("/x", old, now, { most: room })!;
        const all = unifiedDiff("/x", old, now)!;
        assertEquals(new DiffCutter().cut(diff, omitted), whole(all), text.slice(0, 20));
        // The control: it is less, where there is much more.
        assertEquals(diff.length < all.length, text.lastIndexOf("\n", text.length - 2) > room);
      }
    }
  });

  it("should be cut when the others were long", () => {
    const cutter = new DiffCutter();
    const diff = `+${"x".repeat(1000)}\n`.repeat(60);
    const all = Array.from({ length: 200 }, () => cutter.cut(diff));
    assertEquals(all[0], { diff });
    assertEquals(all.at(-1), { diff: "", diffCut: 60 });
    const length = all.reduce((sum, one) => sum + one.diff!.length, 0);
    assert(length > 3 * MIB && length <= 4 * MIB);
  });
});

describe("a large result", () => {
  it("should be kept, read and shown: 200,000 changes", async () => {
    using place = temporaryRoots();
    const changes = Array.from({ length: 200_000 }, (_, i) => created({ path: `/srv/${i}` }));
    const result = exampleResult({ changes });
    saveResult(place.roots, result);
    assertEquals(loadResult(place.roots, DANCE).changes.length, changes.length);
    assertStringIncludes(reportLines(result).join("\n"), "changes: 200000 (200000 created)");
    assert((await htmlPage(result)).length > 0 && prometheusText(result).length > 0);
  });

  it("should be a document in pieces where it is longer than a string", () => {
    const diff = "x".repeat(MIB);
    const changes = Array.from({ length: 600 }, (_, i) => created({ path: `/srv/${i}`, diff }));
    const result = exampleResult({ changes });
    let length = 0;
    for (const bytes of inBlocks(jsonPieces(result))) length += bytes.length;
    assert(length > 600 * MIB);
    // The control: at once it cannot be written.
    assertThrows(() => JSON.stringify(result), RangeError);
  });

  it("should be refused with its size where it cannot be read", () => {
    using place = temporaryRoots();
    saveResult(place.roots, exampleResult());
    Deno.truncateSync(`${place.roots.dances}/${DANCE}/result.json`, 1 << 30);
    assertThrows(() => loadResult(place.roots, DANCE), DiscoError, "it has 1073741824 bytes");
  });

  it("should make room by letting go of the oldest", () => {
    using place = temporaryRoots();
    const ids = ["20250101T000000Z-ffffff", "20260101T000000Z-ffffff", DANCE];
    for (const dance of ids) saveResult(place.roots, exampleResult({ dance }));
    const { size } = Deno.statSync(`${place.roots.dances}/${DANCE}/result.json`);
    assertEquals(pruneDances(place.roots, 50, 3 * size), []);
    assertEquals(pruneDances(place.roots, 50, 2 * size), [ids[0]]);
    assertEquals(pruneDances(place.roots, 50, 1), [ids[1]], "the newest stays");
  });
});

describe("a result that somebody has changed", () => {
  const edits: [what: string, edit: object, message: string][] = [
    ["a change without a path", { changes: [{}] }, '"changes[0].path" is not text'],
    ["a change of a kind of its own", { changes: [created({ kind: "x" as "created" })] }, "kind"],
    ["balls that are none", { changes: [created({ balls: [1] as never })] }, "balls[0]"],
    ["an entry that is a word", { changes: [created({ after: "x" as never })] }, "after"],
    ["an attribute that is a number", {
      changes: [change("created", null, file({ xattrs: { x: 1 as never } }))],
    }, "xattrs.x"],
    ["a time that is none", { started: "now" }, '"started" is not a time'],
    ["an id that is a path", { dance: "../x" }, "is not a dance's id"],
    ["a figure that is a word", { metrics: [{ ball: null, stage: "x", name: "x" }] }, "time_real"],
    ["effects that are none", { effects: [{ argv: "x" }] }, '"effects[0].ball" is not text'],
    ["a ball that is null", { balls: [null] }, '"balls[0]" is not an object'],
  ];
  for (const [what, edit, message] of edits) {
    it(`should be refused: ${what}`, () => {
      using place = temporaryRoots();
      saveResult(place.roots, exampleResult());
      const text = JSON.stringify({ ...exampleResult(), ...edit });
      Deno.writeTextFileSync(`${place.roots.dances}/${DANCE}/result.json`, text);
      assertThrows(() => loadResult(place.roots, DANCE), DiscoError, message);
    });
  }

  it("should be refused if it is not a file", () => {
    using place = temporaryRoots();
    Deno.mkdirSync(`${place.roots.dances}/${DANCE}/result.json`, { recursive: true });
    assertThrows(() => loadResult(place.roots, DANCE), DiscoError, "not a regular file");
  });
});
