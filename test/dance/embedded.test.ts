import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { attributes, differing } from "./support.ts";

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
    const before = host.tree();
    const kernel = await host.kernel();

    await scene.from().dryRun().untouched().ok();
    assertEquals(await host.kernel(), kernel);

    await scene.from(...EMBEDDED).dance()
      .changes(...Object.keys(HELLO).map((path) => `+ ${path}`)).ok();
    for (const [path, expected] of Object.entries(HELLO)) {
      assertEquals(attributes(host, path), expected, path);
    }
    assertEquals(differing(before, host.tree()), Object.keys(HELLO));

    await scene.from(...EMBEDDED).danceInWords().says("success: nothing to change").untouched()
      .ok();
  });

  it("is not merged by a dance that was given no server, nor by a word too many", async () => {
    await using scene = await newScene();
    for (const words of [[], ["noop"], ["nginx"], ["--server", "embedded", "noop"]]) {
      await scene.disco("dance", ...words)
        .warns(words.length === 0 ? "no server is configured" : "Unexpected word").exits(3)
        .untouched();
    }
    await scene.disco("fetch");
    await scene.disco("fs-mount").warns("no server is configured").exits(3);
  });

  it("tells by the exit code, where that is wished, that a dry run found changes", async () => {
    await using scene = await newScene();
    await scene.disco("dance", "--noop").ok();
    await scene.disco("dance", "--noop", "--detailed-exitcode").exits(2);
    await scene.disco("dance", "--detailed-exitcode", ...EMBEDDED).ok();
    // Its post script, which only looks, would run in every dance.
    const { result } = await scene.from().dryRun().changes();
    assertEquals(result.effects.map(({ script }) => script), ["post/10-check"]);
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
      const { result, stdout } = await scene.from(...options).dance();
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
