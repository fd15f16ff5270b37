import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { pathsOf } from "./support.ts";

/** Every object of JavaScript answers to these, whatever was put into it. */
const NAMES = ["constructor", "hasOwnProperty", "toString", "valueOf"];

describeOnHost("a name that every object answers to", () => {
  it("is a ball's, a parameter's, a file's and a script's as any other", async () => {
    await using scene = await newScene();
    for (const name of NAMES) {
      scene.ball(name, {
        [`files/etc/odd/${name}`]: `${name}\n`,
        [`templates/etc/odd/t-${name}.eta`]: `<%= it.param("${name}/toString") %>\n`,
        [`parameters/${name}/toString`]: `of ${name}\n`,
        [`scripts/${name}`]: `export ${name}=exported; disco-effect echo ${name}\n`,
        requires: name === "toString" ? "after constructor\n" : "",
        purge: "/etc/odd/**\n",
      });
    }
    const { result } = await scene.dance().ok();
    assertEquals(result.balls.map(({ name, status }) => [name, status]), [
      ["constructor", "ok"],
      ["hasOwnProperty", "ok"],
      ["toString", "ok"],
      ["valueOf", "ok"],
    ]);
    assertEquals(result.effects.map(({ argv }) => argv[1]).sort(), NAMES);
    assertEquals(scene.host.read("/etc/odd/t-valueOf"), "of valueOf\n");
    assertEquals((await scene.dance().ok()).result.changes, []);
    scene.ball("constructor", { purge: "/etc/odd/**\n" });
    const purged = await scene.dance().ok();
    assertEquals(pathsOf(purged.result), ["/etc/odd/constructor", "/etc/odd/t-constructor"]);
    await scene.rollback().ok();
    assertEquals(scene.host.read("/etc/odd/constructor"), "constructor\n");
    // The record has come back, too: they are purged again.
    assertEquals(pathsOf((await scene.dance().ok()).result), pathsOf(purged.result));
  });

  it("is a ball's that fails, or is left out for that, as any other", async () => {
    await using scene = await newScene();
    scene.ball("constructor", { "scripts/1": "false\n" })
      .ball("toString", { requires: "after constructor\n", "scripts/1": "true\n" })
      .ball("valueOf", { "scripts/1": "true\n" });
    const kept = await scene.dance("--keep-going").fails();
    const statuses = ({ balls }: typeof kept.result) => balls.map(({ status }) => status);
    assertEquals(statuses(kept.result), ["failed", "skipped", "ok"]);
    const ended = await scene.dance().fails();
    assertEquals(statuses(ended.result), ["failed", "skipped", "skipped"]);
  });

  it("is a cycle's as any other", async () => {
    await using scene = await newScene();
    scene.ball("constructor", { requires: "after toString\n" })
      .ball("toString", { requires: "after constructor\n" });
    const { stderr } = await scene.dance().fails();
    assertStringIncludes(stderr, "constructor -> toString -> constructor is a cycle");
  });

  it("is a command's, and a word of one, as any other", async () => {
    await using scene = await newScene();
    scene.ball("a", {
      "scripts/1": "disco-effect toString x; disco-effect systemctl constructor x.service\n" +
        "printf '#!/bin/sh\\n' >/usr/bin/valueOf; chmod +x /usr/bin/valueOf\n",
      reactions: "/etc/f valueOf {path}\n",
      "files/etc/f": "x\n",
    });
    const { result } = await scene.dryRun().ok();
    const lines = result.effects.map(({ argv }) => argv.join(" "));
    const expected = ["toString x", "systemctl constructor x.service", "valueOf /etc/f"];
    assertEquals(lines.filter((line) => expected.includes(line)).sort(), expected.toSorted());
  });
});
