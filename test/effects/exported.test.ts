import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { exported } from "../../lib/effects/exported.ts";

const GIVEN = { PATH: "/run/disco/bin:/usr/sbin:/usr/bin", HOME: "/root" };

const CASES: readonly [what: string, lines: string[], names: string[]][] = [
  ["what the script exported", ["A=1", "HOME=/srv", "PATH=/opt/x:/usr/bin"], ["A", "HOME", "PATH"]],
  ["nothing that stdbuf sets", ["_STDBUF_O=L", "LD_PRELOAD=/usr/libexec/libstdbuf.so", "A=1"], [
    "A",
  ]],
  ["nothing that make sets", ["MAKEFLAGS=", "MAKELEVEL=1", "MFLAGS=-w", "MAKE_TERMOUT=x"], []],
  ["MAKE, and what only begins so, all the same", ["MAKER=me", "LD_LIBRARY_PATH=/opt"], [
    "MAKER",
    "LD_LIBRARY_PATH",
  ]],
  ["nothing that a login sets", [
    "HOME=/root",
    "USER=root",
    "LOGNAME=root",
    "SHELL=/bin/bash",
    "MAIL=/var/mail/root",
    "PATH=/root/.local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/snap/bin",
    "PYENV_SHELL=bash",
  ], []],
  ["a path of one's own behind a login", ["USER=root", "LOGNAME=root", "PATH=/opt/x:/usr/bin"], [
    "PATH",
  ]],
  ["a path that the script set without a login", ["PATH=/usr/bin:/usr/sbin"], ["PATH"]],
  ["values that no login as root has", ["USER=app", "SHELL=/opt/sh", "MAIL=me@example.org"], [
    "USER",
    "SHELL",
    "MAIL",
  ]],
];

describe("exported()", () => {
  for (const [what, lines, names] of CASES) {
    it(`keeps ${what}`, () => assertEquals(Object.keys(exported(lines, GIVEN)), names));
  }
});
