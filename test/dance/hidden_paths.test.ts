import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { lookedAt } from "../../lib/shell/looked_at.ts";
import { describeOnHost } from "../host/mod.ts";
import { danceBall, freshHost } from "./support.ts";

describeOnHost("a file of /run or /tmp that a script looks at", () => {
  it("is told where the live system has it", async () => {
    await using host = await freshHost();
    host.write("/run/app/app.pid", "1\n");
    host.write("/tmp/stage", "1\n");
    const script = [
      "if [ -f /var/run/app/app.pid ]; then echo yes; fi",
      'x="$(cat /run/app/app.pid 2>/dev/null)"',
      "test -e /tmp/stage || echo no",
      // Controls: not there either, only named, and made by itself.
      "[ -d /run/app ] && [ -f /run/other ]",
      "cat >/etc/app.conf <<E\npid /run/app/app.pid\nE",
      "echo 1 >/tmp/own; cat /tmp/own",
    ].join("\n");
    const { code, stderr, result } = await danceBall(host, { "scripts/1": script }, "--noop");
    assertEquals(code, 0, stderr);
    assertStringIncludes(
      stderr,
      'warning: a/scripts/1: it looks at "/run/app/app.pid", which the live system has',
    );
    const hidden = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(hidden.map(({ what }) => what.split('"')[1]), ["/run/app/app.pid", "/tmp/stage"]);
  });

  it("is told where the kernel tells of the sandbox there", async () => {
    await using host = await freshHost();
    const script = [
      "init=$(cat /proc/1/comm)",
      "grep -q ' /data ' /proc/mounts || echo not mounted",
      "if grep -q /data /etc/mtab; then :; fi",
      // Controls: the same everywhere.
      "grep -c processor /proc/cpuinfo; cat /proc/cmdline /proc/self/status >/dev/null",
    ].join("\n");
    const { code, stderr, result } = await danceBall(host, { "scripts/1": script }, "--noop");
    assertEquals(code, 0, stderr);
    const told = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(told.map(({ what }) => what), [
      'it looks at "/proc/1/comm", which tells of the sandbox: ask ps -p 1',
      'it looks at "/proc/mounts", which tells of the sandbox: ask findmnt',
      'it looks at "/etc/mtab", which tells of the sandbox: ask findmnt',
    ]);
  });

  it("is found by the text of the script", () => {
    const cases: [string, string[]][] = [
      ["[ -f /run/a ]", ["/run/a"]],
      ["if [[ -s /run/a && -r /run/b ]]; then :; fi", ["/run/a", "/run/b"]],
      ['kill -HUP "$(cat /run/a)" `cat /run/b`', ["/run/a", "/run/b"]],
      ["read -r x <<<$(</run/a)", []],
      ["echo /run/a; rm -f /run/b; ln -s /run/c /etc/d", []],
      ["cat >/x <<E\n/run/a\nE", []],
      ["cat /run/$x /run/*.pid", []],
    ];
    for (const [script, paths] of cases) assertEquals(lookedAt(script), paths, script);
  });
});
