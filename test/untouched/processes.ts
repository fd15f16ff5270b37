/**
 * Everything that can be seen of a host's processes and control groups.
 *
 * @module
 */
import { readdir, readFile, readlink, SyscallError } from "../../lib/posix/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import type { Seen } from "./seen.ts";

/** The processes of a host, by its own numbers. */
export function seeProcesses(host: ThrowawayHost): Seen {
  const proc = `/proc/${host.pid}/root/proc`;
  const pids = readdir(proc).map(({ name }) => name).filter((name) => /^[0-9]+$/.test(name));
  return new Map(pids.flatMap((pid) => {
    const properties = readProcess(`${proc}/${pid}`);
    return properties ? [[pid, properties]] : [];
  }));
}

/** What of `/proc/PID/stat` stays as it is while a process waits: the fields' numbers in proc(5). */
const FIELDS = {
  parent: 4,
  group: 5,
  session: 6,
  nice: 19,
  threads: 20,
  started: 22,
  realtime: 40,
  policy: 41,
} as const;

function readProcess(folder: string): Record<string, string> | undefined {
  try {
    const [argv, stat, oom, limits, status, cgroup] = [
      "cmdline",
      "stat",
      "oom_score_adj",
      "limits",
      "status",
      "cgroup",
    ].map((name) => text(`${folder}/${name}`));
    // The second field is a name in parentheses, which can hold anything.
    const fields = ["", "", ...stat!.slice(stat!.lastIndexOf(")") + 2).split(" ")];
    return {
      argv: argv!.replaceAll("\0", " "),
      ...Object.fromEntries(Object.entries(FIELDS).map(([name, n]) => [name, fields[n - 1]!])),
      stopped: `${fields[2] === "T"}`,
      oom: oom!,
      limits: limits!,
      status: status!.split("\n").filter((l) =>
        /^(Name|Uid|Gid|Groups|Cpus_allowed|Cap|Sig)/.test(l)
      )
        .filter((line) => !/^SigQ/.test(line)).join("; "),
      cgroup: cgroup!,
      root: readlink(`${folder}/root`),
      folder: readlink(`${folder}/cwd`),
    };
  } catch (error) {
    if (hasEnded(error)) return undefined;
    throw error;
  }
}

/** What a control group is set to (Documentation/admin-guide/cgroup-v2.rst), and who is in it. */
const SETTINGS =
  /^cgroup\.(procs|type|freeze|subtree_control|max\..*)$|\.(max|min|low|high|weight)$/;

/** The control groups of a host, of which its own is "/"; none where it has none. */
export function seeCgroups(host: ThrowawayHost): Seen {
  const seen = new Map<string, Record<string, string>>();
  const isThere = host.mounts().some((line) => line.split(" ")[4] === "/sys/fs/cgroup");
  const top = `/proc/${host.pid}/root/sys/fs/cgroup`;
  const visit = (below: string) => {
    const entries = readdir(top + below);
    const files = entries.map(({ name }) => name).filter((name) => SETTINGS.test(name)).sort();
    const read = (name: string) => [name, settingOf(`${top}${below}/${name}`)];
    seen.set(below || "/", Object.fromEntries(files.map(read)));
    for (const { name, type } of entries) if (type === "directory") visit(`${below}/${name}`);
  };
  if (isThere) visit("");
  return seen;
}

/** A group that is a thread of a domain does not say which processes it holds. */
function settingOf(path: string): string {
  try {
    return text(path);
  } catch (error) {
    if (error instanceof SyscallError && error.code === "EOPNOTSUPP") return "unreadable";
    throw error;
  }
}

function text(path: string): string {
  return new TextDecoder().decode(readFile(path)).trim();
}

/** ENOENT, ESRCH. */
function hasEnded(error: unknown): boolean {
  return error instanceof SyscallError && [2, 3].includes(error.errno);
}
