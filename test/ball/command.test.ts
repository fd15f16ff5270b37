import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DiscoError } from "../../lib/error/mod.ts";
import { parseOptions } from "../../lib/command_line/mod.ts";
import { commandOf } from "../../tasks/all.ts";
import { main } from "../../tasks/ball.ts";
import { temporaryFolder, writeFiles } from "./files.ts";

const TASK = new URL("../../tasks/ball.ts", import.meta.url).pathname;

async function ball(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", TASK, ...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

describe("disco ball", () => {
  it("makes a ball, checks it, and prints what it requires", async () => {
    using tmp = temporaryFolder();
    assertEquals((await ball(tmp.path, "init", "web")).code, 0);
    writeFiles(tmp.path, { "web/requires": "log # x\nbefore services\n" });
    assertEquals((await ball(tmp.path, "requires", "web")).out, "after log\nbefore services\n");
    const { code, out } = await ball(`${tmp.path}/web`, "lint", ".");
    assertEquals(code, 0);
    assertStringIncludes(out, 'report: ball "web": 0 errors, 0 warnings');
  });

  it("fails when lint finds an error", async () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, { "web/requires": "web\n" });
    const { code, err } = await ball(tmp.path, "lint", "web");
    assertEquals(code, 1);
    assertStringIncludes(err, "error: requires, line 1: the ball requires itself");
  });

  for (
    const argv of [[], ["init"], ["check"], ["check", "a b"], ["lint", "a", "b"], ["toString", "x"]]
  ) {
    it(`is used wrongly by "${argv.join(" ")}"`, async () => {
      assertEquals(
        (await assertRejects(
          async () => await main(parseOptions(argv, commandOf("ball")), argv),
          DiscoError,
        )).code,
        3,
      );
    });
  }
});
