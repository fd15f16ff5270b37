/**
 * Extended attributes: ACLs, capabilities, SELinux labels and what users put there. Symbolic links
 * are never followed.
 *
 * @module
 */
import { AT_FDCWD, check, errno, fail, libc } from "./libc.ts";
import { atPath } from "./long_path.ts";
import { cString, nameOf } from "./names.ts";

const ENODATA = 61;
const EOPNOTSUPP = 95;
const buffer = new Uint8Array(65536);

/** The names of a file's attributes, sorted; none where the file system has none. */
export function listXattr(path: string): string[] {
  const length = Number(withPath(path, (p) => libc.llistxattr(p, buffer, BigInt(buffer.length))));
  if (length < 0) {
    if (errno() === EOPNOTSUPP) return [];
    fail("list the attributes of", path);
  }
  if (length === 0) return [];
  return nameOf(buffer.slice(0, length)).split("\0").slice(0, -1).sort();
}

/** The value of an attribute, or undefined where it is not set. */
export function getXattr(path: string, name: string): Uint8Array<ArrayBuffer> | undefined {
  const length = Number(
    withPath(path, (p) => libc.lgetxattr(p, cString(name), buffer, BigInt(buffer.length))),
  );
  if (length < 0) {
    if (errno() === ENODATA || errno() === EOPNOTSUPP) return undefined;
    fail(`read the attribute ${name} of`, path);
  }
  return buffer.slice(0, length);
}

/** Set an attribute. */
export function setXattr(path: string, name: string, value: Uint8Array<ArrayBuffer>): void {
  check(
    withPath(path, (p) => libc.lsetxattr(p, cString(name), value, BigInt(value.length), 0)),
    `set the attribute ${name} of`,
    path,
  );
}

/** Remove an attribute, if it is set. */
export function removeXattr(path: string, name: string): void {
  if (withPath(path, (p) => libc.lremovexattr(p, cString(name))) < 0 && errno() !== ENODATA) {
    fail(`remove the attribute ${name} of`, path);
  }
}

/** The calls have no form that begins at a directory: a long path goes through /proc. */
function withPath<R>(path: string, call: (path: Uint8Array<ArrayBuffer>) => R): R {
  return atPath(path, AT_FDCWD, (dir, rest) => {
    if (dir === AT_FDCWD) return call(rest);
    return call(cString(`/proc/thread-self/fd/${dir}/${nameOf(rest.subarray(0, -1))}`));
  });
}
