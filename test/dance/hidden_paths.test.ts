import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { lookedAt, stringsOf } from "../../lib/shell/looked_at.ts";
import { describeOnHost, newScene } from "../host/mod.ts";

describeOnHost("a file of /run or /tmp that a script looks at", () => {
  it("is told where the live system has it", async () => {
    await using scene = await newScene();
    scene.live({ "/run/app/app.pid": "1\n", "/tmp/stage": "1\n" });
    const script = [
      "if [ -f /var/run/app/app.pid ]; then echo yes; fi",
      'x="$(cat /run/app/app.pid 2>/dev/null)"',
      "test -e /tmp/stage || echo no",
      // Controls: not there either, only named, and made by itself.
      "[ -d /run/app ] && [ -f /run/other ]",
      "cat >/etc/app.conf <<E\npid /run/app/app.pid\nE",
      "echo 1 >/tmp/own; cat /tmp/own",
    ].join("\n");
    const { result } = await scene.ball("a", script).dryRun()
      .warns('warning: a/scripts/do: it looks at "/run/app/app.pid", which the live system has')
      .ok();
    const hidden = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(hidden.map(({ what }) => what.split('"')[1]), ["/run/app/app.pid", "/tmp/stage"]);
  });

  it("is told where the kernel tells of the sandbox there", async () => {
    await using scene = await newScene();
    const script = [
      "init=$(cat /proc/1/comm)",
      "grep -q ' /data ' /proc/mounts || echo not mounted",
      "if grep -q /data /etc/mtab; then :; fi",
      // Controls: the same everywhere.
      "grep -c processor /proc/cpuinfo; cat /proc/cmdline /proc/self/status >/dev/null",
    ].join("\n");
    const { result } = await scene.ball("a", script).dryRun().ok();
    const told = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(told.map(({ what }) => what), [
      'it looks at "/proc/1/comm", which tells of the sandbox: ask ps -p 1',
      'it looks at "/proc/mounts", which tells of the sandbox: ask findmnt',
      'it looks at "/etc/mtab", which tells of the sandbox: ask findmnt',
    ]);
  });

  it("is told behind wildcards, variables and in listings, and why the script failed", async () => {
    await using scene = await newScene();
    scene.live({ "/run/app.pid": "1\n", "/run/app/a.sock": "1\n", "/tmp/stage/x": "1\n" });
    const script = [
      "D=/var/run; [ -e $D/app.pid ]",
      "for f in /run/app/*; do [ -e $f ] || continue; done",
      "find /run/app -type f | wc -l",
      "for p in app; do test -s /run/$p.pid || echo none; done",
      // Controls: nothing there, folders only, and its own.
      "ls /run/nothing/* /run/app-*.pid; find /run/app -type d",
      "echo 1 >/tmp/own.pid; cat /tmp/own.*; echo /run/app.pid; rm -f /run/*.pid",
      "ls /run/*.pid >/etc/pids 2>/dev/null",
    ].join("\n");
    const { result } = await scene.ball("a", script).dryRun()
      .fails("exit code 2", 'what to do: it looks at "/run/*.pid"');
    const hidden = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(hidden.map(({ what }) => what.match(/"[^"]*"/g)!.join(" ")), [
      '"/run/app.pid"',
      '"/run/app/*" "/run/app/a.sock"',
      '"/run/*.pid" "/run/app.pid"',
    ]);
  });

  it("is told in other languages", async () => {
    await using scene = await newScene();
    scene.live({ "/run/app.pid": "1\n" });
    const script = "#!/usr/bin/perl\n# '/run/app.pid'\nmy $run = -e '/run/app.pid';\n" +
      "open(F, '/proc/mounts'); print '/run/other';\n";
    const { stderr, result } = await scene.ball("a", script).dryRun();
    const hidden = result.notSimulated.filter(({ kind }) => kind === "hidden");
    assertEquals(
      hidden.map(({ what }) => what.split('"')[1]),
      ["/run/app.pid", "/proc/mounts"],
      stderr,
    );
  });

  it("is found by the text of a script of another language", () => {
    const cases: [string, string[]][] = [
      ['if os.path.exists("/run/app.sock"):', ["/run/app.sock"]],
      ['for l in open("/proc/mounts"):', ["/proc/mounts"]],
      ['open("/run/app.conf", "w")\n# "/run/b"\nx = "see /run/c"', []],
    ];
    for (const [script, paths] of cases) assertEquals(stringsOf(script), paths, script);
  });

  it("is found by the text of the script", () => {
    const cases: [string, string[]][] = [
      ["[ -f /run/a ]", ["/run/a"]],
      ["if [[ -s /run/a && -r /run/b ]]; then :; fi", ["/run/a", "/run/b"]],
      ['kill -HUP "$(cat /run/a)" `cat /run/b`', ["/run/a", "/run/b"]],
      ["read -r x <<<$(</run/a)", []],
      ["echo /run/a; rm -f /run/b; ln -s /run/c /etc/d", []],
      ["cat >/x <<E\n/run/a\nE", []],
      ["cat /run/$x /run/*.pid", ["/run/*.pid"]],
      ["D=/var/run; [ -e $D/app.pid ]", ["/var/run/app.pid"]],
      ["d=/run/a; f=$d/b; test -s ${f}.pid", ["/run/a/b.pid"]],
      ["test -s ${X:-/run/a}", ["/run/a"]],
      ["x=$(mktemp -d); cat $x/a", []],
      ["for f in /run/a/*; do :; done", ["/run/a/*"]],
      ["for p in a b; do [ -e /run/$p ]; done", ["/run/a", "/run/b"]],
      ["find /run/a -type f", ["/run/a", "/run/a/*", "/run/a/*/*"]],
      ["find /run/a -name '*.pid'", ["/run/a", "/run/a/*.pid", "/run/a/*/*.pid"]],
      ["find /run/a -type d", []],
      ["ls -d /run/a; ls /run/b", ["/run/a", "/run/b", "/run/b/*"]],
      ["read -r pid </run/a; while read -r x; do :; done </proc/mounts", [
        "/run/a",
        "/proc/mounts",
      ]],
      ["awk '{print $2}' /proc/mounts", ["/proc/mounts"]],
      [`perl -ne 'BEGIN { open F, "/proc/mounts" }' /etc/x`, ["/proc/mounts"]],
      [`python3 -c 'open("/run/a", "w"); open("/run/b")'`, ["/run/b"]],
      ["sudo timeout 5 cat /run/a; bash -c 'test -e /run/b'", ["/run/a", "/run/b"]],
      ["echo 1 >/tmp/a; cat /tmp/a", []],
    ];
    for (const [script, paths] of cases) assertEquals(lookedAt(script), paths, script);
  });
});
