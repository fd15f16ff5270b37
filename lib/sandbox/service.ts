/**
 * The folder `/run/disco` in the sandbox: what DISCO has there for scripts, which is read-only, and
 * what they leave there for DISCO. That is mounted part by part on folders that the sandbox cannot
 * rename or replace: what DISCO does there from outside must not be led elsewhere by a link.
 *
 * @module
 */
import { dirname } from "@std/path";
import { Tree } from "../door/mod.ts";
import { BASH_ENV, DISCO_COMMANDS, SHIM_FOLDER, STRICT_ENV, TEMPLATE_ENV } from "../effects/mod.ts";
import { TIME } from "../metrics/mod.ts";
import { DISCO_PARAM } from "../params/mod.ts";
import { bytesOf, createFile, mkdir, readFile, symlink } from "../posix/mod.ts";
import { readable, type Shown, type Union, writable } from "../union/mod.ts";
import { ACCOUNT_TOOL, ACCOUNT_TOOLS } from "./busy.ts";
import { layConfine } from "./confine.ts";
import { cover, uncover } from "./cover.ts";
import { APT_CONFIG } from "./environment.ts";
import { realPath } from "./real_path.ts";
import { freshFolder } from "./take_away.ts";

/** What the sandbox may read. */
const READ_ONLY = ["bin", "by-name", "shims", "strict"] as const;
/** What it may write: effects and questions, and the outcome of what runs. */
const WRITABLE = ["effects", "ask", "out"] as const;

type Writable = typeof WRITABLE[number];

/** Make the folders, and fill those whose content is the same for every ball. */
export function layService(union: Union): void {
  const top = union.folder("disco");
  for (const name of [...READ_ONLY, ...WRITABLE, "real", "live", "ball"]) mkdir(`${top}/${name}`);
  // A copy: its lock or lease would be the host's.
  createFile(`${top}/time`, readFile(TIME), 0o755);
  layConfine(top);
  const bin = serviceFolder(union, "bin");
  const commands = { "disco-param": DISCO_PARAM, ...DISCO_COMMANDS };
  for (const [name, text] of Object.entries(commands)) {
    createFile(`${bin}/${name}`, bytesOf(text), 0o755);
  }
  using live = new Tree(union.root);
  for (const name of ACCOUNT_TOOLS.filter((name) => realPath(live, `/usr/sbin/${name}`))) {
    createFile(`${bin}/${name}`, bytesOf(ACCOUNT_TOOL), 0o755);
  }
  createFile(`${bin}/bash_env.sh`, bytesOf(BASH_ENV), 0o644);
  createFile(`${bin}/apt.conf`, bytesOf(APT_CONFIG.text), 0o644);
  createFile(`${bin}/strict_env.sh`, bytesOf(STRICT_ENV), 0o644);
  createFile(`${bin}/template_env.sh`, bytesOf(TEMPLATE_ENV), 0o644);
  freshService(union);
}

/** Forget what a ball has left for DISCO, or only a part of it. */
export function freshService(union: Union, parts: readonly Writable[] = WRITABLE): void {
  for (const name of parts) {
    // Services without root rights may ask, too; names are made by mktemp.
    freshFolder(union, union.folder(name), name === "out" ? 0o700 : 0o1777);
  }
}

/** A folder of `/run/disco` that the sandbox may read, as DISCO reaches it. */
export function serviceFolder(union: Union, name: typeof READ_ONLY[number]): string {
  return `${union.folder("disco")}/${name}`;
}

/** What is shown as `/run/disco`; to come after `/run`. */
export function showService(
  union: Union,
  { ballDir, leavesNothing = false }: { ballDir: string | null; leavesNothing?: boolean },
): Shown[] {
  // Otherwise the folders that lie below the mounts are seen: empty, and read-only.
  const names = leavesNothing ? ["out"] : WRITABLE;
  const ball = coverBall(union, ballDir);
  return [
    readable(union.folder("disco"), SHIM_FOLDER),
    ...names.map((name) => writable(union.folder(name), `${SHIM_FOLDER}/${name}`)),
    ...(ball === undefined ? [] : [readable(ball, `${SHIM_FOLDER}/ball`)]),
  ];
}

/** The ball that each union shows, and the folder in which it is mounted: each has one of its own. */
const covered = new WeakMap<Union, { ballDir: string; at: string }>();

function coverBall(union: Union, ballDir: string | null): string | undefined {
  const before = covered.get(union);
  if (ballDir === before?.ballDir) return before?.at;
  if (before) uncover(union, before.at);
  covered.delete(union);
  if (ballDir === null) return undefined;
  const at = `${union.folder("balls")}/${crypto.randomUUID()}`;
  mkdir(at);
  cover(union, ballDir, at);
  covered.set(union, { ballDir, at });
  return at;
}

/**
 * Show the live root's commands in `/run/disco/real`, each as a link into a cover of its folder; all
 * of /usr has one, and not each command, because each mount costs the start of every script. A
 * command that is a mount of its own is not shown.
 */
export function layReal(
  union: Union,
  real: readonly { command: string; path: string }[],
): void {
  const top = union.folder("disco");
  using live = new Tree(union.root);
  const usr = live.stat("/usr")?.mount;
  const folderOf = (path: string) =>
    path.startsWith("/usr/") && live.stat(path)?.mount === usr ? "/usr" : dirname(path);
  const folders = [...new Set(real.map(({ path }) => folderOf(path)))];
  for (const [i, folder] of folders.entries()) {
    mkdir(`${top}/live/${i}`);
    using held = live.hold(folder);
    cover(union, held.link, `${top}/live/${i}`, folder);
  }
  for (const { command, path } of real) {
    const folder = folderOf(path);
    symlink(
      `../live/${folders.indexOf(folder)}${path.slice(folder.length)}`,
      `${top}/real/${command}`,
    );
  }
}
