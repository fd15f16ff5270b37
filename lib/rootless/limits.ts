/**
 * What a dry run without root cannot tell, whatever the machine.
 *
 * @module
 */

/** One line each, for the report. */
export const LIMITS: readonly string[] = [
  "owners, groups, ACLs, capabilities and labels: chown and setuid do nothing, and succeed",
  "directories more than four levels deep: they can be written in /etc, and where balls deliver to",
  "files of others outside of /etc: they can be replaced and removed, but not changed in place",
  "renaming directories: rename(2) fails (mv copies instead), and each folder of / is a file " +
  "system of its own",
];
