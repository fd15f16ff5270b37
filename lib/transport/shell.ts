/**
 * The remote shell of rsync, which is ssh. It needs what only root has, keys and the agent, so it
 * runs outside of rsync's walls, and rsync inside gets a relay in its place: a line of sh that tells
 * DISCO the arguments, and passes the bytes through FIFOs. DISCO starts ssh with them if they are
 * those that its own call of rsync leads to.
 *
 * @module
 */
import { join } from "@std/path";
import { killGroup } from "../process/kill_group.ts";
import { spawn } from "../process/spawn.ts";
import { createFile, lchown, mkdir, mknod } from "../posix/mod.ts";
import { ACCOUNTS, isWalledByAccount, type Mount } from "../walled/mod.ts";
import { readCapped } from "./output.ts";
import { removeWhole } from "./weigh.ts";
import { joinForRsync } from "./words.ts";

/** A remote shell, and what may be asked of it. */
export interface Shell {
  /** The program and its first arguments. */
  readonly words: readonly string[];
  /** The arguments that rsync gives, as DISCO passes them on; throws what is wrong with them. */
  readonly check: (given: readonly string[]) => readonly string[];
}

/** How a shell ended that was started. */
export interface ShellResult {
  readonly code: number;
  readonly stderr: string;
}

const PIPES = ["words", "in", "out"] as const;
/** A file with the exit code of ssh. */
const CODE = "code";
/**
 * It ends when ssh does, whatever rsync has still to say: rsync waits for its end. And it ends as ssh
 * does: what a daemon says of missing files, rsync may know from its exit code alone.
 */
const RELAY = "printf '%s\\0' \"$@\" >/relay/words; exec 3<&0; cat <&3 >/relay/in & " +
  'cat </relay/out; kill $!; read -r code </relay/code; exit "${code:-1}"';
/**
 * Outside: both ends are opened in the order in which the relay opens its own. The output ends when the
 * exit code has been written down.
 */
const CONNECT = '{ "$@" <"$0/in"; code=$?; echo "$code" >"$0/code"; } >"$0/out"; exit "$code"';
/** Killed with DISCO. */
const WITH_DISCO = ["--pdeathsig", "KILL"];
const CAP = 65_536;
const LAST_WORDS_MS = 1000;

/** The relay for one call of rsync; its folder is removed, and ssh ended, with it. */
export class Relay implements AsyncDisposable {
  /** For rsync's `--rsh`. */
  static readonly command = joinForRsync(["/bin/sh", "-c", RELAY, "relay"]);
  readonly #folder: string;
  readonly #shell: Shell;
  readonly #asked: Deno.ChildProcess;
  #ssh: Deno.ChildProcess | undefined;
  /** How the shell ended; undefined where rsync asked for none. Rejects what `check` throws. */
  readonly ended: Promise<ShellResult | undefined>;

  constructor(folder: string, shell: Shell) {
    this.#folder = folder;
    this.#shell = shell;
    mkdir(folder, 0o700);
    for (const name of PIPES) {
      const path = join(folder, name);
      mknod(path, "fifo", 0o600);
      if (isWalledByAccount()) lchown(path, ACCOUNTS.fetch, ACCOUNTS.fetch);
    }
    createFile(join(folder, CODE), new Uint8Array(), 0o644);
    // Opening a FIFO waits for the other side, and can be called off only from outside.
    this.#asked = spawn(["setpriv", ...WITH_DISCO, "cat", join(folder, "words")], {
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    });
    this.ended = this.#serve();
    // The caller that awaits it is told; until then it does not count as unhandled.
    this.ended.catch(() => {});
  }

  /** What rsync sees of it. */
  get mounts(): Mount[] {
    return [...PIPES, CODE].map((name) => ({
      from: join(this.#folder, name),
      to: `/relay/${name}`,
    }));
  }

  /** End the shell, after a moment in which it may still say why it failed. */
  async stop(): Promise<void> {
    try {
      this.#asked.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    let timer;
    const late = new Promise<void>((done) => timer = setTimeout(done, LAST_WORDS_MS));
    await Promise.race([this.ended.catch(() => {}), late]);
    clearTimeout(timer);
    if (this.#ssh) killGroup(this.#ssh.pid);
    await this.ended.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#asked.status;
    removeWhole(this.#folder);
  }

  async #serve(): Promise<ShellResult | undefined> {
    const text = await readCapped(this.#asked.stdout, CAP);
    if (text === "") return undefined;
    const words = this.#shell.check(text.replace(/\0$/, "").split("\0"));
    const relayed = ["/bin/sh", "-c", CONNECT, this.#folder, ...this.#shell.words, ...words];
    this.#ssh = spawn(["setpriv", ...WITH_DISCO, ...relayed], {
      // In a group of its own: it ends with the call, and cannot ask on the terminal.
      session: "runtime",
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    });
    const [stderr, { code }] = await Promise.all([
      readCapped(this.#ssh.stderr, CAP),
      this.#ssh.status,
    ]);
    return { code, stderr };
  }
}
