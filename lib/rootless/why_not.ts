/**
 * What keeps a user from a dry run on this machine, found out by trying it in small.
 *
 * @module
 */
import { messageOf } from "../error/mod.ts";
import { run, RunError } from "../process/run.ts";

/** What is missing, and what to do about it. */
export interface Obstacle {
  readonly what: string;
  readonly advice: string;
}

/**
 * Tried one after the other in a namespace that is gone at once; the exit code says what failed. The
 * folder is covered by the tmpfs for this process only.
 */
const TRIAL = `
mount -t tmpfs disco-trial /tmp || exit 11
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/union || exit 11
mount -t overlay -o userxattr,lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work disco-trial /tmp/union || exit 12
unshare --pid --fork --mount-proc true || exit 13
`;

const OBSTACLES: Readonly<Record<number, Obstacle>> = {
  11: {
    what: "a user namespace can be had here, but nothing may be mounted in it",
    advice: "on Ubuntu AppArmor keeps users from it: " +
      "sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container, its seccomp profile must allow it",
  },
  12: {
    what: "this kernel does not let users mount overlayfs",
    advice: "it needs Linux 5.11 or newer, and the module overlay loaded: modprobe overlay",
  },
  13: {
    what: "no new /proc can be mounted here, because parts of this one are covered",
    advice:
      "containers cover them: run it on the machine itself, or in a container whose /proc is " +
      "whole (docker run --security-opt systempaths=unconfined)",
  },
};

/** What keeps the words of unshare(1) from a dry run; undefined where nothing does. */
export async function whyNot(unshare: readonly string[]): Promise<Obstacle | undefined> {
  try {
    await run([...unshare, "--", "sh", "-c", TRIAL]);
    return undefined;
  } catch (error) {
    if (error instanceof RunError) {
      const said = error.stderr.trim().split("\n").at(-1) ?? "";
      const { what, advice } = OBSTACLES[error.status.code] ?? await refused();
      return { what: said ? `${what} (${said})` : what, advice };
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return {
      what: `the program unshare is missing (${messageOf(error)})`,
      advice: "apt-get install util-linux",
    };
  }
}

/** Settings that forbid user namespaces, where a kernel has them. */
const SETTINGS = [
  ["/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"],
  ["/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=10000"],
  [
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "1",
    "kernel.apparmor_restrict_unprivileged_userns=0",
  ],
] as const;

async function refused(): Promise<Obstacle> {
  for (const [path, forbidden, setting] of SETTINGS) {
    if (await read(path) !== forbidden) continue;
    return {
      what: "this machine does not let users have user namespaces",
      advice: `let root run sysctl -w ${setting}`,
    };
  }
  return {
    what: "no user namespace can be had here",
    advice: "containers often forbid them: run it on the machine itself",
  };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch {
    return undefined;
  }
}
