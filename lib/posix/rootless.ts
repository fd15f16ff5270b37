/**
 * Whether this process is root in a user namespace of DISCO's own only (user_namespaces(7)). It is
 * then an ordinary user to everything that the namespace does not own: files of others belong to
 * nobody, in their owner's stead it sees the kernel's overflow id, and no capability counts for them.
 *
 * @module
 */

/** The variable in which the user's own ids are handed into the namespace, as `uid:gid`. */
export const ROOTLESS = "DISCO_ROOTLESS";

/** An account by its numbers. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

let known: { user: User | undefined } | undefined;

/** The user who became root in a namespace of DISCO's own; undefined for root itself. */
export function outerUser(): User | undefined {
  known ??= { user: findUser() };
  return known.user;
}

/** Whether this process is root in a user namespace of DISCO's own only. */
export function isRootless(): boolean {
  return outerUser() !== undefined;
}

/** The variable alone proves nothing: whoever has all ids is root. */
function findUser(): User | undefined {
  const ids = /^(\d+):(\d+)$/.exec(Deno.env.get(ROOTLESS) ?? "");
  if (!ids || Deno.uid() !== 0) return undefined;
  const map = Deno.readTextFileSync("/proc/self/uid_map").trim().split(/\s+/);
  return map.join(" ") === `0 ${ids[1]} 1`
    ? { uid: Number(ids[1]), gid: Number(ids[2]) }
    : undefined;
}
