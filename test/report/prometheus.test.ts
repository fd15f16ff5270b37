import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { prometheusText } from "../../lib/report/mod.ts";
import { exampleResult, step } from "./example.ts";

/** Samples by name and labels, read as strictly as the textfile collector does. */
function parse(text: string): Record<string, number> {
  const samples: Record<string, number> = {};
  let family = "";
  const families = new Set<string>();
  assert(text.endsWith("\n"), "the last line needs its line feed");
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
    if (comment?.[1] === "HELP") {
      family = comment[2]!;
      assert(!families.has(family), `${family} comes twice`);
      families.add(family);
    } else if (comment) {
      assertEquals([comment[2], comment[3]], [family, "gauge"]);
    } else {
      const labels = String.raw`\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\}`;
      const sample = new RegExp(`^(${family}(?:${labels})?) (-?[0-9.]+)$`).exec(line);
      assert(sample, `no sample of ${family}: ${line}`);
      assert(!(sample[1]! in samples), `${sample[1]} comes twice`);
      samples[sample[1]!] = Number(sample[2]);
    }
  }
  return samples;
}

describe("prometheusText", () => {
  it("should tell how the dance went", () => {
    assertEquals(parse(prometheusText(exampleResult())), {
      disco_dance_success: 0,
      disco_dance_noop: 0,
      disco_dance_merged: 1,
      disco_dance_timestamp_seconds: 1795392002.5,
      disco_dance_duration_seconds: 3.5,
      disco_dance_changes: 1,
      'disco_dance_balls{status="ok"}': 1,
      'disco_dance_balls{status="failed"}': 1,
      'disco_dance_balls{status="skipped"}': 0,
      'disco_dance_effects{status="would-run"}': 0,
      'disco_dance_effects{status="done"}': 1,
      'disco_dance_effects{status="failed"}': 0,
      'disco_dance_effects{status="skipped"}': 0,
      disco_dance_not_simulated: 1,
      disco_dance_owed_effects: 0,
      disco_dance_owed_since_seconds: 0,
      'disco_dance_ball_changes{ball="users"}': 1,
      'disco_dance_ball_changes{ball="web"}': 0,
      'disco_dance_stage_duration_seconds{ball="",stage="fetch"}': 1.26,
      'disco_dance_stage_duration_seconds{ball="users",stage="exec-run"}': 0.5,
      'disco_dance_stage_duration_seconds{ball="web",stage="exec-render"}': 0.1,
      'disco_dance_stage_duration_seconds{ball="web",stage="exec-run"}': 0.25,
    });
  });

  it("should stay readable with labels that hold quotes, backslashes and line feeds", () => {
    const metrics = [step("web", 'a"} 1\n# \\', "x", 1), step("web", "b", "x", 0.1)];
    const samples = parse(prometheusText(exampleResult({ metrics: [...metrics, ...metrics] })));
    const key = String.raw`disco_dance_stage_duration_seconds{ball="web",stage="a\"} 1\\n# \\"}`;
    assertEquals(samples[key], 2);
  });

  it("should stay readable of a dance in which nothing happened", () => {
    const samples = parse(
      prometheusText(exampleResult({ balls: [], changes: [], effects: [], metrics: [] })),
    );
    assertEquals(samples.disco_dance_changes, 0);
  });
});
