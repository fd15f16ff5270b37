/**
 * Starts a command in the sandbox: in its control group, under its filter, between its walls.
 *
 * @module
 */
import { close, createFile, keepDescriptors, lstat, O, openInherited } from "../posix/mod.ts";
import { type Ending, supervise, type SuperviseOptions } from "../supervise.ts";
import type { Union } from "../union/mod.ts";
import { sandboxArgv, type SandboxOptions } from "./bubblewrap.ts";
import { killCgroup, makeCgroup } from "./cgroup.ts";
import { Oracle } from "./oracle.ts";
import { seccompFilter } from "./seccomp.ts";

/** Run a command to its end; whatever it started has ended when this returns. */
export async function launch(
  sandbox: SandboxOptions,
  argv: readonly string[],
  options: SuperviseOptions,
): Promise<Ending> {
  const cgroup = makeCgroup(sandbox.dance);
  const filter = openFilter(sandbox.union);
  let ending: Promise<Ending>;
  try {
    // It starts the program before it waits for anything: the descriptor is not needed any more then.
    ending = supervise(
      [...joining(cgroup), ...sandboxArgv(sandbox, filter), ...argv],
      options,
    );
  } finally {
    close(filter);
  }
  const questions = `${sandbox.union.folder("volatile")}/run/disco/ask`;
  using _oracle = new Oracle(questions, sandbox.chroot.policy);
  try {
    return await ending;
  } finally {
    if (cgroup) killCgroup(cgroup);
  }
}

/** Run a command for a person, with the terminal of this process; resolves at its end. */
export async function launchInteractive(
  sandbox: SandboxOptions,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const cgroup = makeCgroup(sandbox.dance);
  const filter = openFilter(sandbox.union);
  const words = [
    ...joining(cgroup),
    ...sandboxArgv({ ...sandbox, interactive: true }, filter),
    ...argv,
  ];
  const [program = "", ...args] = words;
  const stdio = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
  const child = new Deno.Command(program, { args, clearEnv: true, env, ...stdio }).spawn();
  close(filter);
  using _oracle = new Oracle(
    `${sandbox.union.folder("volatile")}/run/disco/ask`,
    sandbox.chroot.policy,
  );
  await child.status;
  if (cgroup) killCgroup(cgroup);
}

/** Words in front of a command that make it join a control group first. */
function joining(cgroup: string | undefined): string[] {
  if (cgroup === undefined) return [];
  return ["/bin/sh", "-c", 'echo 0 >"$0/cgroup.procs" && exec "$@"', cgroup];
}

function openFilter(union: Union): number {
  keepDescriptors();
  const path = `${union.folder("bin")}/.seccomp`;
  if (!lstat(path)) createFile(path, seccompFilter(), 0o600);
  return openInherited(path, O.RDONLY);
}
