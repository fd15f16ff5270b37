/**
 * The mounts of a process, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
 *
 * @module
 */
import { readFile } from "./file.ts";
import { nameOf } from "./names.ts";

/** One mount. */
export interface MountInfo {
  readonly id: number;
  readonly parent: number;
  /** `major:minor`. */
  readonly dev: string;
  /** The folder of the file system that is mounted; not `/` for bind mounts and subvolumes. */
  readonly rootInside: string;
  /** Where it is mounted. */
  readonly path: string;
  /** Options of the mount: `ro`, `nosuid`, ... */
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Options of the file system. */
  readonly superOptions: readonly string[];
}

/** The mounts that can be seen: one that is covered by a later one at the same place is left out. */
export function readMounts(): MountInfo[] {
  return visible(parseMountinfo(nameOf(readFile("/proc/thread-self/mountinfo"))));
}

/** Parse the text of a mountinfo file, in its order: parents before their children. */
export function parseMountinfo(text: string): MountInfo[] {
  return text.split("\n").filter((line) => line !== "").map(parseLine);
}

/** Undo the octal escapes of space, tab, newline and backslash. */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}

function parseLine(line: string): MountInfo {
  const fields = line.split(" ");
  // Optional fields stand between the sixth and a hyphen.
  const hyphen = fields.indexOf("-", 6);
  const at = (i: number) => fields[i] ?? "";
  return {
    id: Number(at(0)),
    parent: Number(at(1)),
    dev: at(2),
    rootInside: unescapeOctal(at(3)),
    path: unescapeOctal(at(4)),
    options: at(5).split(","),
    type: at(hyphen + 1),
    source: unescapeOctal(at(hyphen + 2)),
    superOptions: at(hyphen + 3).split(","),
  };
}

/** Drops every mount below which, or at the place of which, another one was mounted later. */
function visible(mounts: readonly MountInfo[]): MountInfo[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const isAncestor = (a: MountInfo, b: MountInfo): boolean => {
    const parent = byId.get(b.parent);
    return parent !== undefined && parent !== b && (parent === a || isAncestor(a, parent));
  };
  const covers = (later: MountInfo, mount: MountInfo) =>
    later.path === mount.path ||
    (mount.path.startsWith(later.path === "/" ? "/" : `${later.path}/`) &&
      !isAncestor(later, mount));
  return mounts.filter((mount, i) => !mounts.slice(i + 1).some((later) => covers(later, mount)));
}
