/**
 * Lists of accounts: passwd(5) and group(5) agree on the first and the third field.
 *
 * @module
 */
import type { Account } from "./nss.ts";

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
