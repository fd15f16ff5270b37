/**
 * The folder `/run/disco` in the sandbox: what DISCO has there for scripts, which is read-only, and
 * what they leave there for DISCO. That is mounted part by part on folders that the sandbox cannot
 * rename or replace: what DISCO does there from outside must not be led elsewhere by a link.
 *
 * @module
 */
import { dirname } from "@std/path";
import { BASH_ENV, DISCO_COMMANDS, SHIM_FOLDER, STRICT_ENV } from "../effects/mod.ts";
import { TIME } from "../metrics/mod.ts";
import { DISCO_PARAM } from "../params/mod.ts";
import { bytesOf, createFile, lstat, mkdir, removeTree, symlink } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** What the sandbox may read. */
const READ_ONLY = ["bin", "by-name", "shims", "restricted", "strict"] as const;
/** What it may write: effects and questions, and the outcome of what runs. */
const WRITABLE = ["effects", "ask", "out"] as const;

type Writable = typeof WRITABLE[number];

/** Make the folders, and fill those whose content is the same for every ball. */
export function layService(union: Union): void {
  const top = union.folder("disco");
  for (const name of [...READ_ONLY, ...WRITABLE, "real", "live", "ball"]) mkdir(`${top}/${name}`);
  createFile(`${top}/time`, new Uint8Array(), 0o755);
  const bin = serviceFolder(union, "bin");
  const commands = { "disco-param": DISCO_PARAM, ...DISCO_COMMANDS };
  for (const [name, text] of Object.entries(commands)) {
    createFile(`${bin}/${name}`, bytesOf(text), 0o755);
  }
  createFile(`${bin}/bash_env.sh`, bytesOf(BASH_ENV), 0o644);
  createFile(`${bin}/strict_env.sh`, bytesOf(STRICT_ENV), 0o644);
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

/** A folder of `/run/disco` that the sandbox may read, as DISCO reaches it. */
export function serviceFolder(union: Union, name: typeof READ_ONLY[number]): string {
  return `${union.folder("disco")}/${name}`;
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
  const live = linkReal(top, real);
  return [
    ...["--ro-bind", top, SHIM_FOLDER],
    ...WRITABLE.flatMap((name) => ["--bind", union.folder(name), `${SHIM_FOLDER}/${name}`]),
    ...(ballDir === null ? [] : ["--ro-bind", ballDir, `${SHIM_FOLDER}/ball`]),
    ...["--ro-bind", TIME, `${SHIM_FOLDER}/time`],
    ...live.flatMap((folder, i) => ["--ro-bind", prefix + folder, `${SHIM_FOLDER}/live/${i}`]),
  ];
}

/**
 * Make a link for each command to where it will be, in one of the folders that are returned: a mount
 * for all of /usr, and not for each command, because each costs the start of a script a third of a
 * millisecond.
 */
function linkReal(top: string, real: readonly { command: string; path: string }[]): string[] {
  const folderOf = (path: string) => path.startsWith("/usr/") ? "/usr" : dirname(path);
  const folders = [...new Set(real.map(({ path }) => folderOf(path)))];
  for (const i of folders.keys()) if (!lstat(`${top}/live/${i}`)) mkdir(`${top}/live/${i}`);
  for (const { command, path } of real) {
    const link = `${top}/real/${command}`;
    const folder = folderOf(path);
    const target = `../live/${folders.indexOf(folder)}${path.slice(folder.length)}`;
    if (!lstat(link)) symlink(target, link);
  }
  return folders;
}
