/**
 * Owners, as far as they can be told: without root everything seems to be its own or nobody's.
 *
 * @module
 */
import { machineView, type Stat } from "../posix/mod.ts";
import type { Accounts } from "./accounts.ts";
import type { Entry } from "../result/change.ts";

/** Whether two inodes have the same owner and group; yes where that cannot be told. */
export function sameOwner(a: Stat, b: Stat): boolean {
  return !machineView().hasOwners || (a.uid === b.uid && a.gid === b.gid);
}

/** Owner and group, as numbers and names. */
export function ownerOf(
  { uid, gid }: Stat,
  accounts: Accounts,
): Pick<Entry, "uid" | "gid" | "owner" | "group"> {
  if (!machineView().hasOwners) return { uid: -1, gid: -1, owner: null, group: null };
  return { uid, gid, owner: accounts.user(uid), group: accounts.group(gid) };
}
