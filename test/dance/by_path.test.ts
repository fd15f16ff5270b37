import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { commandPathsIn } from "../../lib/sandbox/mod.ts";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { stub } from "./support.ts";

/** Scripts that call a command by its path, and what becomes of it. */
const LED_BACK: Readonly<Record<string, string>> = {
  "alone": "/usr/sbin/sysctl -p",
  "in /sbin, a link": "/sbin/sysctl -p",
  "in a pipe, behind a condition": "true && /usr/sbin/sysctl -p | cat",
  "in a function": "f() { /usr/sbin/sysctl -p; }; f",
  "in a substitution": 'x="$(/usr/sbin/sysctl -p)"; echo "$x"',
  "by sudo": "sudo /usr/sbin/sysctl -p",
  "a function of the same name": 'sysctl() { /usr/sbin/sysctl "$@"; }; sysctl -p',
};
/** Those that cannot be led back, and are told. */
const TOLD: Readonly<Record<string, string>> = {
  "in sh": "#!/bin/sh\n/usr/sbin/sysctl -p || true",
  "in sh, in a substitution": '#!/bin/sh\nx="$(/usr/sbin/sysctl -n kernel.hostname)" || true',
  "behind a wrapper": "timeout 5 /usr/sbin/sysctl -p || true",
  "by command": "command /usr/sbin/sysctl -p || true",
  "behind xargs": "echo -p | xargs /usr/sbin/sysctl || true",
  "by exec": "(exec /usr/sbin/sysctl -p) || true",
  "in perl": '#!/usr/bin/perl\nsystem("/usr/sbin/sysctl", "-p");',
};
/** Scripts that call nothing. */
const LOOKING: Readonly<Record<string, string>> = {
  "whether it is there": "[ -x /usr/sbin/sysctl ] && test -e /usr/sbin/sysctl",
  "where it is": "command -v /usr/sbin/sysctl >/dev/null",
  "whether it is there, in sh": "#!/bin/sh\nif [ -x /usr/sbin/sysctl ]; then command -v sysctl; fi",
  "its file": "ls -l /usr/sbin/sysctl; cp /usr/sbin/sysctl /opt/x",
  "a text": "cat >/etc/x <<E\nExecStart=/usr/sbin/sysctl -p\nE",
};

describeOnHost("a command of the policy that is called by its path", () => {
  it("is taken for its name in bash", async () => {
    await using scene = await sceneWithCommands();
    for (const [what, script] of Object.entries(LED_BACK)) {
      const { code, stderr, result } = await scene.ball("a", script).dryRun();
      const effects = result.effects.map(({ argv }) => argv.join(" "));
      const isPiped = /\||\$\(/.test(script);
      // An effect whose output is waited for is refused, as by its name.
      assertEquals([code, effects], isPiped ? [1, []] : [0, ["sysctl -p"]], `${what}: ${stderr}`);
      assertEquals(result.notSimulated.filter(({ kind }) => kind === "by-path"), [], what);
    }
  });

  it("is not taken for a name that belongs to another program, or to none", async () => {
    await using scene = await sceneWithCommands();
    scene.host.write("/usr/local/sbin/sysctl", "#!/bin/sh\necho own >>/etc/own\n", 0o755);
    const script = "/usr/local/sbin/sysctl -p\n" +
      "/usr/local/bin/sysctl -p && exit 3; [ $? = 127 ] || exit 4\n" +
      "printf '#!/bin/sh\\necho made >>/etc/own\\n' >/usr/local/bin/modprobe\n" +
      "chmod 755 /usr/local/bin/modprobe; /usr/local/bin/modprobe x\n";
    await scene.ball("a", script).dance().effects().leaves({ "/etc/own": "own\nmade\n" }).ok();
  });

  it("is told where nothing leads it back, and only where it is called", async () => {
    await using scene = await sceneWithCommands();
    for (const [scripts, isTold] of [[TOLD, true], [LOOKING, false]] as const) {
      for (const [what, script] of Object.entries(scripts)) {
        const { stderr, result } = await scene.ball("a", script).dryRun();
        const told = result.notSimulated.filter(({ kind }) => kind === "by-path");
        const line = "it calls /usr/sbin/sysctl by its path, and so past the policy";
        assertEquals(told.map(({ what }) => what), isTold ? [line] : [], `${what}: ${stderr}`);
      }
    }
  });
});

describe("commandPathsIn", () => {
  it("finds the absolute paths of commands in a text", () => {
    assertEquals(
      commandPathsIn("/usr/bin/a /sbin/b;/opt/c x/bin/d $(/bin/e) '/usr/local/bin/f'."),
      [
        "/usr/bin/a",
        "/sbin/b",
        "/bin/e",
        "/usr/local/bin/f",
      ],
    );
    assertEquals(commandPathsIn("/usr/bin/ /usr/bin/a/b /usr/bin/$x /usr/share/bin"), []);
  });
});

async function sceneWithCommands(): Promise<Scene> {
  const scene = await newScene();
  for (const path of ["/usr/sbin/sysctl", "/usr/bin/sudo"]) stub(scene.host, path);
  return scene;
}
