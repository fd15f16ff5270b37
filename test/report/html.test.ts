import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { htmlPage } from "../../lib/report/mod.ts";
import { timelineOf } from "../../lib/report/timeline.ts";
import { change, file } from "../changes/entries.ts";
import { exampleResult, step } from "./example.ts";

/** The tags of a page in order; throws if one is not closed by its own name. */
function tags(html: string): string[] {
  const empty = new Set(["meta", "wbr"]);
  const open: string[] = [];
  const all: string[] = [];
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*)?>/g)) {
    if (slash) assertEquals(open.pop(), name);
    else if (!empty.has(name!)) open.push(name!);
    if (!slash) all.push(name!);
  }
  assertEquals(open, []);
  return all;
}

describe("htmlPage", () => {
  it("should be one well-formed page without anything from elsewhere", async () => {
    const html = await htmlPage(exampleResult());
    const used = new Set(tags(html));
    const outside = ["script", "link", "img", "iframe", "object", "a", "form"];
    assertEquals(outside.filter((name) => used.has(name)), []);
    assertEquals(html.match(/https?:|url\(|@import/g), null);
    assertStringIncludes(html, "default-src 'none'");
    assertStringIncludes(html, "prefers-color-scheme: dark");
  });

  it("should show outcome, timeline, changes with diffs, effects and figures", async () => {
    const html = await htmlPage(exampleResult());
    for (
      const part of [
        '<p class="outcome bad">failed: ball web</p>',
        'title="users: exec-run: 1.sh: 0.500 s"',
        'title="web: exec-run: 10.sh: 0.250 s, failed"',
        '<span class="path">/etc/motd</span>',
        '<pre>\n<span class="header">--- /dev/null</span>\n',
        '<span class="added">+hi</span>\n</pre></details>',
        "<code>systemctl restart ssh</code>",
        "connect to 192.0.2.1",
        '<th class="n">mem_<wbr>faults_<wbr>minor</th>',
        '<td class="n" data-field="mem_max">4672</td>',
      ]
    ) assertStringIncludes(html, part);
  });

  it("should show failures first, and in words whether it was live", async () => {
    const failed = await htmlPage(exampleResult({ universe: "/srv/universe" }));
    const order = ["failed: ball web", "What went wrong (1)", "live: the changes were merged"];
    const places = [...order, "<dd>/srv/universe</dd>", "Timeline"].map((part) =>
      failed.indexOf(part)
    );
    assertEquals(places, places.toSorted((a, b) => a - b));
    assertEquals(places[0]! >= 0, true);
    const fine = await htmlPage(exampleResult({ balls: [], noop: true, merged: false }));
    assertEquals(fine.includes("What went wrong"), false);
    assertStringIncludes(fine, "dry run: nothing was merged");
  });

  it("should show what was tried before the merge, and what of it failed", async () => {
    const check = { argv: ["sshd", "-t"], path: "/etc/ssh/sshd_config", ball: "web" };
    const html = await htmlPage(exampleResult({
      checks: [{ ...check, status: "failed", error: "line 3 is bad" }],
    }));
    for (
      const part of [
        "Checks (1)",
        "the check sshd -t [/etc/ssh/sshd_config]",
        '<td class="bad">failed</td><td class="whole"><code>sshd -t</code></td>',
      ]
    ) assertStringIncludes(html, part);
    const without = await htmlPage(exampleResult({ checks: [] }));
    assertEquals(without.includes("Checks ("), false);
  });

  it("should show hostile names and contents as text", async () => {
    const evil = `"'><script>alert(1)</script><b x='\x1b\u202e<%= 1 %>`;
    const html = await htmlPage(exampleResult({
      node: evil,
      dance: evil,
      error: evil,
      generation: evil,
      balls: [{ name: evil, status: "failed", changes: 1, error: evil }],
      changes: [
        change("created", null, file({ owner: evil }), {
          path: evil,
          balls: [evil],
          diff: `+${evil}\n`,
        }),
      ],
      effects: [{ ball: evil, script: evil, argv: [evil], status: "failed", error: evil }],
      notSimulated: [{ ball: evil, script: evil, kind: "network", what: evil }],
      metrics: [step(evil, evil, evil, 1)],
    }));
    const used = tags(html);
    assertEquals([used.includes("script"), used.includes("b")], [false, false]);
    // deno-lint-ignore no-control-regex
    assertEquals(/[\u202e\x1b]/.test(html), false);
    // Attributes hold no quote that a value brought along.
    assert(!/title="[^"]*"[^ >\n]/.test(html));
    assertStringIncludes(html, "&lt;script&gt;");
  });

  it("should show nothing of a secret", async () => {
    const secret = change("modified", file({ sha256: "5ec4e7" }), file(), {
      diff: "+5ec4e7\n",
      secret: true,
    });
    const show = (secret: boolean, one = { ...exampleResult().changes[0]!, diff: "+5ec4e7\n" }) =>
      htmlPage(exampleResult({ changes: [{ ...one, secret }] }));
    assertEquals((await htmlPage(exampleResult({ changes: [secret] }))).includes("5ec4e7"), false);
    assertEquals((await show(true)).includes("5ec4e7"), false);
    assertEquals((await show(false)).includes("5ec4e7"), true, "control");
  });
});

describe("timelineOf", () => {
  it("should place the dance first, then the balls, in percent of the whole", () => {
    const { rows, stages } = timelineOf([
      step("web", "exec-run", "a.sh", 1, { start: 2 }),
      step(null, "fetch", "fetch", 2, { start: 0 }),
    ], 4);
    assertEquals(rows.map(({ name, bars }) => [name, bars[0]?.left, bars[0]?.width]), [
      ["the dance", "0.000", "50.000"],
      ["web", "50.000", "25.000"],
    ]);
    assertEquals(stages.map(({ name }) => name), ["exec-run", "fetch"]);
  });

  it("should put steps without a known beginning one after the other", () => {
    const { rows } = timelineOf([step("a", "run", "1", 1), step("b", "run", "2", 3)], 0);
    assertEquals(rows.map(({ bars }) => bars[0]?.left), ["0.000", "25.000"]);
  });

  it("should show the steps of a stage instead of the stage", () => {
    const { rows } = timelineOf([step("a", "run", "run", 1), step("a", "run", "1", 1)], 1);
    assertEquals(rows[0]?.bars.map(({ title }) => title), ["a: run: 1: 1.000 s"]);
  });
});
