/**
 * What a helper gets of the machine, and the arguments of bubblewrap that say so.
 *
 * @module
 */
import { findProgram } from "../process/find_program.ts";
import { lstat, readlink } from "../posix/mod.ts";
import { type Account, isWalledByAccount } from "./account.ts";

/** A file or folder of the machine, as a helper sees it. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  /** Read-only, unless this is given. */
  readonly writable?: true;
}

/** What one helper gets. */
export interface Walls {
  /** Its account, where root can choose one; otherwise the user who runs DISCO. */
  readonly account: Account;
  readonly mounts: readonly Mount[];
  /** What it may run of the machine's: all programs, or only what its `mounts` bring. */
  readonly system: "programs" | "libraries";
  /** The machine's network; without it there is an empty loopback. */
  readonly network: boolean;
  /** It may read files that only their owner may (`CAP_DAC_READ_SEARCH`), as far as it sees them. */
  readonly readsAll: boolean;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Bytes: of the largest file that it may write, and of its memory (`RLIMIT_DATA`). */
  readonly limits: { readonly file?: number; readonly data?: number };
}

/** For `open_by_handle_at(2)`, which would reach beyond the mounts, see `filter.ts`. */
const READ_ALL = "dac_read_search";
const SHELL = "/bin/sh";
/** What process 1 needs to become the account. */
const TO_BECOME = ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"];

/** The arguments of bubblewrap but for the descriptors, up to and with `--`. */
export function wallsArgv(walls: Walls): string[] {
  const keeps = walls.readsAll ? [`CAP_${READ_ALL.toUpperCase()}`] : [];
  const capabilities = isWalledByAccount() ? [...TO_BECOME, ...keeps] : [];
  return [
    ...["--unshare-pid", "--as-pid-1", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(walls.network ? [] : ["--unshare-net"]),
    ...["--new-session", "--die-with-parent", "--hostname", "disco"],
    ...["--cap-drop", "ALL", ...capabilities.flatMap((cap) => ["--cap-add", cap])],
    ...["--proc", "/proc"],
    ...folders("/dev/null"),
    ...["/dev/null", "/dev/urandom"].flatMap((path) => ["--dev-bind", path, path]),
    ...(walls.system === "programs" ? programs() : librariesOnly()),
    ...(walls.network ? networkFiles() : []),
    ...folders(...walls.mounts.map(({ to }) => to)),
    ...walls.mounts.flatMap(({ from, to, writable }) => [
      writable ? "--bind" : "--ro-bind",
      from,
      to,
    ]),
    ...["--chdir", "/", "--"],
  ];
}

/**
 * Process 1 of the helper's namespace: it stays root's, so that the helper cannot touch it, and its
 * end, which is the helper's, is the end of everything that the helper has started
 * (pid_namespaces(7)). The kernel is to end the helper, and not DISCO, when memory is short.
 */
export function initArgv({ account, readsAll, limits }: Walls): string[] {
  const { file, data } = limits;
  const script = [
    // What it says itself, of signals too, is of no use.
    "exec 3>&2 2>/dev/null",
    "echo 900 >/proc/self/oom_score_adj",
    "ulimit -c 0",
    // POSIX counts files in 512 bytes, and dash memory in KiB.
    ...(file === undefined ? [] : [`ulimit -f ${Math.ceil(file / 512)}`]),
    ...(data === undefined ? [] : [`ulimit -d ${Math.ceil(data / 1024)}`]),
    '(exec "$@" 2>&3 3>&-)',
    "exit $?",
  ];
  return [SHELL, "-c", script.join("; "), "sh", ...become(account, readsAll)];
}

function become(account: number, readsAll: boolean): string[] {
  if (!isWalledByAccount()) return [];
  const kept = readsAll ? `-all,+${READ_ALL}` : "-all";
  return [
    ...[setpriv(), `--reuid=${account}`, `--regid=${account}`, "--clear-groups", "--no-new-privs"],
    ...[`--inh-caps=${kept}`, `--ambient-caps=${kept}`, `--bounding-set=${kept}`, "--"],
  ];
}

/** The machine's programs, and places that they may expect. */
function programs(): string[] {
  const more = ["/opt", "/nix/store", "/gnu/store", "/etc/alternatives", "/etc/ld.so.cache"];
  return [
    ...["--ro-bind", "/usr", "/usr"],
    ...["/bin", "/sbin", ...LIBRARIES].flatMap(asHere),
    ...folders(...more),
    ...more.flatMap(tryMount),
    ...["--symlink", "/proc/self/fd", "/dev/fd"],
    ...["--perms", "1777", "--tmpfs", "/tmp"],
  ];
}

const LIBRARIES = ["/lib", "/lib32", "/lib64", "/libx32"];

/** Libraries, and the two programs that build the walls. */
function librariesOnly(): string[] {
  return [
    ...folders("/usr/lib", SHELL, ...(isWalledByAccount() ? [setpriv()] : [])),
    ...["/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"].flatMap(asHere),
    ...LIBRARIES.flatMap(asHere),
    ...tryMount("/etc/ld.so.cache"),
    ...["--ro-bind", SHELL, SHELL],
    ...(isWalledByAccount() ? ["--ro-bind", setpriv(), setpriv()] : []),
  ];
}

/** A folder of the machine as it lies there, a link as a link. */
function asHere(path: string): string[] {
  const type = lstat(path)?.type;
  if (type === "symlink") return ["--symlink", readlink(path), path];
  return type === "directory" ? ["--ro-bind", path, path] : [];
}

function setpriv(): string {
  return findProgram("setpriv") ?? "/usr/bin/setpriv";
}

/** What resolving names takes, and certificates, for an rsync over TLS. */
function networkFiles(): string[] {
  const names = ["hosts", "resolv.conf", "nsswitch.conf", "services", "host.conf", "gai.conf"];
  return [
    ...folders("/etc/ssl/certs"),
    ...[...names, "ssl/certs", "ssl/openssl.cnf"].flatMap((name) => tryMount(`/etc/${name}`)),
  ];
}

/** The folders that hold these: those that bubblewrap makes by itself are for root alone. */
function folders(...paths: readonly string[]): string[] {
  const parents = paths.flatMap((path) => {
    const parts = path.split("/").slice(1, -1);
    return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
  });
  return [...new Set(parents)].flatMap((path) => ["--dir", path]);
}

/** bubblewrap follows a link at the source, as `/etc/resolv.conf` often is one. */
function tryMount(path: string): string[] {
  return ["--ro-bind-try", path, path];
}
