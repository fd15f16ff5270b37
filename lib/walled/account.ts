/**
 * The accounts of DISCO's helpers. They stand in no passwd file and own nothing: numbers that Debian
 * keeps free for good (Debian Policy 9.2.2, "65000-65533: Reserved"), one for each kind of helper, so
 * that these cannot touch one another either.
 *
 * @module
 */
import { machineView } from "../posix/mod.ts";

/** User and group id of what fetches, of what renders, and of what unpacks. */
export const ACCOUNTS = { fetch: 65430, render: 65431, unpack: 65432 } as const;

/** One of them. */
export type Account = typeof ACCOUNTS[keyof typeof ACCOUNTS];

/** Whether helpers get an account of their own: only root can give them one. */
export function isWalledByAccount(): boolean {
  return Deno.uid() === 0 && machineView().hasHelperAccounts;
}
