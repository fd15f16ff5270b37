import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { describe, it } from "@std/testing/bdd";
import { run, RunError } from "../../lib/process/run.ts";
import { temporaryFolder, writeFiles } from "../ball/files.ts";
import { SMALL } from "./universe.ts";

const FETCH = join(import.meta.dirname!, "../../tasks/fetch.ts");

describe("disco fetch", () => {
  it("says what it fetched and what was unchanged, and as JSON", async () => {
    using folder = temporaryFolder();
    const universe = writeFiles(join(folder.path, "universe"), SMALL);
    const state = join(folder.path, "state");
    const fetch = (...args: string[]) =>
      run([
        ...[Deno.execPath(), "run", "-A", FETCH],
        ...["--server", universe, "--node", "web1", "--state", state],
        ...args,
      ]);
    await fetch("--quiet");
    writeFiles(universe, { "balls/ntp/scripts/20": "true\n" });
    assertEquals(
      await fetch(),
      [
        `info: node web1: unchanged (${universe})`,
        "info: group all: unchanged",
        "info: group base: unchanged",
        "info: group webservers: unchanged",
        "info: ball base: unchanged",
        "info: ball monitor: unchanged",
        "info: ball ntp: fetched",
        "info: ball packages: unchanged",
        "info: ball users: unchanged",
        "info: ball web: unchanged",
        "",
      ].join("\n"),
    );
    const document = JSON.parse(await fetch("--json"));
    assertEquals([document.schema, document.node, document.balls.length], [1, "web1", 6]);

    const error = await assertRejects(() => fetch("--node", "web2"), RunError);
    assertEquals(error.status.code, 1);
    assertMatch(error.stderr, /^error: Cannot fetch the parameters of node "web2" from/);
  });
});
