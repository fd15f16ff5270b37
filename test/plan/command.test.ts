import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadPlan } from "../../lib/plan/mod.ts";
import { type Content, temporaryFolder, writeFiles } from "../ball/files.ts";

const TASK = new URL("../../tasks/plan.ts", import.meta.url).pathname;

const fetched = {
  schema: 1,
  node: "web1",
  listedAs: "web1",
  server: "embedded",
  groups: ["www"],
  listed: [{ ball: "web", by: { kind: "group", group: "www" } }],
  balls: ["users", "web"],
};

/** What a fetch leaves behind. */
const files: Record<string, Content> = {
  "var/disco/universe/fetched.json": JSON.stringify(fetched),
  "var/disco/localstore/users": null,
  "var/disco/localstore/web/requires": "after users\n",
};

async function plan(state: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", TASK, "--state", state, "--node", "web1", ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

describe("disco plan", () => {
  it("prints the order with the reasons", async () => {
    using tmp = temporaryFolder();
    const { code, out, err } = await plan(writeFiles(tmp.path, files));
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out,
      "1. users   (required by web)\n" +
        "2. web     (listed by group www)\n",
    );
  });

  it("prints JSON and Graphviz, and keeps the plan", async () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, files);
    const json = JSON.parse((await plan(tmp.path, "--json")).out);
    const { schema, ...printed } = json;
    assertEquals(schema, 1);
    assertEquals(loadPlan(join(tmp.path, "var/disco/universe")), printed);
    assertStringIncludes((await plan(tmp.path, "--dot")).out, '"users" -> "web"');
  });

  it("fails when a ball went away, and says who requires it", async () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, files);
    Deno.removeSync(join(tmp.path, "var/disco/localstore/users"));
    const { code, out, err } = await plan(tmp.path);
    assertEquals([code, out], [1, ""]);
    assertStringIncludes(err, 'missing ball "users": "web/requires", line 1, requires it');
  });

  it("fails when nothing was fetched, and is used wrongly with words", async () => {
    using tmp = temporaryFolder();
    assertEquals((await plan(tmp.path)).code, 1);
    assertEquals((await plan(tmp.path, "web")).code, 3);
  });
});
