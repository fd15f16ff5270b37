/**
 * Lists of accounts: passwd(5) and group(5) agree on the first and the third field.
 *
 * @module
 */
import type { Tree } from "../door/mod.ts";
import { nameOf } from "../posix/mod.ts";
import type { Account } from "./nss.ts";

/** The lists of a tree. */
export type AccountFile = "/etc/passwd" | "/etc/group";

/** Bytes of a list: some 200,000 accounts. */
export const MOST_BYTES = 16 << 20;

/** The accounts of a tree; none where it has no such list, or one of more than 16 MiB. */
export function readAccounts(tree: Tree, file: AccountFile): Account[] {
  return parseAccounts(nameOf(tree.read(file, MOST_BYTES) ?? new Uint8Array()));
}

/** The accounts of a list, in its order; lines without a name or a number are left out. */
export function parseAccounts(text: string): Account[] {
  return text.split("\n").flatMap((line): Account[] => {
    const [name = "", , number = ""] = line.split(":", 3);
    const id = parseId(number);
    return name !== "" && id !== undefined ? [{ name, id }] : [];
  });
}

/** A number of a user or group; 4294967295 is (uid_t) -1, which chown(2) takes as "leave it". */
export function parseId(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 0xffffffff ? Number(text) : undefined;
}
