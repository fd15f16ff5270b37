/**
 * What a dry run without root cannot tell, whatever the machine.
 *
 * @module
 */

/** One line each, for the report. */
export const LIMITS: readonly string[] = [
  "owners, groups, ACLs, capabilities and labels are not told: chown and the like do nothing",
  "directories more than four levels deep can be written in /etc and where balls deliver to only",
  "files of others outside of /etc can be replaced or removed, but not changed in place",
  "a directory that was there cannot be renamed",
];
