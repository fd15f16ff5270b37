import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { applyPermissions } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

describe("applyPermissions()", () => {
  const live = {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\nbob:x:1001:1002::/:/bin/sh\n1001:x:7:7::/:/bin/sh\n",
    "etc/group": "-> ../usr/group",
    "usr/group": "staff:x:50:\n",
    "srv/a": "a",
    "srv/b": "b",
    "bin": "-> usr",
    "usr/tool": "t",
  };

  for (
    const [rules, written, shows] of [
      ["600 bob staff /srv/a", ["/srv/a"], { "/srv/a": "0600 1001:50 a" }],
      ["- 1001 - /srv/a", ["/srv/a"], { "/srv/a": "0644 7:0 a" }],
      ["- 12 13 srv/a", ["/srv/a"], { "/srv/a": "0644 12:13 a" }],
      ["4755 - - /bin/tool", ["/usr/tool"], { "/usr/tool": "4755 t" }],
      ["700 - - /srv", ["/srv"], { "/srv": "0700/" }],
      ["600 - - /srv/*", [], { "/srv/a": "0644 a" }],
      ["600 - - /srv/*\n- 5 - /srv/b", ["/srv/b"], { "/srv/b": "0600 5:0 b" }],
      ["600 - - /missing/x", [], {}],
      ["- 5 - /bin", ["/bin"], { "/bin": "-> usr", "/usr": "0755/" }],
    ] as const
  ) {
    it(`applies ${JSON.stringify(rules)}, once`, () => {
      using tree = new Fixture(live);
      const ball = tree.ball({}, rules);
      assertEquals(applyPermissions(ball, tree.target), [...written]);
      for (const [path, what] of Object.entries(shows)) assertEquals(tree.shows(path), what);
      assertEquals(applyPermissions(ball, tree.target), []);
    });
  }

  for (
    const [rules, message] of [
      ["- - - /x\n- - nobody /srv/a", 'ball "web", line 2: there is no group "nobody"'],
      ["- 4294967295 - /srv/a", 'there is no user "4294967295"'],
      ["600 - - /var/disco/x", 'Cannot set the permissions of "/var/disco/x" of ball "web"'],
    ] as const
  ) {
    it(`refuses ${JSON.stringify(rules)}`, () => {
      using tree = new Fixture({ ...live, "var/disco/x": "x" });
      const ball = tree.ball({}, rules);
      assertThrows(() => applyPermissions(ball, tree.target), DiscoError, message);
    });
  }
});
