import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";

const RUN = fromFileUrl(new URL("../.ci/run", import.meta.url));

/** What the tests print and end with, whether the checks pass, and what CI makes of it. */
const CASES: [name: string, tests: string, code: number, checks: number, line: string][] = [
  ["all well", "ok | 25 passed (103 steps) | 0 failed (2s)", 0, 0, "133 passed, 0 failed"],
  ["no steps", "ok | 2 passed | 0 failed (2s)", 0, 0, "7 passed, 0 failed"],
  ["one step", "ok | 1 passed (1 step) | 0 failed (2s)", 0, 0, "7 passed, 0 failed"],
  [
    "some skipped",
    "ok | 5 passed (6 steps) | 0 failed | 1 ignored (2 steps) (1m2s)",
    0,
    0,
    "16 passed, 0 failed, 3 skipped",
  ],
  [
    "some failed",
    "FAILED | 5 passed (6 steps) | 1 failed (2 steps) | 1 ignored (2s)",
    1,
    0,
    "16 passed, 3 failed, 1 skipped",
  ],
  [
    "several processes",
    "ok | 5 passed (6 steps) | 0 failed (2s)\nFAILED | 2 passed | 1 failed (1 step) (2s)",
    1,
    0,
    "18 passed, 2 failed",
  ],
  ["a failed check", "ok | 2 passed | 0 failed (2s)", 0, 1, "2 passed, 5 failed"],
  ["a failure that no test counts", "ok | 2 passed | 0 failed (2s)", 1, 0, "7 passed, 1 failed"],
  ["no test at all", "ok | 0 passed | 0 failed (2s)", 0, 0, "5 passed, 1 failed"],
  ["no summary", "error: Module not found", 1, 0, "5 passed, 1 failed"],
  ["no summary, and no complaint", "ok, ok, 9 passed", 0, 0, "5 passed, 1 failed"],
];

describe(".ci/run", () => {
  for (const [name, tests, code, checks, line] of CASES) {
    it(`counts what happened: ${name}`, async () => {
      const { stdout, status } = await runWith({ tests, code, checks, setup: 0 });
      assertEquals(stdout.trimEnd().split("\n").at(-1), line);
      assertEquals(status, line.includes(" 0 failed") ? 0 : 1);
    });
  }

  it("runs no test on a machine that could not be prepared", async () => {
    const tests = "ok | 2 passed | 0 failed (2s)";
    const { stdout, status } = await runWith({ tests, code: 0, checks: 0, setup: 1 });
    assertStringIncludes(stdout, "did not run to their end");
    assertEquals([stdout.trimEnd().split("\n").at(-1), status], ["5 passed, 1 failed", 1]);
  });
});

/** Run it in a project whose setup and deno are made up. */
async function runWith(fake: { tests: string; code: number; checks: number; setup: number }) {
  const folder = await Deno.makeTempDir();
  const script = async (path: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${path}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  for (const name of [".ci", "tasks", "bin"]) await Deno.mkdir(`${folder}/${name}`);
  await Deno.copyFile(RUN, `${folder}/.ci/run`);
  await script("tasks/setup", `exit ${fake.setup}`);
  await script("bin/shellcheck", `exit ${fake.checks}`);
  await script(
    "bin/deno",
    `[ "$2" = test ] || exit ${fake.checks}\necho '${fake.tests}'\nexit ${fake.code}`,
  );
  const { code, stdout } = await new Deno.Command("bash", {
    args: [`${folder}/.ci/run`],
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
    stdin: "null",
  }).output();
  await Deno.remove(folder, { recursive: true });
  return { stdout: new TextDecoder().decode(stdout), status: code };
}
