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
import { COMMAND_FOLDERS } from "./commands.ts";
import { realPath } from "./real_path.ts";
import { serviceFolder } from "./service.ts";
import type { Survey } from "./survey.ts";

/** What lies in the shim folders of a union, so that nothing is written again. */
interface Laid {
  readonly rules: readonly Rule[];
  readonly strict: boolean;
  readonly survey: Survey;
}
const laid = new WeakMap<Union, Laid>();

/**
 * Write the shims for the next script: for each command of the policy that has a stand-in, and by name
 * for each that is in the union without one.
 */
export function layShims(
  { union, chroot, rules, strict = false }: SandboxOptions,
  survey: Survey,
): void {
  const before = laid.get(union);
  laid.set(union, { rules, strict, survey });
  if (before?.rules === rules && before.strict === strict && isSame(before.survey, survey)) return;
  const { arrived, replaced } = survey;
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
}

/** Whether the same commands are at the same places. */
function isSame(one: Survey, other: Survey): boolean {
  const commands = ({ arrived, replaced }: Survey) => JSON.stringify([[...arrived], replaced]);
  return one === other || commands(one) === commands(other);
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
