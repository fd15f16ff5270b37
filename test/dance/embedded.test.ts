import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { attributes, differing, pathsOf } from "./support.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";

const EMBEDDED = ["--server", "embedded"];

const HELLO = {
  "/etc/disco-hello": "directory 0755 0:0",
  "/etc/disco-hello/facts.txt": "file 0644 0:0",
  "/etc/disco-hello/node.conf": "file 0644 0:0",
  "/etc/disco-hello/settings.conf": "file 0644 0:0",
  "/etc/disco-hello/welcome.txt": "file 0644 0:0",
};

describeOnHost("the embedded universe", () => {
  it("changes nothing in a dry run, all in a live one, nothing in the next", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = stateOf(host);
    const kernel = await host.kernel();

    await scene.danceFrom("--noop").ok();
    await assertUnchanged(host, before);
    assertEquals(await host.kernel(), kernel);

    const live = await scene.danceFrom(...EMBEDDED).ok();
    assertEquals(pathsOf(live.result), Object.keys(HELLO));
    for (const [path, expected] of Object.entries(HELLO)) {
      assertEquals(attributes(host, path), expected, path);
    }
    const merged = stateOf(host);
    assertEquals(differing(before.tree, merged.tree), Object.keys(HELLO));

    await scene.disco("dance", ...EMBEDDED).ok().says("success: nothing to change");
    await assertUnchanged(host, merged);
  });

  it("is not merged by a dance that was given no server, nor by a word too many", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = stateOf(host);
    for (const words of [[], ["noop"], ["nginx"], ["--server", "embedded", "noop"]]) {
      const { stderr } = await scene.disco("dance", ...words).exits(3);
      assertStringIncludes(
        stderr,
        words.length === 0 ? "no server is configured" : "Unexpected word",
      );
      await assertUnchanged(host, before);
    }
    await scene.disco("fetch");
    const { code, stderr } = await scene.disco("fs-mount");
    assertEquals([code, stderr.includes("no server is configured")], [3, true], stderr);
  });

  it("tells by the exit code, where that is wished, that a dry run found changes", async () => {
    await using scene = await newScene();
    const codes = async (...options: string[]) => (await scene.disco("dance", ...options)).code;
    assertEquals(await codes("--noop"), 0);
    assertEquals(await codes("--noop", "--detailed-exitcode"), 2);
    assertEquals(await codes("--detailed-exitcode", ...EMBEDDED), 0);
    // Its post script, which only looks, would run in every dance.
    const { result } = await scene.danceFrom("--noop");
    assertEquals([result.changes, result.effects.map(({ script }) => script)], [[], [
      "post/10-check",
    ]]);
  });

  for (
    const [run, options, expected] of [
      ["a dry run", ["--noop"], { noop: true, ok: true, merged: false }],
      ["a live run", EMBEDDED, { noop: false, ok: true, merged: true }],
      ["a failure", ["--server", "/nowhere"], { noop: false, ok: false, merged: false }],
    ] as const
  ) {
    it(`is described by one JSON document: ${run}`, async () => {
      await using scene = await newScene();
      const { result, stdout } = await scene.danceFrom(...options);
      // Nothing before it, nothing after it.
      assertEquals(stdout, `${JSON.stringify(result, null, 2)}\n`);
      const { noop, ok, merged } = result;
      assertEquals({ noop, ok, merged }, expected);
      assertEquals(shapeOf(result, EXAMPLE), []);
    });
  }
});

const ENTRY = { type: "", mode: "", uid: 0, gid: 0, mtime: "", xattrs: {} };

/** Section 17 of the design: what each part of the document is. A list holds an example of its items. */
const EXAMPLE = {
  ...{ schema: 1, dance: "", node: "", noop: true, ok: true, merged: false },
  balls: [{ name: "", status: "", changes: 3 }],
  changes: [{ path: "", kind: "", balls: [""], after: ENTRY }],
  effects: [{ ball: "", script: "", argv: [""], status: "" }],
  notSimulated: [{ ball: "", what: "" }],
  metrics: [{ stage: "", name: "", time_real: 0.01, mem_max: 1, exit: 0 }],
};

/** Where a value has not the shape of the example, a line each; what the example has not is free. */
function shapeOf(value: unknown, example: unknown, at = "$"): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((item, i) => shapeOf(item, example[0], `${at}[${i}]`));
  }
  if (typeof value !== typeof example || value === null) {
    return [`${at} is ${JSON.stringify(value)}`];
  }
  if (typeof example !== "object") return [];
  return Object.entries(example!).flatMap(([name, inner]) =>
    shapeOf((value as Record<string, unknown>)[name], inner, `${at}.${name}`)
  );
}
