/**
 * Where commands are.
 *
 * @module
 */

/** The folders of commands, in the order in which they are searched. */
export const COMMAND_FOLDERS: readonly string[] = [
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/usr/local/sbin",
  "/usr/local/bin",
];
