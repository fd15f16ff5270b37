import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene } from "../host/mod.ts";
import { differing, UNIVERSE } from "./support.ts";
import { assertNothingLeft, assertUnchanged, stateOf } from "../host/unchanged.ts";

/** Nodes of the test universe: nothing of them is merged, and the message says all of this. */
const BROKEN = {
  "broken-absolute-link": ['ball "broken-absolute-link"', "templates/etc/stolen", "absolute"],
  "broken-bash-template": ["templates/etc/broken/half", "exit code 3"],
  "broken-cycle": [
    " -> broken-cycle-a is a cycle",
    '"broken-cycle-c/requires", line 3, says: after broken-cycle-a',
    '"broken-cycle-b/requires", line 1, says: after broken-cycle-c',
  ],
  "broken-dependent": ['ball "broken-script"', "scripts/20-bad ended with exit code 7"],
  "broken-eta-syntax": ["templates/etc/broken/syntax.eta", "line 1", "Unexpected token"],
  "broken-group": ['group "no-such-group"', 'node "broken-group" names it'],
  "broken-link": ['ball "broken-link"', "scripts/10-outside"],
  "broken-middle": ['ball "broken-script"', "scripts/20-bad ended with exit code 7"],
  "broken-missing": ['ball "no-such-ball"', "balls/broken-missing/requires, line 2"],
  "broken-name": ['"_not-a-ball"', "as the name of a ball"],
  "broken-owner": ['"permissions" of ball "broken-owner", line 1', 'no user "nobody-knows-me"'],
  "broken-parameter": ["motd/not a key", "cannot be part of a key"],
  "broken-permissions": ["broken-permissions/permissions", "line 2", "octal mode"],
  "broken-refused-command": [
    "templates/etc/broken/refused",
    "it cannot wait for the merge: systemctl restart nginx",
  ],
  "broken-requires": ["broken-requires/requires", "line 3", '"during motd"'],
  "broken-script": ["scripts/20-bad ended with exit code 7"],
  "broken-self": ["broken-self -> broken-self is a cycle"],
  "broken-shebang": [
    "its interpreter cannot be started: /no/such/interpreter",
    "/no/such/interpreter",
  ],
  "broken-signal": ["scripts/10-kill was killed by signal 9 (SIGKILL)"],
  "broken-template": ["missing.eta", "line 2", '"broken/no-such-key" does not exist'],
  "broken-unknown-command": [
    "templates/etc/broken/unknown",
    "its command no-such-command was not found",
  ],
  "broken-timeout": ["scripts/10-sleep did not end within 1 s"],
};

/** Nodes that are merged, and whose effects fail. */
const FAILING_EFFECTS = ["broken-effect", "broken-post"];

describeOnHost("a broken node", () => {
  it("is listed here", () => {
    const nodes = [...Deno.readDirSync(`${UNIVERSE}/parameters`)].map(({ name }) => name);
    assertEquals(
      nodes.filter((name) => name.startsWith("broken-")).sort(),
      [...Object.keys(BROKEN), ...FAILING_EFFECTS].sort(),
    );
  });

  it("ends with 1, says why, and leaves the host as it was", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/timeout", "1");
    const before = stateOf(host);
    for (const [node, words] of Object.entries(BROKEN)) {
      const outcome = await scene.disco("dance", "--server", UNIVERSE, "--node", node).exits(1);
      for (const word of words) assertStringIncludes(outcome.stdout + outcome.stderr, word);
      assertStringIncludes(outcome.stderr, "error: Cannot ");
      assertStringIncludes(outcome.stdout, "report: failed: ");
      await assertUnchanged(host, before);
    }
    // The control: on this host, after all that, a dance that is not broken changes what it should
    // (and may take its time).
    await host.run(["rm", "/etc/disco/client/timeout"]);
    const { code } = await new Scene(host).danceFrom("--server", "embedded");
    assertEquals([code, host.exists("/etc/disco-hello")], [0, true]);
  });

  it("says the same in a dry run", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/timeout", "1");
    const before = stateOf(host);
    for (const node of ["broken-script", "broken-template", "broken-timeout"] as const) {
      const options = ["--noop", "--server", UNIVERSE, "--node", node];
      const { stdout, stderr } = await scene.disco("dance", ...options).exits(1);
      for (const word of BROKEN[node]) assertStringIncludes(stdout + stderr, word);
    }
    await assertUnchanged(host, before);
  });
});

describeOnHost("a dance that keeps going", () => {
  it("merges what does not depend on the broken ball, and ends with 1", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = stateOf(host);
    const options = ["--server", UNIVERSE, "--node", "broken-dependent"];

    const stopped = await new Scene(host).danceFrom(...options);
    assertEquals([stopped.code, stopped.result.merged], [1, false]);
    await assertUnchanged(host, before);

    const { code, result } = await new Scene(host).danceFrom(...options, "--keep-going");
    assertEquals([code, result.ok, result.merged], [1, false, true]);
    assertEquals(Object.fromEntries(result.balls.map(({ name, status }) => [name, status])), {
      "broken-dependent": "skipped",
      "broken-script": "failed",
      "motd": "ok",
    });
    assertEquals(differing(before.tree, host.tree()), ["/etc/motd"]);
    await assertNothingLeft(host, before);
  });

  it("drops what the broken ball did, and its effects", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({
      a: { "files/etc/a": "a\n" },
      b: {
        "requires": "after a\n",
        "files/etc/b": "b\n",
        "scripts/10-do": "echo b >>/etc/a; rm /etc/issue; disco-effect touch /etc/effect; exit 3",
        "post/10-do": "touch /etc/post",
      },
      c: { "requires": "after a\n", "scripts/10-do": "cat /etc/a >/etc/c; ls /etc/issue >>/etc/c" },
      d: { "requires": "after b\n", "files/etc/d": "d\n" },
    });
    const before = stateOf(host);
    const { result } = await scene.dance("--keep-going").exits(1);
    assertEquals(result.balls.map(({ status }) => status), ["ok", "failed", "ok", "skipped"]);
    assertEquals(differing(before.tree, host.tree()), ["/etc/a", "/etc/c"]);
    assertEquals([host.read("/etc/a"), host.read("/etc/c")], ["a\n", "a\n/etc/issue\n"]);
    assertEquals(result.effects, []);
  });
});

describeOnHost("a script that fails", () => {
  for (
    const [what, script, message] of [
      ["with an exit code", "exit 42", "ended with exit code 42"],
      ["by the signal that kills it", "kill -SEGV $$", "was killed by signal 11 (SIGSEGV)"],
      ["with its last command", "true; false", "ended with exit code 1"],
      ["by a syntax error", "if", "syntax error"],
      ["by its time", "sleep 60", "did not end within 1 s"],
      [
        "by its time, although it will not hear of it",
        "trap '' TERM INT; while :; do sleep 1; done",
        "did not end within 1 s",
      ],
    ] as const
  ) {
    it(`${what}, fails the dance and leaves nothing`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      host.write("/etc/disco/client/timeout", "1");
      scene.balls({
        a: { "files/etc/a": "a\n" },
        b: { "requires": "a", "scripts/10-do": `echo b >/etc/b\n${script}` },
      });
      const before = stateOf(host);
      const { stdout, stderr } = await scene.danceInWords().exits(1);
      assertStringIncludes(stdout + stderr, message);
      await assertUnchanged(host, before);
    });
  }

  it("takes its daemons with it when its time is over, and also when it is not", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/timeout", "1");
    const daemon = "setsid -f sleep 600 >/dev/null 2>&1 </dev/null";
    const before = stateOf(host);
    // The control: outside the sandbox it stays.
    await host.run(["bash", "-c", daemon]);
    const stray = host.processes().filter(({ argv }) => argv.includes("600"));
    assertEquals(stray.length, 1);
    await host.run(["kill", "-KILL", String(stray[0]!.pid)]);
    await host.settled();

    await scene.balls({ a: { "scripts/10-do": `${daemon}\nsleep 600` } }).dance().exits(1);
    await assertUnchanged(host, before);
    host.write("/etc/disco/client/timeout", "600");
    const inTime = await scene.balls({ a: { "scripts/10-do": `${daemon}\necho a >/etc/a` } })
      .dance();
    assertEquals([inTime.code, host.exists("/etc/a")], [0, true]);
    await assertNothingLeft(host, before);
    assert(!host.processes().some(({ argv }) => argv.includes("600")));
  });
});
