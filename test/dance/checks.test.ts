import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

describeOnHost("a check", () => {
  it("that fails keeps the dance from merging, in a dry run, too, and names ball and path", async () => {
    await using scene = await newScene();
    const checks = "/etc/a sh -c 'echo seen; grep good /etc/a'\n";
    scene.ball("a", { "files/etc/a": "bad\n", checks })
      .ball("b", { requires: "a", "files/etc/b": "b\n" });
    for (const options of [["--noop"], [], ["--keep-going"]]) {
      const { result } = await scene.dance(...options).fails(
        "warning:   seen\n",
        `the check sh -c 'echo seen; grep good /etc/a' ended with exit code 1: ball "a" changed ` +
          "/etc/a (a/checks, line 1)",
      ).mergesNothing().balls({ a: "failed", b: "ok" }).untouched();
      assertEquals(result.ok, false);
      const statuses = result.checks?.map(({ status, path }) => [status, path]);
      assertEquals(statuses, [["failed", "/etc/a"]]);
    }
    const { result } = await scene.check("a").fails();
    assertEquals([result.ok, result.failures[0]!.ball], [false, "a"]);
  });

  it("sees the tree after all balls; what it writes is no change, and it reaches nobody", async () => {
    await using scene = await newScene();
    const probe = "touch /etc/written /tmp/x; echo more >>/etc/a; grep good /etc/a; " +
      "! systemctl restart x; ! (exec 3<>/dev/tcp/127.0.0.1/9)";
    scene.balls({
      a: {
        "files/etc/a": "bad\n",
        checks: `/etc/a bash -c 'set -e; ${probe}'\n/etc/a test ! -e /etc/written\n`,
      },
      b: { requires: "a", "scripts/1": "grep -qx good /etc/a || echo good >/etc/a" },
    });
    const { result } = await scene.dance().changes("+ /etc/a").effects().ok()
      .leaves({ "/etc/a": "good\n", "/etc/written": null });
    assertEquals(result.checks?.map(({ status, ball }) => [status, ball]), [
      ["passed", "b"],
      ["passed", "b"],
    ]);
    await scene.disco("report").says("checks: 2 (2 passed)").ok();
  });

  it("is not made without a change, only warns where it should, and is bounded", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/timeout", "2");
    host.write("/etc/disco/checks.d/own.conf", "/etc/a warn sh -c 'echo no; exit 3'\n");
    const files = {
      "files/etc/a": "a\n",
      checks: "/etc/a sh -c 'echo why; exit 77'\n/etc/a warn no-such-tool\n" +
        "/etc/a warn sleep 60\n/etc/a warn sh -c 'seq 100000; kill -9 $$'\n/etc/b false\n",
    };
    const { code, stderr, result } = await scene.balls({ a: files }).dance();
    assertEquals(code, 0, stderr);
    assertEquals(result.checks?.map(({ status }) => status), [
      "warned",
      "not-tried",
      "warned",
      "warned",
      "warned",
    ]);
    for (
      const words of [
        "ended with exit code 3",
        "it could not be tried here\nwarning:   why\n",
        "cannot be tried, there is no no-such-tool in the finished tree",
        "did not end within 2 s",
        "was killed by signal 9",
        "  (more lines, which are not shown)\nwarning:   999",
      ]
    ) assertStringIncludes(stderr, words);
    assertEquals((await scene.dance()).result.checks, undefined);
    const listed = await scene.disco("checks", "--node", "n");
    assertStringIncludes(listed.stdout, "missing: /etc/a warn no-such-tool (a/checks, line 2)");
    assertStringIncludes(
      listed.stdout,
      "/etc/sudoers visudo -c (shipped/20-accounts.conf, line 8)",
    );
  });

  it("that two lines ask for is an error unless both only warn", async () => {
    await using scene = await newScene();
    const files = { "files/etc/a": "bad\n" };
    for (const [lines, code] of [["warn ", 0], ["", 1]] as const) {
      const checks = `/etc/a warn grep good /etc/a\n/etc/a ${lines}grep good /etc/a\n`;
      const dry = await scene.balls({ a: { ...files, checks } }).dryRun();
      assertEquals(dry.code, code, dry.stderr);
    }
  });

  it("whose tool is missing fails, unless the line asks for it", async () => {
    await using scene = await newScene();
    const refused = await scene.balls({ a: { "files/etc/a": "", checks: "/etc/a no-such\n" } })
      .dryRun();
    assertEquals([refused.code, refused.result.checks?.[0]?.status], [1, "failed"]);
    const files = { "files/etc/a": "", checks: "/etc/a if=/usr/bin/no-such no-such\n" };
    assertEquals((await scene.balls({ a: files }).dryRun()).result.checks, undefined);
    const bad = await scene.balls({ a: { "files/etc/a": "", checks: "/etc/a warn\r\n" } }).dryRun();
    assertStringIncludes(bad.stderr, 'Cannot parse "a/checks", line 1');
  });

  it("is made where its folder is reached by a link, and where it calls a manager of services", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["sh", "-c", "mkdir /srv/real && ln -s /srv/real /etc/app"]);
    const { code, result } = await scene.balls({
      a: {
        "files/etc/app/a": "a\n",
        checks: "/etc/app/** false\n",
      },
    }).dance();
    assertEquals([code, result.checks?.map(({ argv }) => argv)], [1, [["false"]]]);
    const manager = await scene.balls({
      a: {
        "files/etc/x": "x\n",
        checks: "/etc/x systemctl restart x\n",
      },
    }).dance();
    const failed = [[["systemctl", "restart", "x"], "failed"]];
    assertEquals(manager.result.checks?.map(({ argv, status }) => [argv, status]), failed);
  });
});
