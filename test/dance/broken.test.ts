import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { differing, UNIVERSE } from "./support.ts";

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
    scene.settings({ timeout: "1" });
    for (const [node, [word, ...words]] of Object.entries(BROKEN)) {
      await scene.from("--server", UNIVERSE, "--node", node).danceInWords()
        .fails("error: Cannot ").says("report: failed: ").prints(word!, ...words).untouched();
    }
    // The control: on this host, after all that, a dance that is not broken changes what it should
    // (and may take its time).
    scene.live({ "/etc/disco/client/timeout": null });
    await scene.from("--server", "embedded").dance().ok();
    assert(scene.host.exists("/etc/disco-hello"));
  });

  it("says the same in a dry run", async () => {
    await using scene = await newScene();
    scene.settings({ timeout: "1" });
    for (const node of ["broken-script", "broken-template", "broken-timeout"] as const) {
      const [word, ...words] = BROKEN[node];
      await scene.from("--server", UNIVERSE, "--node", node).danceInWords("--noop")
        .fails().prints(word!, ...words).untouched();
    }
  });
});

describeOnHost("a dance that keeps going", () => {
  it("merges what does not depend on the broken ball, and ends with 1", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const dependent = scene.from("--server", UNIVERSE, "--node", "broken-dependent");
    await dependent.dance().fails().mergesNothing().untouched();
    const before = host.tree();
    const { result } = await dependent.dance("--keep-going").fails().merges().leavesNothing();
    assertEquals(result.ok, false);
    const statuses = result.balls.map(({ name, status }) => [name, status]);
    assertEquals(Object.fromEntries(statuses), {
      "broken-dependent": "skipped",
      "broken-script": "failed",
      "motd": "ok",
    });
    assertEquals(differing(before, host.tree()), ["/etc/motd"]);
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
    const before = host.tree();
    await scene.dance("--keep-going").fails().effects()
      .balls({ a: "ok", b: "failed", c: "ok", d: "skipped" })
      .leaves({ "/etc/a": "a\n", "/etc/c": "a\n/etc/issue\n" });
    assertEquals(differing(before, host.tree()), ["/etc/a", "/etc/c"]);
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
      scene.settings({ timeout: "1" }).balls({
        a: { "files/etc/a": "a\n" },
        b: { "requires": "a", "scripts/10-do": `echo b >/etc/b\n${script}` },
      });
      await scene.danceInWords().fails().prints(message).untouched();
    });
  }

  it("takes its daemons with it when its time is over, and also when it is not", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.settings({ timeout: "1" });
    const daemon = "setsid -f sleep 600 >/dev/null 2>&1 </dev/null";
    // The control: outside the sandbox it stays.
    await scene.sh(daemon);
    const stray = host.processes().filter(({ argv }) => argv.includes("600"));
    assertEquals(stray.length, 1);
    await host.run(["kill", "-KILL", String(stray[0]!.pid)]);
    await host.settled();

    await scene.ball("a", `${daemon}\nsleep 600`).dance().fails().untouched();
    await scene.settings({ timeout: "600" }).ball("a", `${daemon}\necho a >/etc/a`).dance()
      .leavesNothing().ok().leaves({ "/etc/a": "a\n" });
    assert(!host.processes().some(({ argv }) => argv.includes("600")));
  });
});
