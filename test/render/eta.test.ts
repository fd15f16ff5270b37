import { assert, assertEquals, assertRejects } from "@std/assert";
import { afterAll, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { facts } from "../../lib/facts/mod.ts";
import { Params } from "../../lib/params/mod.ts";
import { EtaRenderer, etaTemplates, type TemplateView } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

const PARAMETERS = {
  "params/web/port": "80\n",
  "params/web/tls/cert": "cert.pem\n",
  "params/users/bob": "Bob\n",
  "params/users/alice": "Alice\n",
  "params/__proto__/x": "own\n",
  "params/toString": "text\n",
};

const renderer = new EtaRenderer();

function viewOf(tree: Fixture): TemplateView {
  tree.ball(PARAMETERS);
  const params = `${tree.dir}/params`;
  Deno.renameSync(`${tree.dir}/ball/params`, params);
  Deno.writeFileSync(`${params}/web/binary`, new Uint8Array([0xff, 0xfe]));
  return { node: "n1.example.org", params: new Params(params), facts: facts() };
}

async function render(template: string, using = renderer): Promise<string> {
  using tree = new Fixture();
  const view = viewOf(tree);
  const ball = tree.ball({ "templates/etc/x.eta": template });
  const rendered = await using.render(ball, etaTemplates(ball), view);
  return new TextDecoder().decode(rendered.get("etc/x.eta"));
}

describe("EtaRenderer", () => {
  afterAll(() => renderer.close());

  for (
    const [template, text] of [
      ["plain, no tags\n\n  $ `x` ${y} \\n '\"\n", "plain, no tags\n\n  $ `x` ${y} \\n '\"\n"],
      ["<%= it.node %> <%= it.ball %>\n", "n1.example.org web\n"],
      ["<%= it.params.web.port %>,<%= it.params.web.tls.cert %>", "80,cert.pem"],
      ['<%= it.param("web/port") %>', "80"],
      ['<%= it.param("web/none", "x") %>', "x"],
      ['<%= it.param("web/none", 8080) %>', "8080"],
      [
        '<%= it.has("web/port") %> <%= it.has("web/none") %> <%= it.has("web") %>',
        "true false true",
      ],
      ['<%= it.keys("users") %>', "alice,bob"],
      ['<%= it.keys("none").length %> <% for (const k of it.keys("web/none")) { %>x<% } %>', "0 "],
      ["a\r\n<%= 1 %>\r\nb\r\n", "a\r\n1\r\nb\r\n"],
      ["a\r\nb\nc\rd'\\\r\n", "a\r\nb\nc\rd'\\\r\n"],
      ["a\r\n<%- = 1 -%>\r\nb\r\n", "a1b\r\n"],
      ["a\r\n\r\n<%_ = 1 _%>\r\n\r\nb\r\n", "a1b\r\n"],
      ["<%\r\n const a = 1;\r\n// why\r\n%><%= a\r\n%>\r\n", "1\r\n"],
      ["\u205f\r\n\u3000", "\u205f\r\n\u3000"],
      ['<%= it.keys("web") %>', "binary,port,tls"],
      ["<% for (const u in it.params.users) { %>[<%= u %>]<% } %>", "[alice][bob]"],
      [
        "<% for (const [u, name] of Object.entries(it.params.users)) { %>\n<%= u %>=<%= name %>" +
        "<% } %>",
        "\nalice=Alice\nbob=Bob",
      ],
      ["<%= 'port' in it.params.web %> <%= 'none' in it.params.web %>", "true false"],
      ["<%= JSON.stringify(it.params.users) %>", '{"alice":"Alice","bob":"Bob"}'],
      ["<%= it.params.toString %> <%= it.params.__proto__.x %>", "text own"],
      ["<%= it.facts.hostname %>", Deno.hostname()],
      ["<%= it.facts.addresses[0].family %>", String(facts().addresses[0]!.family)],
      ["<& '\"> <%= '<&\">' %>", '<& \'"> <&">'],
      ["<% [1, 2].forEach((n) => { %><%= n %>;<% }) %>", "1;2;"],
      ["<% if (true) %><%= 1 %><% else %><%= 2 %>", "1"],
      ["a\n<% let x = 1 -%>\nb <%_= x %>\n", "a\nb1\n"],
      ["<%= 1 // a comment\n %>", "1"],
      ["<%/* a %> comment */%>x", "x"],
      ["<% console.log('noise') %>x", "x"],
      ["\u00e9\u4e2d\u{1f600} <%= '\u{1f600}' %>", "\u00e9\u4e2d\u{1f600} \u{1f600}"],
      ["", ""],
    ] as const
  ) {
    it(`renders ${JSON.stringify(template)}`, async () => {
      assertEquals(await render(template), text);
    });
  }

  const none = (key: string) => `parameter "${key}" does not exist and has no default`;
  for (
    const [template, line, what] of [
      ['a\n\n<%= it.param("web/none") %>', 3, none("web/none")],
      ["<%= it.params.web.none %>", 1, none("web/none")],
      ["\n<%= it.params.none.port %>", 2, none("none")],
      ["<%= it.params.web.tls.valueOf %>", 1, none("web/tls/valueOf")],
      ['<%= it.node %> <%= 1 %>\n<%= it.node %> <%= it.param("b") %> <%= 1 %>', 2, none("b")],
      ['<%= it.param("a", 1) %>\n<%=\n\n  it.param(\n    "b") %>', 4, none("b")],
      ['<%\n  const a = 1;\n  const b = it.param("c");\n%>\n<%= a %>', 3, none("c")],
      [
        "<% for (const i of [1]) { %>\n\n<% if (i) { %>\n<%= it.params.q %>\n<% } } %>",
        4,
        none("q"),
      ],
      ["<% const f = () => \n it.params.q; %>\n\n<%= f() %>", 2, none("q")],
      ["it.params.q\nit.params.q\n<% /* it.params.q */ %>\n<%= it.params.q %>", 4, none("q")],
      ["<% const [a] = [1]\n%>\n`a`\n<%= `${\n it.params.q}` %>", 5, none("q")],
      ["\r\n<%= it.params.q %>", 2, none("q")],
      ['<%= it.keys("web/port") %>', 1, 'parameter "web/port" is a value, not a folder'],
      ['<%= it.param("web") %>', 1, 'parameter "web" is a folder, not a value'],
      ["<%= it.params.web %>", 1, 'parameter "web" is a folder, not a value'],
      ["<%= it.params.web.binary %>", 1, 'Cannot read parameter "web/binary" as text'],
      ['<%= it.param("web/binary", "x") %>', 1, 'Cannot read parameter "web/binary" as text'],
      ["<%= it.facts.os.none %>", 1, 'there is no fact "os/none"'],
      ["<%= it.facts.os %>", 1, 'fact "os" holds facts'],
      ["<%= it.nod %>", 1, 'there is no "it.nod"'],
      ["\n<% it.node = 1 %>", 2, "what a template is given cannot be changed"],
      ["<% it.params.web.port = 1 %>", 1, "what a template is given cannot be changed"],
      ["\n<%= undefined %>", 2, "the value of the expression is undefined"],
      ["<%= null %>", 1, "the value of the expression is null"],
      ["<%= {} %>", 1, "the value of the expression is no text (object)"],
      ["<%= it.param %>", 1, "the value of the expression is no text (function)"],
      ["\n\n<%= nothing %>", 3, "ReferenceError: nothing is not defined"],
      ["\n<% throw new Error('a\\x1b[2J') %>", 2, "Error: a\\x1b[2J"],
      ["<% throw 'text' %>", undefined, 'it threw "text"'],
      ["<%~ include('x') %>", 1, "a template cannot include another one, nor have a layout"],
      ["a\n<%= 1 %>\n<%= if %>\n<%= 2 %>", 3, "Unexpected token 'if'"],
      ["a\n<% if (1) { %>\n<%= 2 %>\n", 3, "Unexpected token"],
      ["a\n<% } %>\n<%= 2 %>\n", 2, "Unexpected "],
      ["<% let a = 1 %>\n<% let a = 1 %>\n", 2, "Identifier 'a' has already been declared"],
      ["a\n <%= foo", 2, "unclosed tag"],
      ["a\n <%= 'foo %>\n", 2, "unclosed string"],
    ] as const
  ) {
    it(`refuses ${JSON.stringify(template)}`, async () => {
      const error = await assertRejects(() => render(template), DiscoError);
      const where = line === undefined ? "" : `, line ${line}`;
      const start = `Cannot render template "templates/etc/x.eta" of ball "web"${where}: ${what}`;
      assertEquals(error.message.slice(0, start.length), start);
    });
  }

  it("refuses a template that is not UTF-8", async () => {
    using tree = new Fixture();
    const view = viewOf(tree);
    const ball = tree.ball({ "templates/x.eta": "" });
    Deno.writeFileSync(`${ball.dir}/templates/x.eta`, new Uint8Array([0xff]));
    await assertRejects(() => renderer.render(ball, ["x.eta"], view), DiscoError, "not UTF-8");
  });

  it("names the template that fails, and renders the others of a ball together", async () => {
    using tree = new Fixture();
    const view = viewOf(tree);
    const ball = tree.ball({
      "templates/a.eta": "<%= it.node %>",
      "templates/b.eta": "\n<%= it.params.none %>",
      "templates/c.eta": "c",
    });
    const rendered = await renderer.render(ball, ["a.eta", "c.eta"], view);
    assertEquals([...rendered.keys()], ["a.eta", "c.eta"]);
    await assertRejects(
      () => renderer.render(ball, etaTemplates(ball), view),
      DiscoError,
      'template "templates/b.eta" of ball "web", line 2',
    );
  });

  it("starts nothing where there are no templates", async () => {
    using tree = new Fixture();
    const idle = new EtaRenderer({
      start: () => {
        throw new Error("started");
      },
    });
    assertEquals((await idle.render(tree.ball({}), [], viewOf(tree))).size, 0);
    await idle.close();
  });

  it("ends a template that does not end, and goes on with the next", async () => {
    await using quick = new EtaRenderer({ timeout: 500 });
    await assertRejects(
      () => render("<% for (;;); %>", quick),
      DiscoError,
      'Cannot render template "templates/etc/x.eta" of ball "web": it took longer than 0.5 s',
    );
    assertEquals(await render("<%= it.node %>", quick), "n1.example.org");
  });

  it("survives a template that takes all memory", async () => {
    await using hungry = new EtaRenderer({ timeout: 60_000 });
    await assertRejects(
      () => render("<% const a = []; for (;;) a.push(new Array(1e6).fill(1.5)) %>", hungry),
      DiscoError,
      "did it need too much memory?",
    );
    assert(await render("x", hungry));
  });
});
