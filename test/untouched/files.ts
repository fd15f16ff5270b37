/**
 * Everything that can be seen of files, down to their inodes and access times.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { getXattr, listXattr, lstat, readdir, readFile, type Stat } from "../../lib/posix/mod.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import type { Seen } from "./seen.ts";

/** DISCO's own: what it writes in a dry run, too. Of its run folder only the names are seen. */
const OWN = ["/var/disco", "/run/disco/lock"];
const OWN_FOLDER = "/run/disco";

/** File systems in memory that a host has besides its disks. */
const IN_MEMORY = ["tmpfs", "devpts", "mqueue"];

/**
 * The files on the disks of a host. Of a disk that is an overlay these are the files of its upper
 * directory; those below cannot be changed through it, nor do they get access times.
 */
export function seeDisks(host: ThrowawayHost): Seen {
  return new Map(host.disks.flatMap(({ at, view, layers }) => [
    ...seeTree(layers?.upper ?? view, at),
  ]));
}

/** The files below `/dev`, `/run`, `/tmp`, `/dev/shm` and whatever else is in memory. */
export function seeMemory(host: ThrowawayHost): Seen {
  const mounts = host.mounts().map((line) => line.split(" "));
  return new Map(mounts.flatMap((words) => {
    const [at, type] = [words[4]!, words[words.indexOf("-") + 1]!];
    if (!IN_MEMORY.includes(type)) return [];
    return [...seeTree(`/proc/${host.pid}/root${at}`, at, type === "mqueue")];
  }));
}

/** To read a queue of messages changes its times; whatever else happens to it does so, too. */
function seeTree(folder: string, at: string, isQueue = false): Seen {
  const seen = new Map<string, Record<string, string>>();
  const prefix = at === "/" ? "" : at;
  const visit = (below: string, mount: bigint) => {
    // With the slash, the magic link that `folder` may be is followed.
    const path = below === "" ? `${folder}/` : folder + below;
    const stat = lstat(path);
    const name = prefix + below || "/";
    // What is mounted there is a tree of its own.
    if (!stat || stat.mount !== mount || OWN.includes(name)) return;
    seen.set(
      name,
      name === OWN_FOLDER
        ? { type: stat.type }
        : { ...propertiesOf(path, stat), content: isQueue ? "" : hashOf(path, stat) },
    );
    if (stat.type !== "directory") return;
    for (const entry of readdir(path)) visit(`${below}/${entry.name}`, mount);
  };
  visit("", lstat(`${folder}/`)!.mount);
  return seen;
}

/** A link's target needs no look, which would be seen: it cannot change but with the inode. */
function propertiesOf(path: string, stat: Stat): Record<string, string> {
  return {
    type: stat.type,
    inode: `${stat.ino}`,
    mode: stat.mode.toString(8).padStart(4, "0"),
    owner: `${stat.uid}:${stat.gid}`,
    size: `${stat.size}`,
    links: `${stat.nlink}`,
    device: stat.rdev,
    mtime: `${stat.mtime}`,
    ctime: `${stat.ctime}`,
    atime: `${stat.atime}`,
    flags: `${stat.immutable ? "i" : ""}${stat.appendOnly ? "a" : ""}`,
    xattrs: listXattr(path).map((name) => `${name}=${getXattr(path, name)?.toHex()}`).join(" "),
  };
}

function hashOf(path: string, { type }: Stat): string {
  return type === "file" ? createHash("sha256").update(readFile(path)).digest("hex") : "";
}
