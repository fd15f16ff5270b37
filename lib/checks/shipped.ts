/**
 * The checks that ship with DISCO: the files of `checks.d/` beside this one.
 *
 * @module
 */
import start from "./checks.d/10-start.conf" with { type: "text" };
import accounts from "./checks.d/20-accounts.conf" with { type: "text" };
import services from "./checks.d/30-services.conf" with { type: "text" };
import system from "./checks.d/40-system.conf" with { type: "text" };
import syntax from "./checks.d/50-syntax.conf" with { type: "text" };

/** The files by their names, in the order in which they count. */
export const SHIPPED_CHECKS: Readonly<Record<string, string>> = {
  "10-start.conf": start,
  "20-accounts.conf": accounts,
  "30-services.conf": services,
  "40-system.conf": system,
  "50-syntax.conf": syntax,
};
