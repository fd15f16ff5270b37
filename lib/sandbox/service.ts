/**
 * The folder `/run/disco` in the sandbox: what DISCO has there for scripts, and what they leave there
 * for DISCO. It is mounted part by part on folders that the sandbox cannot rename or replace: what
 * DISCO does there from outside must not be led elsewhere by a link.
 *
 * @module
 */
import { BASH_ENV, DISCO_COMMANDS, SHIM_FOLDER, STRICT_ENV } from "../effects/mod.ts";
import { TIME } from "../metrics/mod.ts";
import { DISCO_PARAM } from "../params/mod.ts";
import { bytesOf, createFile, lstat, mkdir, removeTree } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** What the sandbox may read. */
const READ_ONLY = ["bin", "by-name", "shims", "restricted", "strict"] as const;
/** What it may write: effects and questions, and the outcome of what runs. */
const WRITABLE = ["effects", "ask", "out"] as const;

type Writable = typeof WRITABLE[number];

/** Make the folders, and fill those whose content is the same for every ball. */
export function layService(union: Union): void {
  const top = union.folder("disco");
  for (const name of [...READ_ONLY, ...WRITABLE, "real", "ball"]) mkdir(`${top}/${name}`);
  createFile(`${top}/time`, new Uint8Array(), 0o755);
  const bin = union.folder("bin");
  const commands = { "disco-param": DISCO_PARAM, ...DISCO_COMMANDS };
  for (const [name, text] of Object.entries(commands)) {
    createFile(`${bin}/${name}`, bytesOf(text), 0o755);
  }
  createFile(`${bin}/bash_env.sh`, bytesOf(BASH_ENV), 0o644);
  createFile(`${bin}/strict_env.sh`, bytesOf(STRICT_ENV), 0o644);
  for (const name of READ_ONLY) union.folder(name);
  freshService(union);
}

/** Forget what a ball has left for DISCO, or only a part of it. */
export function freshService(union: Union, parts: readonly Writable[] = WRITABLE): void {
  for (const name of parts) {
    const folder = union.folder(name);
    removeTree(folder);
    // Services without root rights may ask, too; names are made by mktemp.
    mkdir(folder, name === "out" ? 0o700 : 0o1777);
  }
}

/** Arguments of bubblewrap that mount `/run/disco`; to come after `/run`. */
export function mountService(
  union: Union,
  { ballDir, real }: {
    ballDir: string | null;
    real: readonly { command: string; path: string }[];
  },
): string[] {
  const top = union.folder("disco");
  const prefix = union.root === "/" ? "" : union.root;
  for (const { command } of real) ensureFile(`${top}/real/${command}`);
  return [
    ...["--ro-bind", top, SHIM_FOLDER],
    ...READ_ONLY.flatMap((name) => ["--ro-bind", union.folder(name), `${SHIM_FOLDER}/${name}`]),
    ...WRITABLE.flatMap((name) => ["--bind", union.folder(name), `${SHIM_FOLDER}/${name}`]),
    ...(ballDir === null ? [] : ["--ro-bind", ballDir, `${SHIM_FOLDER}/ball`]),
    ...["--ro-bind", TIME, `${SHIM_FOLDER}/time`],
    ...real.flatMap(({ command, path }) => [
      ...["--ro-bind", prefix + path, `${SHIM_FOLDER}/real/${command}`],
    ]),
  ];
}

function ensureFile(path: string): void {
  if (!lstat(path)) createFile(path, new Uint8Array(), 0o755);
}
