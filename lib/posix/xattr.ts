/**
 * Extended attributes: ACLs, capabilities, SELinux labels and what users put there. Symbolic links
 * are never followed. A number in the place of a path is a descriptor, of any kind (O_PATH too).
 *
 * @module
 */
import { E } from "./errno.ts";
import { AT_FDCWD, check, errno, fail, libc } from "./libc.ts";
import { atPath } from "./long_path.ts";
import { cString, nameOf, passing } from "./names.ts";

const buffer = new Uint8Array(65536);

/** A path, or a descriptor. */
export type XattrTarget = string | number;

/** The names of a file's attributes, sorted; none where the file system has none. */
export function listXattr(path: XattrTarget): string[] {
  const length = Number(lengthOfList(path));
  if (length < 0) {
    if (errno() === E.OPNOTSUPP) return [];
    fail("list the attributes of", shown(path));
  }
  if (length === 0) return [];
  return nameOf(buffer.slice(0, length)).split("\0").slice(0, -1).sort();
}

function lengthOfList(path: XattrTarget): number | bigint {
  const size = BigInt(buffer.length);
  if (typeof path === "number") {
    const length = libc.flistxattr(path, buffer, size);
    // An O_PATH one: only a path leads to its file.
    if (length >= 0 || errno() !== E.BADF) return length;
  }
  return withPath(
    path,
    (p, followed) => followed ? libc.listxattr(p, buffer, size) : libc.llistxattr(p, buffer, size),
  );
}

/** The value of an attribute, or undefined where it is not set. */
export function getXattr(
  path: XattrTarget,
  name: string,
): Uint8Array<ArrayBuffer> | undefined {
  const length = Number(
    withPath(
      path,
      (p, followed) =>
        followed
          ? libc.getxattr(p, passing(name), buffer, BigInt(buffer.length))
          : libc.lgetxattr(p, passing(name), buffer, BigInt(buffer.length)),
    ),
  );
  if (length < 0) {
    if (errno() === E.NODATA || errno() === E.OPNOTSUPP) return undefined;
    fail(`read the attribute ${name} of`, shown(path));
  }
  return buffer.slice(0, length);
}

/** Set an attribute. */
export function setXattr(
  path: XattrTarget,
  name: string,
  value: Uint8Array<ArrayBuffer>,
): void {
  check(
    withPath(
      path,
      (p, followed) =>
        followed
          ? libc.setxattr(p, cString(name), value, BigInt(value.length), 0)
          : libc.lsetxattr(p, cString(name), value, BigInt(value.length), 0),
    ),
    `set the attribute ${name} of`,
    shown(path),
  );
}

/** Remove an attribute, if it is set. */
export function removeXattr(path: XattrTarget, name: string): void {
  const result = withPath(
    path,
    (p, followed) =>
      followed ? libc.removexattr(p, cString(name)) : libc.lremovexattr(p, cString(name)),
  );
  if (result < 0 && errno() !== E.NODATA) fail(`remove the attribute ${name} of`, shown(path));
}

/**
 * The calls have no form that begins at a directory, and none for O_PATH: these go through /proc,
 * where the path of a descriptor is followed to its inode and no further.
 */
function withPath<R>(
  path: XattrTarget,
  call: (path: Uint8Array<ArrayBuffer>, followed: boolean) => R,
): R {
  if (typeof path === "number") return call(passing(`/proc/thread-self/fd/${path}`), true);
  return atPath(path, AT_FDCWD, (dir, rest) => {
    if (dir === AT_FDCWD) return call(rest, false);
    return call(
      cString(`/proc/thread-self/fd/${dir}/${nameOf(rest.subarray(0, -1))}`),
      false,
    );
  });
}

function shown(path: XattrTarget): string {
  return typeof path === "number" ? `descriptor ${path}` : path;
}
