import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { formatChange } from "../../lib/changes/mod.ts";
import { checkLines, type CheckResult } from "../../lib/check/mod.ts";
import { commandLine } from "../../lib/effects/mod.ts";
import { type Plan, planDot, planLines } from "../../lib/plan/mod.ts";
import { historyLines, htmlPage, prometheusText, reportLines } from "../../lib/report/mod.ts";
import { readHistory, saveResult } from "../../lib/state/mod.ts";
import type { Result } from "../../lib/result/mod.ts";
import { jsonPieces, printable, printableLine, shellWord } from "../../lib/terminal/mod.ts";
import { change, file, other } from "../changes/entries.ts";
import { HOSTILE_NAMES, UNSEEN } from "../terminal/hostile_names.ts";
import { DANCE, exampleResult, step, temporaryRoots } from "./example.ts";

/** A result in which everything that can have a name has this one. */
function resultOf(name: string): Result {
  const owned = { owner: name, group: name };
  const created = change("created", null, other("symlink", { target: name, ...owned }), {
    path: `/etc/${name}`,
    balls: [name],
    diff: `--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+${name.replaceAll("\n", "")}\n`,
  });
  const xattrs = {
    [`user.x${name}`]: btoa("x"),
    "user.y": new TextEncoder().encode(name).toBase64(),
  };
  const attributes = change("attributes", file(owned), file({ xattrs, owner: "a" }), {
    path: `/srv/${name}`,
    balls: [name],
  });
  return exampleResult({
    error: name,
    node: name,
    balls: [{ name, status: "failed", changes: 1, error: `e${name}` }],
    changes: [created, attributes],
    effects: [{ ball: name, script: name, argv: [name, name], status: "failed", error: name }],
    notSimulated: [{ ball: name, script: name, kind: "network", what: name }],
    metrics: [step(name, "exec-run", name, 1)],
  });
}

function checkOf({ changes, effects, notSimulated }: Result, name: string): CheckResult {
  const [one] = changes;
  return {
    ...{ schema: 1, ball: name, node: name, balls: [name], ok: false, idempotent: false },
    ...{ predictable: false, needsNetwork: false, changes, again: changes, notSimulated },
    failures: [{ round: "result", ball: name, error: name }],
    refusal: { error: name, hint: name },
    surprises: [{ path: one!.path, predicted: null, result: one! }],
    effects: effects.map((effect) => ({ ...effect, cwd: "/" })),
    effectsAgain: effects.map((effect) => ({ ...effect, cwd: "/", isNew: true })),
    effectSurprises: effects.map(({ argv }) => ({
      ball: name,
      argv,
      predicted: true,
      result: false,
    })),
  };
}

/** What every output shows of a result, a text each. */
async function outputs(name: string): Promise<Record<string, string[]>> {
  const result = resultOf(name);
  return {
    changes: result.changes.flatMap((one) => formatChange(one)),
    report: reportLines(result),
    check: checkLines(checkOf(result, name), { all: true }).map(({ text }) => text),
    history: historyOf(result),
    plan: planLines(planOf(name)),
    html: (await htmlPage(result)).split("\n"),
    prometheus: prometheusText(result).split("\n"),
    dot: planDot(planOf(name)).split("\n"),
    json: [...jsonPieces(result, 2)].join("").split("\n"),
  };
}

function planOf(name: string): Plan {
  const edges = [{ before: name, after: name, by: name, file: name, line: 1 }];
  const reasons = [{ kind: "group" as const, group: name }];
  return { node: name, order: [{ name, reasons }], edges };
}

function historyOf(result: Result): string[] {
  using place = temporaryRoots();
  saveResult(place.roots, result);
  const generation = { id: DANCE, date: name(result), node: name(result), undoes: name(result) };
  return historyLines(readHistory(place.roots, [{ ...generation, undoneBy: name(result) }]));
}

function name({ node }: Result): string {
  return node;
}

const plain = await outputs("x");

describe("a name that means harm", () => {
  for (const [what, name] of HOSTILE_NAMES) {
    it(`should be seen as what it is, and be one line: ${what}`, async () => {
      for (const [where, lines] of Object.entries(await outputs(name))) {
        const bad = lines.find((line) => UNSEEN.test(line) || line.includes("\n"));
        assertEquals(bad, undefined, where);
        assertEquals(lines.length, plain[where]!.length, `${where} has further lines`);
      }
      assert(!UNSEEN.test(printable(name)) && !/[\n\t]/.test(printable(name)));
      assert(!UNSEEN.test(printableLine(name)));
    });

    it(`should come back from JSON as it was: ${what}`, () => {
      for (const indent of [0, 2]) {
        const text = [...jsonPieces(resultOf(name), indent)].join("");
        assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(resultOf(name))));
      }
    });

    it(`should be one word to a shell: ${what}`, () => {
      if (name.includes("\0")) return;
      const bytes = new Deno.Command("bash", {
        args: ["-c", `printf %s ${commandLine([name])}`],
        env: { LC_ALL: "C.UTF-8" },
      }).outputSync().stdout;
      // Words of programs are bytes: a surrogate that stands for none is none.
      if (!name.isWellFormed()) return;
      assertEquals(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), name);
    });
  }

  it("should not be quoted where it is harmless", () => {
    for (const word of ["/etc/x.conf", "/dev/pci-0000:00", "a@b.service", "x~", "--a=b,c+d"]) {
      assertEquals(shellWord(word), word);
    }
  });

  it("control: should be seen in what it was made from", () => {
    const seen = HOSTILE_NAMES.filter(([, name]) => UNSEEN.test(name) || /[\n\t]/.test(name));
    assert(seen.length > 25);
  });
});
