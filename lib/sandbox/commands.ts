/**
 * Where commands are, and what a bash template may call.
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

/** Commands that read, compute and print. What they write all the same is thrown away. */
export const TEMPLATE_COMMANDS: readonly string[] = [
  "arch basename base64 cat cksum cmp comm cut date diff dirname echo expand expr factor",
  "false fold getconf getent grep egrep fgrep groups head hostname id join ls md5sum nl nproc od",
  "paste printenv printf pwd readlink realpath rev sed seq sha1sum sha256sum sha512sum sort stat",
  "sum tac tail test tr true tsort uname uniq wc awk gawk mawk which jq",
].join(" ").split(" ");
