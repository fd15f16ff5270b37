/**
 * The last wall: a program of DISCO's own that runs inside the sandbox before all others, because
 * Landlock can only be put on after the mounts, and no tool of the distributions puts it on so. The
 * same program is the gate in front of the sandbox: a shell would take ten times as long to start.
 *
 * @module
 */
import { SHIM_FOLDER } from "../effects/mod.ts";
import { createFile, landlockVersion } from "../posix/mod.ts";
import { PROGRAMS } from "./confine/programs.ts";
import type { Wall } from "./walls.ts";

/** Rights to files by the version that brought them (linux/landlock.h). */
const FILE_RIGHTS: readonly (readonly [version: number, rights: bigint])[] = [
  [1, 0x1fffn],
  // REFER, TRUNCATE, IOCTL_DEV.
  [2, 1n << 13n],
  [3, 1n << 14n],
  [5, 1n << 15n],
];
/** Of these the ones to a file that is not a directory: EXECUTE, WRITE, READ, TRUNCATE, IOCTL_DEV. */
const RIGHTS_TO_ONE_FILE = 7n | 1n << 14n | 1n << 15n;
/** ABSTRACT_UNIX_SOCKET and SIGNAL, and the version that brought them. */
const SCOPES = 3n;
const SCOPES_SINCE = 6;

/** Steps of the program: bits of its first argument. */
const STEP = { ownInput: 1, landlock: 2, terminal: 4, gate: 8 } as const;

const NAME = "confine";

/** Write the program for the sandboxes of a union, for the Landlock that this kernel has. */
export function layConfine(folder: string): void {
  createFile(`${folder}/${NAME}`, confineProgram(landlockVersion()), 0o755);
}

/** The program, told what to restrict. */
export function confineProgram(
  version: number,
  architecture: typeof Deno.build.arch = Deno.build.arch,
): Uint8Array<ArrayBuffer> {
  const program = Uint8Array.from(atob(PROGRAMS[architecture]), (c) => c.charCodeAt(0));
  const files = FILE_RIGHTS.filter(([since]) => since <= version)
    .reduce((all, [, rights]) => all | rights, 0n);
  const scopes = version >= SCOPES_SINCE ? SCOPES : 0n;
  // struct landlock_ruleset_attr, its size, and the rights to one file: the end of the program.
  // A kernel without scopes takes the longer struct as long as they are 0.
  const words = [files, 0n, scopes, 24n, files & RIGHTS_TO_ONE_FILE];
  const view = new DataView(program.buffer, program.length - words.length * 8);
  words.forEach((word, i) => view.setBigUint64(i * 8, word, true));
  return program;
}

/** Words in front of the first program of a sandbox. */
export function confined(interactive: boolean, without: readonly Wall[]): string[] {
  const hasLandlock = !without.includes("landlock") && landlockVersion() > 0;
  const steps = (without.includes("descriptors") || interactive ? 0 : STEP.ownInput) |
    (hasLandlock ? STEP.landlock : 0) | (interactive ? STEP.terminal : 0);
  return [`${SHIM_FOLDER}/${NAME}`, String(steps)];
}

/**
 * Words in front of a sandbox, for the program in the folder that {@linkcode layConfine} wrote to: it
 * leads a session of its own, and goes on when it reads a byte.
 */
export function gateWords(folder: string): string[] {
  return [`${folder}/${NAME}`, String(STEP.gate)];
}

/** What a process of the host can do for a script because of this kernel, in words; or nothing. */
export function missingLandlock(network: boolean): string | undefined {
  const version = landlockVersion();
  if (version === 0) {
    return "this kernel has no Landlock: a process of the host that passes a script an open " +
      "directory, over a socket that both reach, lets it out of the union";
  }
  if (version >= SCOPES_SINCE || !network) return undefined;
  return "the Landlock of this kernel does not cover abstract sockets (Linux 6.12 does): scripts " +
    "with the network reach those of the host";
}
