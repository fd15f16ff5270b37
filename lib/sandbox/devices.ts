/**
 * The device nodes of the sandbox: the host's harmless ones, which can be used but not changed.
 * bubblewrap alone would mount the host's own nodes, whose mode, owner and times root could change.
 *
 * @module
 */
import { createFile, lstat, mount, MS } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";

const NODES = ["null", "zero", "full", "random", "urandom", "tty"];

/** Mount each node read-only, which does not keep a device from being written to (mount(2)). */
export function layDevices(union: Union): void {
  const folder = union.folder("devices");
  for (const name of NODES.filter((node) => lstat(`/dev/${node}`))) {
    createFile(`${folder}/${name}`, new Uint8Array());
    mount(`/dev/${name}`, `${folder}/${name}`, "", MS.BIND);
    const flags = MS.RDONLY | MS.NOSUID | MS.NOEXEC;
    mount("none", `${folder}/${name}`, "", MS.BIND | MS.REMOUNT | flags);
  }
}

/** Arguments of bubblewrap for /dev. */
export function mountDevices(union: Union): string[] {
  const folder = union.folder("devices");
  const there = NODES.filter((name) => lstat(`${folder}/${name}`));
  return [
    ...["--dev", "/dev"],
    ...there.flatMap((name) => ["--dev-bind", `${folder}/${name}`, `/dev/${name}`]),
  ];
}
