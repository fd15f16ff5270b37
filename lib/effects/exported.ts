/**
 * Which variables a script has exported on purpose.
 *
 * @module
 */

/** Variables that shells set by themselves, and such as only mean something in the sandbox. */
const NEVER = [
  ...["_", "PWD", "OLDPWD", "SHLVL", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"],
  ...["TERM", "PS1", "HISTFILE", "LINES", "COLUMNS"],
];
/** How the names of variables begin that DISCO, dpkg, debconf, sudo or bash set, and no script. */
const OF_OTHERS = ["DISCO_", "DPKG_", "DEBCONF_", "DEBIAN_HAS_", "SUDO_", "BASH_FUNC_"];
/** Where the sandbox keeps commands of its own: parts of a search path that lead nowhere outside. */
const OWN_FOLDER = "/run/disco/";

/**
 * Of an environment, as lines `NAME=VALUE`, what differs from what the script was given. The search
 * path loses the folders that only the sandbox has.
 */
export function exported(
  lines: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const path = withoutOwn(given.PATH ?? "");
  const found = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    if (at <= 0) return [];
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    if (NEVER.includes(name) || OF_OTHERS.some((start) => name.startsWith(start))) return [];
    if (name === "PATH") {
      const folders = withoutOwn(value);
      return folders === "" || folders === path ? [] : [[name, folders]];
    }
    return given[name] === value ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

function withoutOwn(path: string): string {
  return path.split(":").filter((folder) => !folder.startsWith(OWN_FOLDER)).join(":");
}
