/**
 * The folder /dev of the sandbox, with nodes for the harmless devices. They are its own or cannot be
 * changed: bubblewrap alone would mount the host's, whose mode, owner and times root could change.
 *
 * @module
 */
import { createFile, lstat, mkdir, mknod, mount, MS, symlink, SyscallError } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

/** Numbers of Documentation/admin-guide/devices.txt. */
const NODES = { null: "1:3", zero: "1:5", full: "1:7", random: "1:8", urandom: "1:9", tty: "5:0" };
const LINKS = {
  core: "/proc/kcore",
  fd: "/proc/self/fd",
  ptmx: "pts/ptmx",
  stderr: "/proc/self/fd/2",
  stdin: "/proc/self/fd/0",
  stdout: "/proc/self/fd/1",
};

/** Make the folder once for all sandboxes of a union: it is mounted, read-only, as a whole. */
export function layDevices(union: Union): void {
  const folder = union.folder("devices");
  const flags = MS.NOSUID | MS.NOEXEC;
  mount("disco-dev", folder, "tmpfs", flags, "mode=0755,size=64k");
  for (const name of ["pts", "shm", "mqueue"]) mkdir(`${folder}/${name}`);
  for (const [name, target] of Object.entries(LINKS)) symlink(target, `${folder}/${name}`);
  for (const [name, numbers] of Object.entries(NODES)) layNode(name, numbers, folder);
  mount("devpts", `${folder}/pts`, "devpts", flags, "newinstance,ptmxmode=0666,mode=0620");
  mount("none", folder, "", MS.BIND | MS.REMOUNT | MS.RDONLY | flags);
}

/** Without the right to make nodes, the host's are bound read-only: they can be used (mount(2)). */
function layNode(name: string, numbers: string, folder: string): void {
  const at = `${folder}/${name}`;
  try {
    mknod(at, "char", 0o666, numbers);
  } catch (error) {
    if (!(error instanceof SyscallError && error.code === "EPERM")) throw error;
    if (!lstat(`/dev/${name}`)) return;
    createFile(at, new Uint8Array());
    mount(`/dev/${name}`, at, "", MS.BIND);
    const flags = MS.RDONLY | MS.NOSUID | MS.NOEXEC;
    mount("none", at, "", MS.BIND | MS.REMOUNT | flags);
  }
}

/** Arguments of bubblewrap: Landlock lets programs open queues because this mount shows whose they are. */
export const QUEUES: readonly string[] = ["--mqueue", "/dev/mqueue"];

/** Arguments of bubblewrap for a /dev in which a person's terminal is `console`. */
export function devicesOfPerson(union: Union): string[] {
  const folder = union.folder("devices");
  const there = Object.keys(NODES).filter((name) => lstat(`${folder}/${name}`));
  return [
    ...["--dev", "/dev", ...QUEUES],
    ...there.flatMap((name) => ["--dev-bind", `${folder}/${name}`, `/dev/${name}`]),
  ];
}
