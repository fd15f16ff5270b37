/**
 * Accounts that a dance removes or renumbers while processes run as them. The tools refuse that when
 * they are called by name; who calls them by path, or edits the list, does not meet the refusal.
 *
 * @module
 */
import { readAccounts } from "../accounts/list.ts";
import type { Difference } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { busyProcess } from "../sandbox/mod.ts";
import { printable, warning } from "../terminal/mod.ts";
import { noteUntried } from "./not_simulated.ts";
import type { Mounted } from "./values.ts";

const LIST = "/etc/passwd";
/** Accounts that are looked for. */
const MOST_ACCOUNTS = 50;

/** Tell which accounts of the running system are taken from processes that use them. */
export function noteBusyAccounts(dance: Mounted, { changes }: Difference): void {
  const change = changes.find(({ path }) => path === LIST);
  if (!change || dance.context.root !== "/") return;
  const [before, after] = [dance.mounted.root, dance.mounted.mountpoint].map(accountsIn) as [
    Map<string, number>,
    Map<string, number>,
  ];
  const gone = [...before].filter(([name, uid]) => after.get(name) !== uid).slice(0, MOST_ACCOUNTS);
  for (const [name, uid] of gone) {
    const process = busyProcess(name, uid);
    if (process === undefined) continue;
    const what = `user ${printable(name)} is removed or gets another number, ` +
      `and is used by process ${process}: userdel and usermod refuse that on the live system`;
    const ball = change.balls.at(-1) ?? "";
    if (noteUntried(dance, "processes", what, { ball })) warning(what);
  }
}

function accountsIn(root: string): Map<string, number> {
  using tree = new Tree(root);
  return new Map(readAccounts(tree, LIST).map(({ name, id }) => [name, id]));
}
