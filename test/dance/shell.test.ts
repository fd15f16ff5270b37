import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { commandLine } from "../../lib/effects/mod.ts";
import type { Act } from "../host/act.ts";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { FROM_GIVEN } from "../host/scene.ts";

/**
 * Types its words, the last one when it is asked, into a program on a terminal. What a terminal takes
 * away again, such as the line that says what is being done, is not on the screen.
 */
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
} | { script -qfec "$0" /run/screen; code=$?; rm /run/screen; exit "$code"; } |
  tr -d '\\r' | sed 's/^.*\\x1b\\[K//'
exit "\${PIPESTATUS[1]}"`;

/** Type lines into `disco exec-shell ...options` on a terminal of its own. */
function type(scene: Scene, lines: readonly string[], ...options: string[]): Act {
  const disco = commandLine(scene.host.discoArgv("exec-shell", ...FROM_GIVEN, ...options));
  return scene.program("bash", "-c", TYPIST, `stty columns 80 rows 24; exec ${disco}`, ...lines);
}

const BALLS = { a: { "files/etc/a": "of a ball\n" }, b: { "files/etc/b": "of another\n" } };

describeOnHost("a shell in the union", () => {
  it("has the chosen balls applied, shows what was changed, and throws it away", async () => {
    await using scene = await newScene();
    const lines = [
      "cat /etc/a; ls /etc/b; tty; cat /proc/1/cmdline | wc -c",
      "echo typed >/etc/typed; rm /etc/issue",
      "exit",
    ];
    await type(scene.balls(BALLS), lines, "a").says(
      "of a ball",
      /cannot access '\/etc\/b'/,
      /^>f\++ \/etc\/typed: created.*\[\(shell\)\]$/m,
      /^\*deleting +\/etc\/issue: deleted/m,
      /^>f\++ \/etc\/a: created.*\[a\]$/m,
    ).untouched().ok();
  });

  it("is in the sandbox, too", async () => {
    await using scene = await newScene();
    const lines = [
      "mount -t tmpfs none /mnt; unshare --user true || echo no namespace",
      "echo 1 >/proc/sys/vm/swappiness || echo no setting; kill -0 1 && ls /proc | grep -c '^[0-9]'",
      "exit",
    ];
    await type(scene.balls(BALLS), lines, "--noop").says(/^no namespace$/m, /^no setting$/m);
  });

  it("asks with --merge, and merges what was answered with yes, with its effects", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/systemctl");
    await type(scene.balls(BALLS), ["touch /etc/typed", "exit", "ANSWER n"], "--merge")
      .untouched().ok();
    const lines = ["touch /etc/typed; systemctl restart x", "exit", "ANSWER y"];
    await type(scene, lines, "a", "--merge").ok()
      .leaves({ "/etc/typed": "", "/etc/a": "of a ball\n" }).leavesNothing();
    assertEquals(calls(scene.host), ["systemctl restart x"]);
    await scene.rollback().ok().leaves({ "/etc/typed": null, "/etc/a": null });
  });

  it("merges no mass deletion, unless it is allowed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.balls(BALLS).sh("mkdir -p /srv/d /srv/keep; cd /srv/d; seq 300 | xargs touch");
    const lines = ["rm -r /srv/d", "exit", "ANSWER y"];
    await type(scene, lines, "--merge").exits(1).says(
      "Cannot merge: 301 paths would be deleted, more than 200",
      "pass --allow-deletions 301",
    );
    assert(host.exists("/srv/d/1"));
    await type(scene, lines, "--merge", "--allow-deletions", "301").ok().leaves({ "/srv/d": null });
  });

  it("leaves nothing behind of what was started in it", async () => {
    await using scene = await newScene();
    await type(scene.balls(BALLS), [
      "setsid sleep 1000 & sleep 1000 &",
      "trap '' HUP; exit",
      "exit",
    ]).leavesNothing();
  });
});
