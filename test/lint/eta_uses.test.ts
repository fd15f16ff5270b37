import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { etaUses } from "../../lib/lint/eta_uses.ts";

/** A template, and the keys that it needs, uses, and computes. */
const CASES: [template: string, needs: string[], keys: string[], computed: string[]][] = [
  ["a/b", [], [], []],
  ['<%= it.param("a/b") %>', ["a/b"], ["a/b"], []],
  ["<%= it.param( 'a/b' ) %><%= it . param(`c`) %>", ["a/b", "c"], ["a/b", "c"], []],
  ['<%= it.param("a/b", 1) %>', [], ["a/b"], []],
  ['<%= it.param("a", it.param("b")) %>', ["b"], ["a", "b"], []],
  ['it.param("a/b") <% /* it.param("a/b") */ // it.param("a/b") %>', [], [], []],
  [`<% "it.param('a/b')" %>`, [], [], []],
  ['<%= it.param("a/" + x) %>', [], [], ["a/"]],
  ["<%= it.param(`a/${x}/c`) %>", [], [], ["a/"]],
  ['<%= it.param(`a/${it.param("b")}`) %>', ["b"], ["b"], ["a/"]],
  ["<%= it.param(x) %>", [], [], [""]],
  ["<% const { param } = it %>", [], [], [""]],
  ["<% const get = it.param %>", [], [], [""]],
  ['<% for (const n of it.keys("a")) { %><% } %>', ["a"], ["a"], []],
  ["<% it.keys() %>", [], [""], []],
  ["<%= it.params.a.b %>", ["a/b"], ["a/b"], []],
  ['<%= it.params["a-b"].c["d"].e %>', ["a-b/c/d/e"], ["a-b/c/d/e"], []],
  ['<%= it.params.a.b.split(",").length %>', ["a/b"], ["a/b"], []],
  ["<%= it.params.a.length %>", ["a"], ["a"], []],
  ["<%= it.params.a[x] %>", ["a"], ["a"], ["a"]],
  ["<% Object.keys(it.params) %>", [], [], [""]],
  ['<% if (it.has("a/b")) { %><%= it.param("a/b") %><%= it.params.a.b %><% } %>', [], [
    "a/b",
    "a/b",
    "a/b",
  ], []],
  ['<% if (it.has("a")) { %><%= it.param("a/b") %><% } %>', [], ["a", "a/b"], []],
  ['<% if (it.has("a")) { %><%= it.param("c") %><% } %>', ["c"], ["a", "c"], []],
  ['<% if (it.keys("a").includes("b")) { %><%= it.param("a/b") %><% } %>', ["a"], [
    "a",
    "a/b",
  ], []],
  ['<% if ("b" in it.params.a) { %><%= it.params.a.b %><% } %>', ["a"], ["a", "a/b"], []],
  ['<% try { %><%= it.param("a") %><% } catch {} %>', [], ["a"], []],
  ['<%= it.node %><%= it.facts.os.id %><%= "x".replace(/\\//g, it.param("a")) %>', ["a"], [
    "a",
  ], []],
];

describe("etaUses", () => {
  for (const [template, needs, keys, computed] of CASES) {
    it(`reads ${template}`, () => {
      const found = etaUses(template);
      assertEquals([found.needs.map(({ key }) => key), found.keys, found.computed], [
        needs,
        keys,
        computed,
      ]);
    });
  }

  it("says in which line, and how", () => {
    const template = 'x\n<% /*\n*/ if (1) {\n%><%= it.param("a")\n%> <%= it.params.b["c"] %>';
    assertEquals(etaUses(template).needs, [
      { key: "a", line: 4, what: 'it.param("a")' },
      { key: "b/c", line: 5, what: "it.params.b.c" },
    ]);
  });

  it("knows that ?? comes too late", () => {
    const [need] = etaUses('<%= it.param("a") ?? "b" %>').needs;
    assertEquals(need!.what, 'it.param("a"), which fails in spite of what follows it');
  });
});
