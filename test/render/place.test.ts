import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { bashTemplates, etaTemplates, placeTemplates } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

function contents(entries: Record<string, string>): Map<string, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new Map(Object.entries(entries).map(([path, text]) => [path, encoder.encode(text)]));
}

describe("placeTemplates()", () => {
  const templates = {
    "templates/etc/a.conf.eta": { content: "<%= it.node %>", mode: 0o640 },
    "templates/etc/new/b": { content: "echo b", mode: 0o755 },
  };
  const rendered = contents({ "etc/a.conf.eta": "node", "etc/new/b": "b\n" });

  it("places with the template's mode and without .eta, and only once", () => {
    using tree = new Fixture({ "etc/": { content: "", mode: 0o700 } });
    const ball = tree.ball(templates);
    assertEquals(placeTemplates(ball, tree.target, rendered), [
      "/etc/a.conf",
      "/etc/new",
      "/etc/new/b",
    ]);
    assertEquals(tree.shows("/etc"), "0700/");
    assertEquals(tree.shows("/etc/a.conf"), "0640 node");
    assertEquals(tree.shows("/etc/new/b"), "0755 b\n");
    assertEquals(tree.names("/etc"), ["a.conf", "new"]);
    assertEquals(placeTemplates(ball, tree.target, rendered), []);
  });

  it("applies permissions", () => {
    using tree = new Fixture();
    const ball = tree.ball(templates, "600 7 8 /etc/a.conf");
    placeTemplates(ball, tree.target, rendered);
    assertEquals(tree.shows("/etc/a.conf"), "0600 7:8 node");
    assertEquals(placeTemplates(ball, tree.target, rendered), []);
  });

  it("places through symlinks, inside the tree", () => {
    using tree = new Fixture({ "private/etc/": "", "etc": "-> /private/etc" });
    const placed = placeTemplates(tree.ball(templates), tree.target, rendered);
    assertEquals(placed, ["/private/etc/a.conf", "/private/etc/new", "/private/etc/new/b"]);
  });

  it("refuses the sandbox's own places", () => {
    using tree = new Fixture();
    const ball = tree.ball({ "templates/run/x": "" });
    assertThrows(
      () => placeTemplates(ball, tree.target, contents({ "run/x": "x" })),
      DiscoError,
      'Cannot place "/run/x" of ball "web": "/run" is not part',
    );
  });

  it("reads a linked template inside the ball, and none outside", () => {
    using tree = new Fixture();
    Deno.writeTextFileSync(`${tree.outside}/x`, "x");
    const ball = tree.ball({
      "templates/ok": "-> real",
      "templates/real": { content: "", mode: 0o600 },
      "templates/out": `-> ${tree.outside}/x`,
    });
    assertEquals(placeTemplates(ball, tree.target, contents({ ok: "" })), ["/ok"]);
    assertEquals(tree.shows("/ok"), "0600 ");
    assertThrows(
      () => placeTemplates(ball, tree.target, contents({ out: "" })),
      DiscoError,
      'Cannot read template "templates/out" of ball "web"',
    );
  });

  it("tells Eta's templates from bash's", () => {
    using tree = new Fixture();
    const ball = tree.ball(templates);
    assertEquals(etaTemplates(ball), ["etc/a.conf.eta"]);
    assertEquals(bashTemplates(ball), ["etc/new/b"]);
  });
});
