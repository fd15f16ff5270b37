import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";

const RUN = fromFileUrl(new URL("../.ci/run", import.meta.url));
const RUN_FILES = fromFileUrl(new URL("run_files.sh", import.meta.url));

/** What one process of the tests leaves: its counts, or a text in the place of JUnit's XML. */
type Left = readonly [tests: number, skipped: number, failures: number, code?: number] | string;

/** What the processes leave, what the last one ends with, whether the checks pass, and CI's line. */
const CASES: readonly [
  name: string,
  left: readonly Left[],
  code: number,
  checks: number,
  line: string,
][] = [
  ["all well", [[128, 0, 0]], 0, 0, "133 passed, 0 failed"],
  ["some skipped", [[14, 3, 0]], 0, 0, "16 passed, 0 failed, 3 skipped"],
  ["some failed", [[15, 1, 3, 1]], 1, 0, "16 passed, 3 failed, 1 skipped"],
  ["several processes", [[11, 0, 0], [4, 0, 2, 1]], 1, 0, "18 passed, 2 failed"],
  ["a failed check", [[2, 0, 0]], 0, 1, "2 passed, 5 failed"],
  ["a failure that no test counts", [[2, 0, 0, 1]], 1, 0, "7 passed, 1 failed"],
  ["one beside a failed test", [[2, 0, 0, 1], [3, 0, 1, 1]], 1, 0, "9 passed, 2 failed"],
  ["a failure of no process", [[2, 0, 0]], 1, 0, "7 passed, 1 failed"],
  ["no test at all", [[0, 0, 0]], 0, 0, "5 passed, 1 failed"],
  ["no process", [], 0, 0, "5 passed, 1 failed"],
  ["no process, and a failure", [], 1, 0, "5 passed, 1 failed"],
  ["a process that died", ["", [2, 0, 0]], 1, 0, "7 passed, 1 failed"],
  ["one that died, and no complaint", ["", [2, 0, 0]], 0, 0, "7 passed, 1 failed"],
  ["one that died beside a failed test", ["", [3, 0, 1, 1]], 1, 0, "7 passed, 2 failed"],
  ["one that was cut off", ["<?xml?>\n<testsuites>\n", [2, 0, 0]], 1, 0, "7 passed, 1 failed"],
];

describe(".ci/run", () => {
  for (const [name, left, code, checks, line] of CASES) {
    it(`counts what happened: ${name}`, async () => {
      const { stdout, status } = await runWith({ left, code, checks, setup: 0 });
      assertEquals(stdout.trimEnd().split("\n").at(-1), line);
      assertEquals(status, line.includes(" 0 failed") ? 0 : 1);
    });
  }

  it("runs no test on a machine that could not be prepared", async () => {
    const left: Left[] = [[2, 0, 0]];
    const { stdout, status } = await runWith({ left, code: 0, checks: 0, setup: 1 });
    assertStringIncludes(stdout, "not one test has passed");
    assertEquals([stdout.trimEnd().split("\n").at(-1), status], ["5 passed, 1 failed", 1]);
  });
});

/** Run it in a project whose setup and deno are made up. */
async function runWith(
  fake: { left: readonly Left[]; code: number; checks: number; setup: number },
) {
  const folder = await Deno.makeTempDir();
  const script = async (path: string, text: string) => {
    await Deno.writeTextFile(`${folder}/${path}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  };
  for (const name of [".ci", "tasks", "bin", "left"]) await Deno.mkdir(`${folder}/${name}`);
  await Deno.copyFile(RUN, `${folder}/.ci/run`);
  await script("tasks/setup", `exit ${fake.setup}`);
  await script("bin/shellcheck", `exit ${fake.checks}`);
  for (const [i, left] of fake.left.entries()) {
    const hasFailed = typeof left !== "string" && left[3] !== undefined;
    const file = `${folder}/left/${i}.${hasFailed ? "failed" : "xml"}`;
    await Deno.writeTextFile(file, typeof left === "string" ? left : junit(left));
  }
  await script(
    "bin/deno",
    `[ "$2" = test ] || exit ${fake.checks}\n` +
      `cp ${folder}/left/* "$DISCO_TEST_RESULTS" 2>/dev/null\nexit ${fake.code}`,
  );
  const { code, stdout } = await new Deno.Command("bash", {
    args: [`${folder}/.ci/run`],
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
    stdin: "null",
  }).output();
  await Deno.remove(folder, { recursive: true });
  return { stdout: new TextDecoder().decode(stdout), status: code };
}

/** As deno writes it: two files of tests share the numbers, and a message quotes what it likes. */
function junit([tests, skipped, failures]: Exclude<Left, string>): string {
  const suite = (name: string, tests: number, skipped: number, failures: number) =>
    `    <testsuite name="${name}" tests="${tests}" disabled="${skipped}" errors="0" ` +
    `failures="${failures}">\n        <testcase name="x">\n        </testcase>\n    </testsuite>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<testsuites name="deno test" tests="${tests}" failures="${failures}" errors="0" time="1.0">\n` +
    (tests === 0
      ? ""
      : suite("./a b.test.ts", tests - 1, skipped, failures) + suite("./b", 1, 0, 0)) +
    "</testsuites>\n";
}

/** Files of tests, and what CI must count of them when real ones are run. */
const REAL: Readonly<Record<string, readonly [text: string, passed: number, failed: number]>> = {
  "steps within steps": [
    `Deno.test("a", async (t) => {
      await t.step("b", async (t) => void await t.step("c", () => {}));
    });`,
    3,
    0,
  ],
  "a step that fails, which fails its test": [
    `Deno.test("a", async (t) => void await t.step("b", () => { throw new Error("<testsuite "); }));
    Deno.test("c", () => {});`,
    1,
    2,
  ],
  "a failure outside of tests": [`throw new Error("at once");`, 0, 1],
  "a process that is killed": [
    `Deno.test("a", () => {}); Deno.test("b", () => Deno.kill(Deno.pid, "SIGKILL"));`,
    0,
    1,
  ],
};

describe("test/run_files.sh", () => {
  for (const [what, [text, passed, failed]] of Object.entries(REAL)) {
    it(`leaves what CI counts: ${what}`, async () => {
      const folder = await Deno.makeTempDir();
      await Deno.mkdir(`${folder}/results`);
      await Deno.writeTextFile(`${folder}/deno.json`, "{}");
      await Deno.writeTextFile(`${folder}/real.test.ts`, text);
      await new Deno.Command(RUN_FILES, {
        args: ["--no-lock", "real.test.ts"],
        cwd: folder,
        env: { DISCO_TEST_RESULTS: `${folder}/results` },
        stdin: "null",
      }).output();
      const [file] = [...Deno.readDirSync(`${folder}/results`)].map(({ name }) => name);
      const { stdout } = await runWith({
        left: [Deno.readTextFileSync(`${folder}/results/${file}`)],
        code: failed === 0 ? 0 : 1,
        checks: 0,
        setup: 0,
      });
      assertEquals(file!.endsWith(".failed"), failed > 0);
      assertEquals(stdout.trimEnd().split("\n").at(-1), `${passed + 5} passed, ${failed} failed`);
      await Deno.remove(folder, { recursive: true });
    });
  }
});
