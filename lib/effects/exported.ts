/**
 * Which variables a script has exported on purpose.
 *
 * @module
 */
import { own } from "../text/own.ts";

/** Variables that shells set by themselves, and such as only mean something in the sandbox. */
const NEVER = [
  ...["_", "PWD", "OLDPWD", "SHLVL", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"],
  ...["TERM", "PS1", "HISTFILE", "LINES", "COLUMNS"],
  // For what a wrapper runs in the sandbox: stdbuf, fakeroot, make.
  ...["LD_PRELOAD", "LD_AUDIT", "FAKEROOTKEY", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"],
];
/** How the names of variables begin that DISCO, dpkg, debconf, sudo, bash or wrappers set, and no script. */
const OF_OTHERS = [
  ...["DISCO_", "DPKG_", "DEBCONF_", "DEBIAN_HAS_", "SUDO_", "BASH_FUNC_"],
  ...["_STDBUF_", "MAKE_TERM", "PYENV_"],
];
/** What a login as root sets (su(1), runuser(1)). */
const OF_LOGIN: Readonly<Record<string, RegExp>> = {
  HOME: /^\/root$/,
  USER: /^root$/,
  LOGNAME: /^root$/,
  SHELL: /^(\/usr)?\/bin\/(ba|da|z|k)?sh$/,
  MAIL: /^\/var\/(spool\/)?mail\/root$/,
};
/** Folders that a login has in its search path without a reason of the script's. */
const OF_LOGIN_PATH = /^(\/usr(\/local)?)?\/(s?bin|games)$|^\/snap\/bin$|^\/root(\/|$)/;
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
  const isLogin = ["USER=root", "LOGNAME=root"].every((line) => lines.includes(line)) &&
    given.LOGNAME === undefined;
  const found = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    if (at <= 0) return [];
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    if (NEVER.includes(name) || OF_OTHERS.some((start) => name.startsWith(start))) return [];
    if (own(OF_LOGIN, name)?.test(value)) return [];
    if (name === "PATH") {
      const folders = withoutOwn(value);
      const isOfLogin = isLogin && folders.split(":").every((one) => OF_LOGIN_PATH.test(one));
      return folders === "" || folders === path || isOfLogin ? [] : [[name, folders]];
    }
    return given[name] === value ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

function withoutOwn(path: string): string {
  return path.split(":").filter((folder) => !folder.startsWith(OWN_FOLDER)).join(":");
}
