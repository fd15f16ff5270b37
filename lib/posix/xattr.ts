/**
 * Extended attributes: ACLs, capabilities, SELinux labels and what users put there. Symbolic links
 * are never followed.
 *
 * @module
 */
import { check, errno, fail, libc } from "./libc.ts";
import { cString, nameOf } from "./names.ts";

const ENODATA = 61;
const EOPNOTSUPP = 95;
const buffer = new Uint8Array(65536);

/** The names of a file's attributes, sorted; none where the file system has none. */
export function listXattr(path: string): string[] {
  const length = Number(libc.llistxattr(cString(path), buffer, BigInt(buffer.length)));
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
    libc.lgetxattr(cString(path), cString(name), buffer, BigInt(buffer.length)),
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
    libc.lsetxattr(cString(path), cString(name), value, BigInt(value.length), 0),
    `set the attribute ${name} of`,
    path,
  );
}

/** Remove an attribute, if it is set. */
export function removeXattr(path: string, name: string): void {
  if (libc.lremovexattr(cString(path), cString(name)) < 0 && errno() !== ENODATA) {
    fail(`remove the attribute ${name} of`, path);
  }
}
