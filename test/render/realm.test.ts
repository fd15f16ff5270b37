import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { afterAll, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { facts } from "../../lib/facts/mod.ts";
import { Params } from "../../lib/params/mod.ts";
import { EtaRenderer, etaTemplates } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

const renderer = new EtaRenderer();

/** What templates of one ball render to, in their order. */
async function render(...templates: string[]): Promise<string[]> {
  using tree = new Fixture();
  const files = templates.map((text, i) => [`templates/${i}.eta`, text]);
  const ball = tree.ball(Object.fromEntries(files));
  const view = { node: "n", params: new Params(`${tree.dir}/none`), facts: facts() };
  const rendered = await renderer.render(ball, etaTemplates(ball), view);
  return templates.map((_, i) => new TextDecoder().decode(rendered.get(`${i}.eta`)));
}

/** Each shows what the patches below would change. */
const PROBE =
  "<%= [typeof Object.prototype.own, [3, 1].map((n) => n + 1), JSON.stringify({ a: 1 }), " +
  '"x".toUpperCase(), String(1), new Map([[1, 2]]).get(1), parseInt("7"), typeof own] %>';
const RIGHT = 'undefined,4,2,{"a":1},X,1,2,7,undefined';

const PATCHES = [
  "Object.prototype.own = 1",
  "Array.prototype.map = () => 'evil'",
  "JSON.stringify = () => 'evil'",
  "JSON.parse = () => ({ id: 1, results: [{ text: 'evil' }] })",
  "String.prototype.toUpperCase = () => 'evil'",
  "String = () => 'evil'",
  "Map.prototype.get = () => 'evil'",
  "globalThis.parseInt = () => 'evil'",
  "globalThis.own = 1",
  "var own = 1; Function('own = 1')()",
  "Function.prototype.call = () => 'evil'",
  "Reflect.ownKeys = Object.keys = () => []",
  "for (const key of Reflect.ownKeys(globalThis)) try { delete globalThis[key] } catch {}",
];

/** Ways to an object of the realm that holds the balls' ones. */
const REACHES = [
  "globalThis",
  "Error.captureStackTrace",
  '(Error.prepareStackTrace = (_, s) => s, [].concat(new Error("x").stack)[0])',
  '(globalThis.Error = { prepareStackTrace: (_, s) => s }, [].concat(new TypeError("x").stack)[0])',
  'import("node:fs")',
  'import("data:text/javascript,1")',
  "(() => { try { (function f() { f() })() } catch (error) { return error } })()",
  "(() => { try { null.x } catch (error) { return error } })()",
  "(() => { try { JSON.parse('{') } catch (error) { return error } })()",
  "(() => { try { new Function('}') } catch (error) { return error } })()",
  "(async () => {})()",
  "console.log",
  "Object.getPrototypeOf(it.params)",
  "Object.getPrototypeOf(it.facts)",
];

describe("the realm of a ball", () => {
  afterAll(() => renderer.close());

  for (const patch of PATCHES) {
    it(`ends with the ball: ${patch}`, async () => {
      // The patched one may not even give an answer.
      await render(`<% ${patch} %>`).catch((error) => {
        if (!(error instanceof DiscoError)) throw error;
      });
      assertEquals(await render(PROBE), [RIGHT]);
    });
  }

  it("is the same for all templates of the ball (the control)", async () => {
    assertEquals(await render("<% globalThis.own = 1 %>", "<%= typeof own %>"), ["", "number"]);
  });

  for (const reach of REACHES) {
    it(`has no way out: ${reach}`, async () => {
      const leads = 'Object(value).constructor?.constructor("return typeof Deno")()';
      const [text] = await render(`<% const value = ${reach} %><%= ${leads} %>`);
      assertEquals(text, "undefined");
    });
  }

  it("does nothing later", async () => {
    const later = "Promise.resolve().then(() => { globalThis.late = 1; for (;;); })";
    assertEquals(await render(`<% ${later} %>a`), ["a"]);
    assertEquals(await render("<%= typeof late %>"), ["undefined"]);
  });

  it("has a bounded memory for buffers, too", async () => {
    const take = "const a = []; for (;;) a.push(new Uint8Array(1 << 26))";
    const error = await assertRejects(() => render(`<% ${take} %>`), DiscoError);
    assertStringIncludes(error.message, 'template "templates/0.eta" of ball "web"');
    assertEquals(await render("x"), ["x"]);
  });

  it("gives an answer of a bounded size, and names who gave more", async () => {
    const large = '<%= "x".repeat(33 << 20) %>';
    await assertRejects(
      () => render("a", large),
      DiscoError,
      'Cannot render template "templates/1.eta" of ball "web": what it renders to is larger than ' +
        "32 MiB",
    );
  });

  it("names the one template of many that takes too long", async () => {
    await using quick = new EtaRenderer({ timeout: 2000 });
    using tree = new Fixture();
    const ball = tree.ball({ "templates/a.eta": "a", "templates/b.eta": "<% for (;;); %>" });
    const view = { node: "n", params: new Params(`${tree.dir}/none`), facts: facts() };
    await assertRejects(
      () => quick.render(ball, ["a.eta", "b.eta"], view),
      DiscoError,
      'Cannot render template "templates/b.eta" of ball "web": it took longer than 2 s',
    );
  });
});
