/**
 * The shims of a ball: what its policy makes of each command. They change with the ball, and with
 * commands that come or are replaced while it spins.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { knownCommands, type Rule, shimFor } from "../effects/mod.ts";
import { bytesOf, createFile, removeTree, symlink } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { arrivedCommands } from "./arrived.ts";
import { COMMAND_FOLDERS } from "./commands.ts";
import { realPath } from "./real_path.ts";
import { serviceFolder } from "./service.ts";

/** What lies in the shim folders of a union, so that nothing is written again. */
interface Laid {
  /** The same for all balls without rules of their own. */
  readonly rules: readonly Rule[];
  readonly rest: string;
}
const laid = new WeakMap<Union, Laid>();

/**
 * Write the shims for the next script: for each command of the policy that has a stand-in, and by name
 * for each that is in the union without one; returns those.
 */
export function layShims(
  { union, chroot, rules, strict = false }: SandboxOptions,
): Map<string, string> {
  const arrived = arrivedCommands(union, rules);
  const replaced = presentIn(union, REPLACED);
  const rest = JSON.stringify([[...arrived], strict, replaced]);
  const before = laid.get(union);
  if (before?.rules === rules && before.rest === rest) return arrived;
  emptyFolder(serviceFolder(union, "shims"));
  const stubbed = new Map(chroot.standIns.map(({ command }) => [command, realOf(command)]));
  const shims = new Map([...stubbed, ...arrived]);
  for (const [command, real] of shims) {
    const text = bytesOf(shimFor(command, rules, real));
    createFile(`${serviceFolder(union, "shims")}/${command}`, text, 0o755);
  }
  layByName(union, arrived);
  for (const name of replaced) {
    removeTree(`${serviceFolder(union, "by-name")}/${name}`);
    symlink(`/run/disco/bin/${name}.sh`, `${serviceFolder(union, "by-name")}/${name}`);
  }
  if (strict) layStrict(union, rules, arrived);
  laid.set(union, { rules, rest });
  return arrived;
}

/** Commands that are met by name: they live by a set-ID bit, or the policy alone cannot tell. */
const REPLACED = ["sudo", "crontab", "chattr"];

/** Those of some commands that are in the union as it is now. */
function presentIn(union: Union, commands: readonly string[]): string[] {
  using tree = new Tree(union.mountpoint);
  const folders = [...new Set(COMMAND_FOLDERS.map((folder) => realPath(tree, folder)))]
    .filter((folder) => folder !== undefined);
  return commands.filter((command) =>
    folders.some((folder) => realPath(tree, `${folder}/${command}`) !== undefined)
  );
}

function realOf(command: string): string {
  return `/run/disco/real/${command}`;
}

/** `/run/disco/bin` comes first in the search path. */
function layByName(union: Union, arrived: ReadonlyMap<string, string>): void {
  const bin = serviceFolder(union, "by-name");
  emptyFolder(bin);
  for (const command of arrived.keys()) symlink(`/run/disco/shims/${command}`, `${bin}/${command}`);
}

/** The one folder of the search path in the strict mode: what the policy knows, and is there. */
function layStrict(
  union: Union,
  rules: readonly Rule[],
  arrived: ReadonlyMap<string, string>,
): void {
  const strict = serviceFolder(union, "strict");
  emptyFolder(strict);
  using tree = new Tree(union.mountpoint);
  for (const command of knownCommands(rules)) {
    const found = COMMAND_FOLDERS.map((folder) => `${folder}/${command}`)
      .find((path) => realPath(tree, path) !== undefined);
    const target = command === "kill"
      // It knows which processes are the sandbox's own.
      ? "/run/disco/bin/kill"
      : arrived.has(command)
      ? `/run/disco/shims/${command}`
      : found;
    if (target) symlink(target, `${strict}/${command}`);
  }
  for (const name of ["disco-param", "disco-effect"]) {
    symlink(`/run/disco/bin/${name}`, `${strict}/${name}`);
  }
}

function emptyFolder(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) removeTree(`${folder}/${name}`);
}
