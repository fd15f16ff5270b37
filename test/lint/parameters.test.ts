import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Finding, lintBall } from "../../lib/lint/mod.ts";
import { type Content, temporaryFolder, writeFiles } from "../ball/files.ts";

/** Lint the ball "web" of a universe; files of other balls begin with "../". */
async function lint(files: Record<string, Content>): Promise<Finding[]> {
  using tmp = temporaryFolder();
  const dir = writeFiles(join(tmp.path, "balls/web"), files);
  const found = await lintBall(dir, "web");
  return found.filter(({ text }) => !text.includes("shellcheck"));
}

const NO_DEFAULT = "no default is given, here or in parameters/: every node must set it";

describe("lintBall", () => {
  it("finds keys without a default in templates and scripts, by file and line", async () => {
    const found = await lint({
      "templates/etc/a.eta": '\n<%= it.param("web/prot") %>',
      "templates/etc/b": 'echo "$(disco-param get "$DISCO_NODE/web/prot")"\n',
      "scripts/10-c": '#!/bin/sh\ndisco-param keys "$(hostname)/names"\n',
      "parameters/web/port": "80\n",
    });
    assertEquals(found, [
      {
        level: "warning",
        text: `templates/etc/a.eta, line 2: it.param("web/prot"): ${NO_DEFAULT}`,
      },
      {
        level: "warning",
        text: `templates/etc/b, line 1: disco-param get "$DISCO_NODE/web/prot": ${NO_DEFAULT}`,
      },
      {
        level: "warning",
        text: `scripts/10-c, line 2: disco-param keys "$DISCO_NODE/names": ${NO_DEFAULT}`,
      },
      {
        level: "info",
        text: "parameters/web/port: nothing in the ball uses it, nor in those it requires",
      },
    ]);
  });

  it("is content with defaults, in the ball or where it is used", async () => {
    const found = await lint({
      "templates/etc/a.eta": '<%= it.param("web/port") %><%= it.param("web/x", "y") %>',
      "scripts/10-c": 'for x in $(disco-param keys "$DISCO_NODE/names"); do echo "$x"; done\n',
      "parameters/web/port": "80\n",
      "parameters/names/one": "",
    });
    assertEquals(found, []);
  });

  it("knows the balls that it requires, and what those require", async () => {
    const files = {
      "requires": "after log\nbefore proxy\n",
      "templates/a.eta": '<%= it.param("log/level") %><%= it.param("proxy/port") %>',
      "parameters/packages/install/nginx": "",
      "../log/requires": "base\nweb\n",
      "../base/parameters/log/level": "1\n",
      "../proxy/parameters/proxy/port": "80\n",
    };
    assertEquals(
      await lint({ ...files, "../base/scripts/1": 'disco-param keys "$DISCO_NODE/packages"\n' }),
      [],
    );
    // The control: nobody uses it.
    assertEquals((await lint(files)).map(({ level }) => level), ["info"]);
  });

  it("says nothing of keys where a required ball cannot be seen", async () => {
    const found = await lint({ requires: "gone\n", "templates/a.eta": '<%= it.param("x") %>' });
    assertEquals(found, [
      { level: "error", text: 'requires, line 1: there is no ball "gone" in this universe' },
      {
        level: "skipped",
        text: 'parameters: "gone" is not beside the ball, and may have them',
      },
    ]);
    using tmp = temporaryFolder();
    const alone = await lintBall(writeFiles(join(tmp.path, "web"), { requires: "gone" }), "web");
    assertEquals(alone.map(({ level }) => level), ["skipped"]);
  });

  it("says once that keys are computed", async () => {
    const found = await lint({
      "templates/a.eta": "<%= it.param(`x/${it.node}`) %><%= it.param(it.node) %>",
      "scripts/1": 'disco-param get "$DISCO_NODE/$1"\n',
      "parameters/x/y": "",
    });
    assertEquals(found, [
      {
        level: "skipped",
        text: "keys of parameters that are computed, in templates/a.eta, scripts/1",
      },
    ]);
  });

  it("wants no default for a secret", async () => {
    const found = await lint({ "templates/a.eta": '<%= it.param("web/secret/key") %>' });
    assertEquals(found, [{
      level: "info",
      text: 'templates/a.eta, line 1: it.param("web/secret/key"): every node must set this secret',
    }]);
  });

  it("finds uses in delivered files, and in programs for other interpreters", async () => {
    const found = await lint({
      "files/usr/lib/x.sh": 'get() { disco-param get "$DISCO_NODE/a"; }\n',
      "scripts/1": '#!/usr/bin/python3\nopen("/var/disco/parameters/x/b/c")\n',
      "post/1": "disco-param get x/d\n",
      "parameters/a": "",
      "parameters/b/c": "",
      "parameters/d": "",
      "parameters/e": "",
      // These are DISCO's own.
      "parameters/x/templates/strict": "yes",
      "parameters/restricted.d/x": "",
      "parameters/x/restricted.d/x": "",
    });
    assertEquals(found.filter(({ level }) => level !== "skipped").map(({ text }) => text), [
      "parameters/e: nothing in the ball uses it, nor in those it requires",
    ]);
  });

  it("knows the file purge", async () => {
    assertEquals(await lint({ purge: "/etc/web/*\n" }), []);
    assertEquals((await lint({ "purge/x": "" })).map(({ level }) => level), ["error", "skipped"]);
  });

  it("has nothing to say against the balls that ship with DISCO, and those of the tests", async () => {
    for (const universe of ["../../universe/balls", "../universe/balls"]) {
      const balls = fromFileUrl(new URL(universe, import.meta.url));
      for (const { name } of Deno.readDirSync(balls)) {
        if (name.startsWith("broken-")) continue;
        const found = await lintBall(join(balls, name), name);
        const bad = found.filter(({ level, text }) =>
          (level === "error" || level === "warning") &&
          !/^\S+:\d+:\d+: | -dash: |\/-dash: /.test(text)
        );
        assertEquals(bad, [], name);
      }
    }
  });
});
