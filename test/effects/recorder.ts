/**
 * The commands that scripts ask for effects with, in a small sandbox of their own: the shims of a
 * policy, the recorder, and what it wrote.
 *
 * @module
 */
import { DISCO_COMMANDS, parsePolicy, readAsked, shimFor } from "../../lib/effects/mod.ts";
import type { Asked } from "../../lib/effects/mod.ts";
import { environmentOf, SANDBOX_PATH } from "../../lib/sandbox/mod.ts";
import { Folder } from "../posix/folder.ts";

const ASKER = { ball: "a", script: "scripts/1" };
const GIVEN = environmentOf({ ...ASKER, node: "n", dance: "d", noop: true }, SANDBOX_PATH);

/** How a script ended, what it printed, and what it asked for. */
export interface Recorded extends Asked {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a script of bash that meets this policy; each of its commands is there, and none does a thing. */
export function record(script: string, policy = ""): Recorded {
  using folder = new Folder();
  folder.sh("mkdir -p bin by-name effects ball/scripts");
  for (const [name, text] of Object.entries(DISCO_COMMANDS)) {
    Deno.writeTextFileSync(folder.at(`bin/${name}`), text, { mode: 0o755 });
  }
  const rules = parsePolicy(policy, "own");
  for (const command of new Set(rules.map(({ command }) => command))) {
    const shim = shimFor(command, rules, "/bin/true");
    Deno.writeTextFileSync(folder.at(`by-name/${command}`), shim, { mode: 0o755 });
  }
  Deno.writeTextFileSync(folder.at("ball/scripts/1"), script);
  const { code, stdout, stderr } = new Deno.Command("bwrap", {
    args: [
      ...["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"],
      ...["--bind", folder.path, "/run/disco", "--unshare-pid", "--as-pid-1", "--proc", "/proc"],
      ...["--chdir", "/", "--", "/bin/sh", "-c", '"$@"; exit $?', "sh"],
      ...["bash", "/run/disco/ball/scripts/1"],
    ],
    env: { ...GIVEN, BASH_ENV: "" },
    clearEnv: true,
    stdin: "null",
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const asked = readAsked(folder.at("effects"), ASKER, { ...GIVEN, BASH_ENV: "" });
  return { code, stdout: text(stdout), stderr: text(stderr), ...asked };
}

/** The command lines of the effects, and what each reads. */
export function linesOf({ effects }: Asked): string[] {
  return effects.map(({ argv, input }) => {
    const line = argv.join(" ");
    return input === undefined ? line : `${line} <<< ${textOf(input)}`;
  });
}

function textOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}
