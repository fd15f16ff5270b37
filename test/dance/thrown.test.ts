import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const STACK = /^\s+at |Uncaught/m;

describeOnHost("what goes wrong", () => {
  it("in one ball fails that ball by name, whatever it is", async () => {
    await using scene = await newScene();
    scene.balls({
      a: { "scripts/10-a": "echo a >/etc/a; ln -sfn /nowhere /etc/hosts.d; rm -f /etc/x" },
      // an account that is not there.
      b: { "files/etc/b": "b\n", "permissions": "0644 nobody-knows nobody-knows /etc/b\n" },
      c: { "files/etc/c": "c\n" },
    });
    await scene.dance("--keep-going").fails('ball "b"').omits(STACK)
      .balls({ a: "ok", b: "failed", c: "ok" }).leaves({ "/etc/a": "a\n", "/etc/c": "c\n" });
  });

  it("leaves an outcome of 600 new files of 1 MB each", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const script =
      "mkdir /srv/d; head -c 700000 /dev/zero | base64 >/srv/d/0; for i in $(seq 599); do cp /srv/d/0 /srv/d/$i; done";
    const { result } = await scene.ball("a", script).dance().merges().ok();
    assertEquals(result.changes.length, 601);
    assert(result.changes.some(({ diffCut }) => diffCut! > 0));
    const path = `/var/disco/dances/${result.dance}/result.json`;
    assert(host.lstat(path)!.size < 8 << 20);
  });

  for (const [what, ...options] of [["lines"], ["a document", "--json"]]) {
    it(`does not keep a merge back when nobody can be told: ${what}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.ball("a", { "files/etc/a": "a\n", "scripts/10-a": "disco-effect touch /etc/e" });
      const argv = host.discoArgv("dance", ...FROM_GIVEN, ...options);
      const { code, stderr } = await host.exec(["sh", "-c", 'exec "$@" >/dev/full', "sh", ...argv]);
      assertEquals([host.exists("/etc/a"), host.exists("/etc/e")], [true, true], stderr);
      assertEquals(code, options.length, stderr);
      assertStringIncludes(stderr, "Cannot write to standard output: No space left on device");
      assert(!STACK.test(stderr), stderr);
      const shown = JSON.parse((await scene.disco("report", "--json")).stdout);
      assertEquals([shown.ok, shown.merged], [true, true]);
    });
  }

  it("when the outcome cannot be kept is told, and the merge and its effects stay", async () => {
    await using scene = await newScene();
    scene.ball("a", { "files/etc/a": "a\n", "scripts/10-a": "disco-effect touch /etc/e" })
      .live({ "/var/disco/dances": "" });
    await scene.danceInWords().fails().omits(STACK).leavesNothing();
  });

  it("is a document with --json", async () => {
    await using scene = await newScene();
    for (const words of [["dance", "--bogus"], ["report"], ["history", "show", "x\u202e"]]) {
      const { code, stdout, stderr } = await scene.disco(...words, "--json");
      const { schema, ok, error } = JSON.parse(stdout);
      assertEquals([schema, ok, typeof error.message], [1, false, "string"], stdout);
      assert(code !== 0 && !STACK.test(stderr) && !stdout.includes("\u202e"), stderr);
    }
  });
});
