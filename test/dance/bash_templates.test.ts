import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { stub } from "./support.ts";
import type { BallFiles } from "../host/scene.ts";

/** What templates print that use the shell as they are used to. */
const GOOD: Readonly<Record<string, readonly [template: string, content: string]>> = {
  "sources a file": [". /etc/os-release; echo suite $VERSION_CODENAME", "suite cosmic\n"],
  "redirects": ["ls /nowhere 2>/dev/null; echo x >/dev/null; echo ok 2>&1", "ok\n"],
  "has pipes and files of its own": [
    "set -e; t=$(mktemp); seq 3 >$t; sort -r $t | head -n 1; cat <(echo y)",
    "3\ny\n",
  ],
  "calls by path": ["/bin/echo by path; command -v cat", "by path\n/usr/bin/cat\n"],
  "changes folders": ["cd /etc && cat disco-mark", "here\n"],
  "looks what is there": ["type no-such-thing >/dev/null 2>&1 || echo none", "none\n"],
  "reads parameters": ["disco-param get $DISCO_NODE/a/key", "value\n"],
  "may fail in between": ["false; echo on", "on\n"],
  "ends what it has started in the background": [
    `trap 'trap "" TERM; kill 0; wait' EXIT\nsleep 50 >/dev/null &\necho x`,
    "x\n",
  ],
};

/** What fails a template although its last command succeeds, and what is said. */
const BAD: Readonly<Record<string, readonly [template: string, why: string]>> = {
  "unknown command": ["no-such-thing; echo on", "its command no-such-thing was not found"],
  "unknown in a pipe": ["echo x | no-such-thing | cat", "its command no-such-thing was not found"],
  "unknown in a substitution": ["cat <<E\n$(no-such-thing)\nE", "no-such-thing was not found"],
  "unknown in a bash of its own": ["bash -c 'no-such-thing; :'; :", "no-such-thing was not found"],
  "effect": ["systemctl restart x; :", "it cannot wait for the merge: systemctl restart x"],
  "effect in words": ["disco-effect x || :", "it cannot wait for the merge: x"],
  "question": [
    "x=$(systemctl is-active x); :",
    "cannot ask the live system: systemctl is-active x",
  ],
  "denied": ["x=$(mknod /srv/x b 1 1 2>/dev/null); :", "it cannot wait for the merge: mknod"],
  "refused by the kernel": [
    "echo 1 >/proc/sys/vm/swappiness; :",
    "/proc/sys/vm/swappiness (kernel)",
  ],
  "network": ["getent hosts x.example.com; (exec 3<>/dev/tcp/192.0.2.1/80); :", "(network)"],
};

/** What fails a strict template, and nothing else. */
const ERRORS: readonly string[] = [
  "false; :",
  "cat <<E\n$(false)\nE",
  "false | true",
  'echo "$NOT_SET"',
  "f() { false; }; f; :",
];

describeOnHost("a bash template", () => {
  it("is ordinary bash, whose writes are thrown away", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/etc/os-release": "VERSION_CODENAME=cosmic\n", "/etc/disco-mark": "here\n" });
    const names = Object.keys(GOOD).map((_, i) => `t${i}`);
    await scene.ball("a", {
      ...Object.fromEntries(
        Object.values(GOOD).map(([text], i) => [`templates/srv/${names[i]}`, text]),
      ),
      "parameters/a/key": "value\n",
      "templates/srv/writes": "echo x >/etc/written; rm /etc/disco-mark; mkdir /tmp/kept; echo w",
      "scripts/1": "[ ! -e /tmp/kept ] && [ -e /etc/disco-mark ]",
    }).dance().changes(...names.map((name) => `+ /srv/${name}`), "+ /srv/writes").ok();
    for (const [i, [text, content]] of Object.values(GOOD).entries()) {
      assertEquals(host.read(`/srv/${names[i]}`), content, text);
    }
  });

  it("shows what it says on standard error, also if all is well", async () => {
    await using scene = await newScene();
    await scene.ball("a", { "templates/srv/t": "echo mind the gap >&2; echo x" }).dryRun()
      .warns("warning: a/templates/srv/t: mind the gap\n").ok();
  });

  it("fails with a refused or unknown command, and names it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    const said = await failures(scene, Object.values(BAD).map(([text]) => text));
    for (const [i, [what, [, why]]] of Object.entries(BAD).entries()) {
      assertStringIncludes(said[i]!, why, what);
    }
  });

  it("fails with any of its commands where the ball wants that", async () => {
    await using scene = await newScene();
    const said = await failures(scene, ERRORS, { "templates/strict": "yes\n" });
    assertEquals(said.map((why) => why !== ""), ERRORS.map(() => true), said.join("\n"));
    // The control: without that they are rendered.
    assertEquals(await failures(scene, ERRORS), ERRORS.map(() => ""));
    const mistyped = { "templates/srv/t": ":", "parameters/a/templates/strict": "perhaps\n" };
    await scene.balls({ a: mistyped }).dryRun("--allow-removals")
      .fails('Cannot use parameter "a/templates/strict": expected yes or no');
  });
});

/** Dance a ball for each template, with these parameters of its own; why each failed. */
async function failures(
  scene: Scene,
  templates: readonly string[],
  parameters: BallFiles = {},
): Promise<string[]> {
  const name = (i: number) => `b${i + 10}`;
  const own = (ball: string) =>
    Object.entries(parameters).map(([key, value]) => [`parameters/${ball}/${key}`, value]);
  const balls = templates.map((text, i) => [
    name(i),
    { "templates/srv/t": text, ...Object.fromEntries(own(name(i))) },
  ]);
  const { result } = await scene.balls(Object.fromEntries(balls)).dryRun("--keep-going");
  return templates.map((_, i) => {
    const { error } = result.balls.find((ball) => ball.name === name(i))!;
    assert(error?.startsWith('Cannot render template "templates/srv/t"') ?? true, error!);
    return error ?? "";
  });
}
