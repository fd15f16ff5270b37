/**
 * Accounts that a merge takes away, although something still belongs to them.
 *
 * @module
 */
import { readAccounts } from "../accounts/list.ts";
import type { Change } from "../result/mod.ts";
import type { Tree } from "../door/mod.ts";

/** An account that is gone afterwards. */
export interface LostAccount {
  readonly name: string;
  readonly id: number;
  /** A path of this merge that belongs to it afterwards. */
  readonly owns: string | undefined;
}

const PASSWD = "/etc/passwd";

/** Accounts of /etc/passwd that are not in it afterwards, by name and by number. */
export function lostAccounts(changes: readonly Change[], live: Tree, now: Tree): LostAccount[] {
  if (!changes.some(({ path }) => path === PASSWD || path === "/etc")) return [];
  const after = readAccounts(now, PASSWD);
  const left = new Set(after.map(({ id }) => id));
  const gone = readAccounts(live, PASSWD).filter(({ id }) => !left.has(id));
  if (gone.length === 0) return [];
  const owned = new Map<number, string>();
  for (const { path, after } of changes) {
    if (after && !owned.has(after.uid)) owned.set(after.uid, path);
  }
  return gone.map(({ name, id }) => ({ name, id, owns: owned.get(id) }));
}
