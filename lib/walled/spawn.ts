/**
 * Starts a helper between its walls.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { findProgram } from "../process/find_program.ts";
import { spawn, type Stdio } from "../process/spawn.ts";
import { close, inheritedMemory, keepDescriptors } from "../posix/mod.ts";
import { signalName } from "../process/signal_name.ts";
import { helperFilter } from "./filter.ts";
import { initArgv, type Walls, wallsArgv } from "./walls.ts";

/** What must be there besides the helper: program, and Debian's package. */
const NEEDED = [["bwrap", "bubblewrap"], ["setpriv", "util-linux"]] as const;

/**
 * Start a program, by its absolute path as it sees it. It is the head of a process group; killing
 * that, or DISCO, ends all that it has started. When its status is known, all of that has ended. A
 * signal that ends it comes as an exit code, see {@linkcode signalOf}. `what` is it in a message.
 */
export function spawnWalled(
  walls: Walls,
  argv: readonly string[],
  what: string,
  stdio: Stdio,
): Deno.ChildProcess {
  const missing = NEEDED.find(([program]) => findProgram(program) === undefined);
  if (missing) {
    throw new DiscoError(`Cannot run ${what} between walls: there is no program "${missing[0]}"`, {
      hint: `apt-get install ${missing[1]}`,
    });
  }
  // What DISCO has inherited without wanting it.
  keepDescriptors();
  const passwd = `root:x:0:0::/:/bin/sh\ndisco:x:${walls.account}:${walls.account}::/tmp:/bin/sh\n`;
  const group = `root:x:0:\ndisco:x:${walls.account}:\n`;
  const [filter, ...files] = [helperFilter(), text(passwd), text(group)].map(inheritedMemory);
  try {
    const words = [
      ...["bwrap", "--seccomp", String(filter), "--dir", "/etc"],
      ...["/etc/passwd", "/etc/group"].flatMap((path, i) => ["--file", String(files[i]), path]),
      ...wallsArgv(walls),
      ...initArgv(walls),
      ...argv,
    ];
    return spawn(words, {
      ...stdio,
      session: "setsid",
      // Handed on by bubblewrap. Not as its arguments, which everybody can see: there are passwords.
      clearEnv: true,
      env: walls.env,
      cwd: "/",
    });
  } finally {
    // It has them now, and nothing else is to get them.
    for (const fd of [filter!, ...files]) close(fd);
  }
}

/** The signal that ended a helper, from its exit code; null where none did. */
export function signalOf(code: number): Deno.Signal | null {
  const [name] = / .*/.exec(signalName(code - 128)) ?? [];
  return name === undefined ? null : name.slice(2, -1) as Deno.Signal;
}

function text(content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content);
}
