/** Documents hold to their JSON Schema, as a validator of others reads it. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import Ajv from "ajv/2020";
import { RESULT } from "../../lib/result/shape.ts";
import { SAVED_PLAN } from "../../lib/saved_plan/parse.ts";
import {
  exactly,
  jsonSchema,
  list,
  map,
  requireShape,
  type Shape,
  text,
} from "../../lib/shape/mod.ts";
import { describeOnHost, newScene } from "../host/mod.ts";

function validator(shape: Shape): (value: unknown) => string[] {
  const ajv = new Ajv.default({ strict: true, allErrors: true, formats: { "date-time": true } });
  const validate = ajv.compile(jsonSchema("x", shape));
  return (value) =>
    validate(value) ? [] : validate.errors!.map((one) => `${one.instancePath} ${one.message}`);
}

describe("a shape", () => {
  const shape = exactly({ name: text(3), "more?": list(map(text()), 1) });
  const wrong: readonly [value: unknown, why: string][] = [
    [{}, '"the document" is not an object with "name"'],
    [{ name: "long" }, '"name" is not text'],
    [{ name: "a", other: 1 }, '".other" is not a known field'],
    [{ name: "a", more: [{}, {}] }, '"more" is not a list of at most 1'],
    [{ name: "a", more: [{ x: 1 }] }, '"more[0].x" is not text'],
    [[], '"the document" is not an object'],
  ];

  it("and its JSON Schema agree about what is right and wrong", () => {
    const errorsOf = validator(shape);
    for (const right of [{ name: "a" }, { name: "abc", more: [{ x: "y" }] }]) {
      requireShape(right, shape);
      assertEquals(errorsOf(right), []);
    }
    for (const [value, why] of wrong) {
      assertThrows(() => requireShape(value, shape), Error, why);
      assert(errorsOf(value).length > 0, why);
    }
  });
});

describeOnHost("the documents of a dance", () => {
  it("hold to the schemas that are printed", async () => {
    await using scene = await newScene();
    scene.ball("b", "echo said; false").ball("a", {
      "files/etc/a": "a\n",
      "scripts/1": "ln -s a /etc/link; mkdir /etc/folder; rm /etc/issue; chmod 600 /etc/motd; " +
        "disco-effect true; mkfifo /etc/fifo",
      checks: "/etc/a grep a /etc/a\n",
    });
    const errorsOf = validator(RESULT);
    const dry = await scene.dryRun("--save", "/run/plan", "--keep-going");
    const live = await scene.dance("--keep-going");
    for (const { result } of [dry, live]) {
      assertEquals(errorsOf(JSON.parse(JSON.stringify(result))), []);
      assertEquals(result.balls.map(({ status }) => status).sort(), ["failed", "ok"]);
    }
    // The control.
    assert(errorsOf({ ...live.result, ok: "yes" }).length > 0);
  });

  it("hold to the schema of a saved plan", async () => {
    await using scene = await newScene();
    scene.ball("a", { "files/etc/a": "a\n", "scripts/1": "disco-effect true; rm /etc/issue" });
    await scene.dryRun("--save", "/run/plan").ok();
    assertEquals(validator(SAVED_PLAN)(JSON.parse(scene.host.read("/run/plan"))), []);
  });
});
