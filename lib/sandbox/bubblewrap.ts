/**
 * The command line of the sandbox: bubblewrap with the union as its root.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { lstat } from "../posix/mod.ts";
import { SHIM_FOLDER } from "../effects/mod.ts";
import type { Union } from "../union/mod.ts";
import type { Chroot } from "./chroot.ts";
import { realPath } from "./real_path.ts";

/** What a script may do (capabilities(7)), and no more: it can own and change files. */
const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETUID",
  "SETGID",
  "SETPCAP",
  "SETFCAP",
  "SYS_CHROOT",
  "NET_BIND_SERVICE",
  "AUDIT_WRITE",
];

const TIME = "/usr/bin/time";

/** What one sandbox is for. */
export interface SandboxOptions {
  readonly union: Union;
  readonly chroot: Chroot;
  readonly context: Context;
  /** The ball's folder, visible as `/run/disco/ball`; null for a shell. */
  readonly ballDir: string | null;
  readonly network: boolean;
  /** The dance, whose control group it joins. */
  readonly dance: string;
  /** Keep the terminal, for a person. */
  readonly interactive?: boolean;
}

/**
 * The arguments up to and with `--`; the command follows.
 *
 * @param filter A descriptor of the seccomp filter, which the sandbox inherits and closes.
 */
export function sandboxArgv(options: SandboxOptions, filter: number): string[] {
  const { union, context, chroot } = options;
  const volatile = union.folder("volatile");
  return [
    "bwrap",
    ...["--bind", union.mountpoint, "/"],
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(options.network ? [] : ["--unshare-net"]),
    ...["--die-with-parent", "--seccomp", String(filter)],
    ...(options.interactive ? [] : ["--new-session"]),
    ...["--cap-drop", "ALL", ...CAPABILITIES.flatMap((cap) => ["--cap-add", `CAP_${cap}`])],
    ...["--proc", "/proc", ...guardProc(), "--ro-bind", "/sys", "/sys", "--dev", "/dev"],
    ...["--bind", `${volatile}/shm`, "/dev/shm"],
    ...["--bind", `${volatile}/tmp`, "/tmp"],
    ...["--bind", `${volatile}/run`, "/run"],
    ...["--ro-bind", union.folder("bin"), `${SHIM_FOLDER}/bin`],
    ...["--ro-bind", union.folder("restricted"), `${SHIM_FOLDER}/restricted`],
    ...(options.ballDir === null ? [] : ["--ro-bind", options.ballDir, `${SHIM_FOLDER}/ball`]),
    ...["--ro-bind", TIME, `${SHIM_FOLDER}/time`],
    ...bindReal(union, chroot, `${volatile}/run/disco/real`),
    ...(options.network ? bindResolver(context.root, `${volatile}/run`) : []),
    ...hide(union, context),
    ...["--chdir", "/", "--"],
  ];
}

/**
 * Parts of /proc through which root could change the host: the files there ask for its user id only,
 * not for a capability. (bubblewrap covers some by itself, but not /proc/sys.)
 */
const PROC_READ_ONLY = [
  "acpi",
  "asound",
  "bus",
  "fs",
  "irq",
  "mtrr",
  "scsi",
  "sys",
  "sysrq-trigger",
];
/** Parts that tell of the host what nobody in the sandbox needs. */
const PROC_MASKED = [
  "kcore",
  "keys",
  "key-users",
  "kmsg",
  "latency_stats",
  "sched_debug",
  "timer_list",
];

function guardProc(): string[] {
  const isThere = (name: string) => lstat(`/proc/${name}`) !== undefined;
  return [
    ...PROC_READ_ONLY.filter(isThere).flatMap((n) => ["--ro-bind", `/proc/${n}`, `/proc/${n}`]),
    ...PROC_MASKED.filter(isThere).flatMap((n) => ["--ro-bind", "/dev/null", `/proc/${n}`]),
  ];
}

/** The commands behind the shims. */
function bindReal(union: Union, chroot: Chroot, folder: string): string[] {
  const prefix = union.root === "/" ? "" : union.root;
  return chroot.real.flatMap(({ command, path }) => {
    ensureFile(`${folder}/${command}`);
    return ["--ro-bind", prefix + path, `${SHIM_FOLDER}/real/${command}`];
  });
}

/** Name resolution as on the host: `/etc/resolv.conf` often points to a file below `/run`. */
function bindResolver(root: string, run: string): string[] {
  const prefix = root === "/" ? "" : root;
  if (lstat(`${prefix}/etc/resolv.conf`)?.type !== "symlink") return [];
  const target = realPath(root, "/etc/resolv.conf");
  if (!target?.startsWith("/run/")) return [];
  const at = run + target.slice("/run".length);
  Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
  ensureFile(at);
  return ["--ro-bind", prefix + target, target];
}

/** DISCO's own state is not part of the union: only the parameters are there, read-only. */
function hide(union: Union, context: Context): string[] {
  const hidden = union.folder("hidden");
  const { roots } = context;
  const inside = (path: string) => {
    if (union.root === "/") return path;
    return path.startsWith(`${union.root}/`) ? path.slice(union.root.length) : undefined;
  };
  const own = [roots.etc, roots.var].map(inside)
    .filter((path) => path !== undefined && path !== "/etc/disco" && path !== "/var/disco")
    .filter((path) => lstat(union.mountpoint + path)?.type === "directory")
    .filter((path) => !["/tmp/", "/run/"].some((place) => path!.startsWith(place)));
  const staging = union.places.filter((place) => place.kind === "union")
    .map((place) => `${place.path === "/" ? "" : place.path}/.disco`)
    .filter((path) => lstat(union.mountpoint + path)?.type === "directory");
  return [
    ...["/etc/disco", "/var/disco", ...own, ...staging].flatMap((
      path,
    ) => ["--ro-bind", hidden, path!]),
    ...bindParameters(context),
  ];
}

/**
 * The node's tree is there under its name and under the machine's, because scripts ask for
 * `$(hostname)/...`.
 */
function bindParameters({ roots, node }: Context): string[] {
  const trees = { disco: "disco", [Deno.hostname()]: node, [node]: node };
  return Object.entries(trees).filter(([, tree]) => lstat(`${roots.parameters}/${tree}`))
    .flatMap(([name, tree]) => [
      ...["--ro-bind", `${roots.parameters}/${tree}`, `/var/disco/parameters/${name}`],
    ]);
}

function ensureFile(path: string): void {
  if (!lstat(path)) Deno.writeFileSync(path, new Uint8Array());
}

/** Whether the tools of the sandbox are installed; the name of a missing package otherwise. */
export function missingPackage(): string | undefined {
  const needed = [["bwrap", "bubblewrap"], [TIME, "time"]] as const;
  return needed.find(([program]) => !isInstalled(program))?.[1];
}

function isInstalled(program: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const candidates = program.startsWith("/") ? [program] : folders.map((f) => `${f}/${program}`);
  return candidates.some((path) => lstat(path) !== undefined);
}
