/**
 * Makes the union a root in which commands can run.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { Tree } from "../door/mod.ts";
import { SHIM_FOLDER, standInFor } from "../effects/mod.ts";
import { SERVICE_MANAGERS } from "../init/mod.ts";
import { lstat, mkdir } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import { COMMAND_FOLDERS } from "./commands.ts";
import { cover } from "./cover.ts";
import { layDevices } from "./devices.ts";
import { realPath } from "./real_path.ts";
import { layReal, layService } from "./service.ts";
import { freshVolatile } from "./volatile.ts";
import { layProc, laySys } from "./walls.ts";

/** What {@linkcode prepareChroot} made, for the command lines of the sandbox. */
export interface Chroot {
  /** Commands with a stand-in at their own path, with the real file on the live root. */
  readonly real: readonly { command: string; path: string }[];
  /** Folders of DISCO's own on the live root, which scripts must not see. */
  readonly hidden: readonly string[];
  /** Where the stand-ins lie. */
  readonly standIns: readonly { command: string; path: string }[];
}

/** Where the sandbox mounts something of its own. */
export const MOUNT_POINTS = [
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

/**
 * Fill the base layer and the sandbox's own folders; to be called while no ball is in the union.
 *
 * @param hidden Folders of the live root that scripts must not see.
 */
export function prepareChroot(
  context: Context,
  union: Union,
  hidden: readonly string[] = [],
): Chroot {
  for (const path of MOUNT_POINTS) union.base.directory(path);
  layService(union);
  layDevices(union);
  laySys(union);
  layProc(union.folder("proc"));
  const standIns = layStandIns(union);
  layReal(union, standIns.real);
  layParameters(context, union);
  freshVolatile(union);
  union.remount();
  return { ...standIns, hidden };
}

/**
 * What is seen of DISCO's own state: the parameters. The node's tree is there under its name and
 * under the machine's, because scripts ask for `$(hostname)/...`.
 */
function layParameters({ roots, node }: Context, union: Union): void {
  const folder = `${union.folder("state")}/parameters`;
  mkdir(folder);
  const trees = { disco: "disco", [Deno.hostname()]: node, [node]: node };
  for (const [name, tree] of Object.entries(trees)) {
    mkdir(`${folder}/${name}`);
    const own = `${roots.parameters}/${tree}`;
    if (lstat(own)) cover(union, own, `${folder}/${name}`);
  }
}

/** Put a link in the place of each manager of services, wherever it is on the live root. */
function layStandIns(union: Union): Omit<Chroot, "hidden"> {
  const standIns: { command: string; path: string }[] = [];
  const real = new Map<string, string>();
  using live = new Tree(union.root);
  const parents = new Set(COMMAND_FOLDERS.map((folder) => realPath(live, folder)));
  for (const command of SERVICE_MANAGERS) {
    for (const parent of parents) {
      const path = `${parent}/${command}`;
      if (parent === undefined || !live.stat(path)) continue;
      union.base.link(path, standInFor(command));
      standIns.push({ command, path });
      const target = realPath(live, path);
      if (target && !real.has(command)) real.set(command, target);
    }
  }
  const policyRc = layPolicyRc(union, live);
  if (policyRc) real.set("policy-rc.d", policyRc);
  return { standIns, real: [...real].map(([command, path]) => ({ command, path })) };
}

/** Maintainer scripts call it by its path; the node's own is asked, too. */
function layPolicyRc(union: Union, live: Tree): string | undefined {
  const parent = realPath(live, "/usr/sbin");
  if (parent === undefined) return undefined;
  union.base.link(`${parent}/policy-rc.d`, `${SHIM_FOLDER}/bin/policy-rc.d`);
  return realPath(live, `${parent}/policy-rc.d`);
}
