import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { commandLine } from "../../lib/effects/mod.ts";
import { describeOnHost, newScene, type Outcome, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { assertNothingLeft, assertUnchanged, stateOf } from "../host/unchanged.ts";
import { FROM_GIVEN } from "../host/scene.ts";

/** Types its words, the last one when it is asked, into a program on a terminal. */
const TYPIST = `
: >/run/screen
{
  for line; do
    case $line in
      ANSWER*) until grep -q 'Merge these' /run/screen; do sleep 0.05; done; printf '%s' "\${line#ANSWER }" ;;
      *) printf '%s\\n' "$line" ;;
    esac
  done
  while [ -e /run/screen ]; do sleep 0.1; printf '\\r'; done
} | { script -qfec "$0" /run/screen; code=$?; rm /run/screen; exit "$code"; }`;

/** Type lines into `disco exec-shell ...options` on a terminal of its own. */
async function type(
  host: ThrowawayHost,
  lines: readonly string[],
  ...options: string[]
): Promise<Outcome> {
  const disco = commandLine(host.discoArgv("exec-shell", ...FROM_GIVEN, ...options));
  const command = `stty columns 80 rows 24; exec ${disco}`;
  const outcome = await host.exec(["sh", "-c", TYPIST, command, ...lines]);
  // What a terminal takes away again, such as the line that says what is being done, is not on it.
  // deno-lint-ignore no-control-regex
  const screen = outcome.stdout.replaceAll("\r", "").replaceAll(/^.*\x1b\[K/gm, "");
  return { ...outcome, stdout: screen };
}

const BALLS = { a: { "files/etc/a": "of a ball\n" }, b: { "files/etc/b": "of another\n" } };

describeOnHost("a shell in the union", () => {
  it("has the chosen balls applied, shows what was changed, and throws it away", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    const before = stateOf(host);
    const { code, stdout } = await type(host, [
      "cat /etc/a; ls /etc/b; tty; cat /proc/1/cmdline | wc -c",
      "echo typed >/etc/typed; rm /etc/issue",
      "exit",
    ], "a");
    assertEquals(code, 0, stdout);
    assertStringIncludes(stdout, "of a ball");
    assertMatch(stdout, /cannot access '\/etc\/b'/);
    assertMatch(stdout, /^>f\++ \/etc\/typed: created.*\[\(shell\)\]$/m);
    assertMatch(stdout, /^\*deleting +\/etc\/issue: deleted/m);
    assertMatch(stdout, /^>f\++ \/etc\/a: created.*\[a\]$/m);
    await assertUnchanged(host, before);
  });

  it("is in the sandbox, too", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    const { stdout } = await type(host, [
      "mount -t tmpfs none /mnt; unshare --user true || echo no namespace",
      "echo 1 >/proc/sys/vm/swappiness || echo no setting; kill -0 1 && ls /proc | grep -c '^[0-9]'",
      "exit",
    ], "--noop");
    assertMatch(stdout, /^no namespace$/m);
    assertMatch(stdout, /^no setting$/m);
  });

  it("asks with --merge, and merges what was answered with yes, with its effects", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    scene.balls(BALLS);
    const before = stateOf(host);
    const no = await type(host, ["touch /etc/typed", "exit", "ANSWER n"], "--merge");
    assertEquals(no.code, 0, no.stdout);
    await assertUnchanged(host, before);
    const lines = ["touch /etc/typed; systemctl restart x", "exit", "ANSWER y"];
    const yes = await type(host, lines, "a", "--merge");
    assertEquals(yes.code, 0, yes.stdout);
    assertEquals([host.exists("/etc/typed"), host.read("/etc/a")], [true, "of a ball\n"]);
    assertEquals(calls(host), ["systemctl restart x"]);
    await assertNothingLeft(host, before);
    await scene.rollback().ok();
    assertEquals([host.exists("/etc/typed"), host.exists("/etc/a")], [false, false]);
  });

  it("merges no mass deletion, unless it is allowed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    await host.run(["sh", "-c", "mkdir -p /srv/d /srv/keep; cd /srv/d; seq 300 | xargs touch"]);
    const lines = ["rm -r /srv/d", "exit", "ANSWER y"];
    const no = await type(host, lines, "--merge");
    assertStringIncludes(no.stdout, "Cannot merge: 301 paths would be deleted, more than 200");
    assertStringIncludes(no.stdout, "pass --allow-deletions 301");
    assertEquals([no.code, host.exists("/srv/d/1")], [1, true]);
    const yes = await type(host, lines, "--merge", "--allow-deletions", "301");
    assertEquals([yes.code, host.exists("/srv/d")], [0, false], yes.stdout);
  });

  it("leaves nothing behind of what was started in it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    const before = stateOf(host);
    await type(host, ["setsid sleep 1000 & sleep 1000 &", "trap '' HUP; exit", "exit"]);
    await assertNothingLeft(host, before);
  });
});
