import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { initBall, inspectBall, readBall } from "../../lib/ball/mod.ts";
import { lintBall } from "../../lib/lint/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { type Content, temporaryFolder, writeFiles } from "../ball/files.ts";

async function lint(files: Record<string, Content>): Promise<string[]> {
  using tmp = temporaryFolder();
  const found = await lintBall(writeFiles(join(tmp.path, "web"), files), "web");
  return found.filter(({ level }) => level !== "skipped").map(({ level, text }) =>
    `${level}: ${text}`
  );
}

describe("initBall", () => {
  it("makes a ball that is accepted and has nothing wrong with it", async () => {
    using tmp = temporaryFolder();
    const dir = initBall(tmp.path, "web");
    inspectBall(dir, "web");
    assertEquals(readBall(dir, "web").requires, []);
    const found = await lintBall(dir, "web");
    assertEquals(found.filter(({ level }) => level !== "skipped"), []);
  });

  it("leaves a ball that exists alone, and refuses a bad name", () => {
    using tmp = temporaryFolder();
    writeFiles(tmp.path, { "web/requires": "users\n" });
    assertThrows(() => initBall(tmp.path, "web"), DiscoError, "exists");
    assertEquals([...Deno.readDirSync(join(tmp.path, "web"))].length, 1);
    assertThrows(() => initBall(tmp.path, "../web"), DiscoError, "as the name of a ball");
  });
});

describe("lintBall", () => {
  const cases: [what: string, files: Record<string, Content>, expected: string][] = [
    ["a link that leads out", { "scripts/x": { link: "/bin/sh" } }, "error: Cannot accept ball"],
    ["requires that cannot be parsed", { requires: "a b c" }, 'error: Cannot parse "web/requires"'],
    ["a ball that requires itself", { requires: "log\nweb" }, "error: requires, line 2: the ball"],
    ["an unknown part", { "file/etc/motd": "" }, "warning: file: no part of a ball"],
    ["a parameter without a key", { "parameters/a~": "" }, "error: parameters/a~: its name"],
    ["control characters", { "files/a\nb": "" }, "warning: files/a\\nb: its name has control"],
    [
      "a script left by an editor",
      { "scripts/a~": "" },
      "warning: scripts/a~: does not look like a script",
    ],
    [
      "a README that would be run",
      { "post/README": "" },
      "warning: post/README: does not look like a script",
    ],
    ["a restart in every dance", {
      "scripts/a": "set -e\nif x; then systemctl restart a; fi\n[ -e b ] || systemctl reload b\n" +
        "f() {\n  service c restart\n}\necho systemctl restart d\nsystemctl reload web.service\n" +
        "disco-effect --if-changed /etc/e -- systemctl reload e\n",
    }, 'warning: scripts/a, line 8: "systemctl reload web.service" in every dance: a line'],
    ["a bad reaction", { reactions: "x" }, 'error: Cannot parse "web/reactions", line 1'],
    ["a path delivered twice", { "files/etc/a": "", "templates/etc/a.eta": "" }, "error: etc/a:"],
    [
      "a rule without a target",
      { permissions: "644 - - /x" },
      "warning: permissions, line 1: match",
    ],
    ["a rule that does nothing", {
      "files/x": "",
      permissions: "- - - /x",
    }, "warning: permissions, line 1: leaves everything alone"],
  ];
  for (const [what, files, expected] of cases) {
    it(`finds ${what}`, async () => {
      const found = await lint(files);
      assertEquals(found.map((text) => text.slice(0, expected.length)), [expected]);
    });
  }

  it("finds nothing in a good ball", async () => {
    const files = {
      "requires": "users",
      "permissions": "600 - - /etc/a\nsecret /etc/made-by-a-script",
      "templates/etc/a.eta": "",
      "scripts/10-x": 'echo "$HOME"\n',
    };
    assertEquals(await lint(files), []);
  });

  it("says which scripts it did not check", async () => {
    using tmp = temporaryFolder();
    const dir = writeFiles(tmp.path, { "scripts/x": "#!/usr/bin/env -S python3 -I\n" });
    const found = await lintBall(dir, "web");
    assert(found.some(({ level, text }) => level === "skipped" && text.includes('"python3"')));
  });

  it("has scripts without a first line checked as bash", async () => {
    if (!await installed("shellcheck")) return;
    const found = await lint({ "scripts/x": "if\n", "templates/y": "echo [[ $1\n" });
    assert(found.some((text) => text.startsWith("error: scripts/x:")));
    assert(found.some((text) => text.startsWith("warning: templates/y:")));
  });
});

async function installed(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
