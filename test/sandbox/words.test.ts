import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { describeOutcome, interpreterOf, isSuccess, type Outcome } from "../../lib/sandbox/mod.ts";
import { environmentOf, SANDBOX_PATH } from "../../lib/sandbox/mod.ts";
import { realPath } from "../../lib/sandbox/real_path.ts";
import { Folder } from "../posix/folder.ts";

describe("realPath", () => {
  const paths: [path: string, real: string | undefined][] = [
    ["/", "/"],
    ["/usr/bin/tool", "/usr/bin/tool"],
    ["/bin/tool", "/usr/bin/tool"],
    ["//bin/./tool", "/usr/bin/tool"],
    ["/bin/../tool", "/usr/tool"],
    ["/../../../usr/bin", "/usr/bin"],
    ["/absolute", "/usr/bin/tool"],
    ["/chain", "/usr/bin/tool"],
    ["/out", "/usr"],
    ["/none", undefined],
    ["/dangling", undefined],
    ["/loop", undefined],
  ];
  for (const [path, real] of paths) {
    it(`should find ${path} at ${real} of another root`, () => {
      using folder = new Folder();
      folder.sh(
        "mkdir -p usr/bin; touch usr/bin/tool usr/tool; ln -s usr/bin bin; ln -s /bin/tool absolute; " +
          "ln -s absolute chain; ln -s ../../../../usr out; ln -s nothing dangling; ln -s loop loop",
      );
      assertEquals(realPath(folder.path, path), real);
    });
  }

  it("should be what realpath(1) says of this machine", () => {
    for (const path of ["/bin/sh", "/usr/bin/awk", "/proc/self/../1"]) {
      const { stdout } = new Deno.Command("realpath", { args: [path] }).outputSync();
      const real = new TextDecoder().decode(stdout).trim();
      assertEquals(realPath("/", path), real);
    }
  });
});

describe("interpreterOf", () => {
  const scripts: [text: string, argv: string[]][] = [
    ["", ["bash"]],
    ["echo hello", ["bash"]],
    ["# !/bin/sh", ["bash"]],
    [" #!/bin/sh", ["bash"]],
    ["#!", ["bash"]],
    ["#!/bin/sh", ["/bin/sh"]],
    ["#!/bin/sh\necho", ["/bin/sh"]],
    ["#! \t/bin/sh  -eu \n", ["/bin/sh", "-eu"]],
    ["#!/usr/bin/env -S perl -w\n", ["/usr/bin/env", "-S perl -w"]],
    ["#!/usr/bin/env python3\n\r\n", ["/usr/bin/env", "python3"]],
    ["\x7fELF\0", ["bash"]],
  ];
  for (const [text, argv] of scripts) {
    it(`should be ${argv.join(" | ")} for ${JSON.stringify(text)}`, () => {
      using folder = new Folder();
      Deno.writeTextFileSync(folder.at("x"), text);
      assertEquals(interpreterOf(folder.at("x")), argv);
    });
  }

  it("should fail for a line that ends with a carriage return, which the kernel takes as a letter", () => {
    using folder = new Folder();
    for (const text of ["#!/bin/bash\r\n", "#!/bin/sh -eu\r\n:\r\n", "#!/usr/bin/env python3\r"]) {
      Deno.writeTextFileSync(folder.at("x"), text);
      assertThrows(() => interpreterOf(folder.at("x")), DiscoError, "carriage return");
    }
  });

  it("should fail where there is no script", () => {
    assertThrows(() => interpreterOf("/no/such/script"), Error, "/no/such/script");
  });
});

describe("an outcome", () => {
  const outcomes: [outcome: Outcome, words: string][] = [
    [{ kind: "exited", code: 3 }, "ended with exit code 3"],
    [{ kind: "signaled", signal: 9 }, "was killed by signal 9 (SIGKILL)"],
    [{ kind: "signaled", signal: 31 }, "was killed by signal 31 (SIGSYS)"],
    [{ kind: "signaled", signal: 40 }, "was killed by signal 40"],
    [{ kind: "late", seconds: 5 }, "did not end within 5 s"],
    [{ kind: "interrupted" }, "was interrupted"],
    [{ kind: "not-started", why: "no bwrap" }, "could not be started: no bwrap"],
  ];
  for (const [outcome, words] of outcomes) {
    it(`that ${words} is no success`, () => {
      assertEquals(describeOutcome(outcome).startsWith(words), true, describeOutcome(outcome));
      assertEquals(isSuccess(outcome), false);
    });
  }

  it("control: exit code 0 is one", () => {
    assertEquals(isSuccess({ kind: "exited", code: 0 }), true);
  });
});

describe("environmentOf", () => {
  it("should be clean, and say whether it is a dry run", () => {
    const identity = { node: "n", dance: "d", ball: "b", script: "scripts/1" };
    const names = "DEBIAN_FRONTEND DISCO_BALL DISCO_DANCE DISCO_NODE DISCO_PARAMETERS DISCO_SCRIPT";
    const env = environmentOf({ ...identity, noop: true }, SANDBOX_PATH);
    const everywhere = [...names.split(" "), "HOME", "LANG", "NOOP", "PATH"];
    assertEquals(Object.keys(env).sort(), [
      "APT_CONFIG",
      "BASH_ENV",
      ...everywhere,
      "SYSTEMD_OFFLINE",
    ]);
    assertEquals(Object.keys(environmentOf({ ...identity, noop: true })).sort(), everywhere);
    assertEquals([env.NOOP, env.PATH?.split(":")[0]], ["true", "/run/disco/bin"]);
    assertEquals(environmentOf({ ...identity, noop: false }).NOOP, "");
  });
});
