/**
 * Makes the union a root in which commands can run.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import {
  DISCO_ASK,
  DISCO_EFFECT,
  loadPolicy,
  type Rule,
  SHIM_FOLDER,
  shimFor,
} from "../effects/mod.ts";
import { DISCO_PARAM } from "../params/mod.ts";
import { bytesOf, createFile, lstat, mkdir, removeTree, symlink } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import { realPath } from "./real_path.ts";
import { TEMPLATE_COMMANDS } from "./template_commands.ts";

/** What {@linkcode prepareChroot} made, for the command lines of the sandbox. */
export interface Chroot {
  /** Commands that a shim stands in for, with the real file on the live root. */
  readonly real: readonly { command: string; path: string }[];
  /** The policy for commands. */
  readonly policy: readonly Rule[];
}

const COMMAND_FOLDERS = [
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/usr/local/sbin",
  "/usr/local/bin",
];
const MOUNT_POINTS = [
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/var",
  "/var/disco",
  "/etc",
  "/etc/disco",
];

/** Fill the base layer and the sandbox's own folders; to be called while no ball is in the union. */
export function prepareChroot(context: Context, union: Union): Chroot {
  for (const path of MOUNT_POINTS) union.base.directory(path);
  layCommands(union);
  const policy = loadPolicy(context.roots.etc);
  const real = layShims(union, policy);
  layParameters(context, union);
  freshVolatile(union);
  union.remount();
  return { real, policy };
}

/** New, empty /run, /tmp and /dev/shm: each ball has its own. */
export function freshVolatile(union: Union): void {
  const folder = union.folder("volatile");
  for (const name of ["run", "tmp", "shm"]) {
    removeTree(`${folder}/${name}`);
    mkdir(`${folder}/${name}`, name === "run" ? 0o755 : 0o1777);
  }
  const run = `${folder}/run`;
  mkdir(`${run}/lock`, 0o1777);
  // Maintainer scripts look for it, and ask for their services only where it is.
  if (lstat("/run/systemd/system")) Deno.mkdirSync(`${run}/systemd/system`, { recursive: true });
  mkdir(`${run}/disco`);
  for (const name of ["bin", "real", "restricted", "ball"]) mkdir(`${run}/disco/${name}`);
  // Services without root rights may ask for effects, too; names are made by mktemp.
  mkdir(`${run}/disco/effects`, 0o1777);
  mkdir(`${run}/disco/ask`, 0o1777);
  mkdir(`${run}/disco/out`, 0o700);
  createFile(`${run}/disco/time`, new Uint8Array(), 0o755);
}

/** Mount points for the parameter trees: the client's own, and the node's. */
function layParameters(context: Context, union: Union): void {
  const folder = `${union.folder("hidden")}/parameters`;
  mkdir(folder);
  for (const name of new Set(["disco", context.node, Deno.hostname()])) mkdir(`${folder}/${name}`);
}

function layCommands(union: Union): void {
  const bin = union.folder("bin");
  createFile(`${bin}/disco-param`, bytesOf(DISCO_PARAM), 0o755);
  createFile(`${bin}/disco-effect`, bytesOf(DISCO_EFFECT), 0o755);
  createFile(`${bin}/disco-ask`, bytesOf(DISCO_ASK), 0o755);
  const restricted = union.folder("restricted");
  for (const command of TEMPLATE_COMMANDS) {
    const found = COMMAND_FOLDERS.find((folder) => lstat(join(union.root, `${folder}/${command}`)));
    if (found) symlink(`${found}/${command}`, `${restricted}/${command}`);
  }
  symlink(`${SHIM_FOLDER}/bin/disco-param`, `${restricted}/disco-param`);
}

/** Put a shim in the place of each command of the policy, wherever it is on the live root. */
function layShims(union: Union, rules: readonly Rule[]): Chroot["real"] {
  const done = new Set<string>();
  const real = new Map<string, string>();
  for (const command of new Set(rules.map((rule) => rule.command))) {
    const isEverRun = rules.some((rule) => rule.command === command && rule.verdict === "run");
    for (const folder of COMMAND_FOLDERS) {
      const parent = realPath(union.root, folder);
      const path = `${parent}/${command}`;
      if (parent === undefined || done.has(path) || !lstat(join(union.root, path))) continue;
      done.add(path);
      const shim = shimFor(command, rules, `${SHIM_FOLDER}/real/${command}`);
      union.base.file(path, bytesOf(shim), 0o755);
      const target = realPath(union.root, path);
      if (target && isEverRun && !real.has(command)) real.set(command, target);
    }
  }
  return [...real].map(([command, path]) => ({ command, path }));
}

function join(root: string, path: string): string {
  return root === "/" ? path : root + path;
}
