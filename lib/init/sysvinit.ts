/**
 * Init scripts, by themselves or by their wrappers: those of sysvinit, which other init systems run, too.
 *
 * @module
 */
import type { InitProgram, InitSystem } from "./init_system.ts";
import { PLAIN, REPEATABLE_VERBS } from "./plain.ts";
import { unitName } from "./unit_name.ts";

/** Where its scripts lie. */
export const SCRIPTS = "/etc/init.d";

/** Its row; it has no mark, and is what is there where no other init system runs. */
export const sysvinit: InitSystem = {
  ...PLAIN,
  name: "sysvinit",
  label: "sysvinit",
  isUnitPath: (path) => path.startsWith(`${SCRIPTS}/`),
  programs: [
    wrapper("service", ([, verb = ""]) => REPEATABLE_VERBS.includes(verb)),
    wrapper("invoke-rc.d", (words) => REPEATABLE_VERBS.includes(words.at(-1) ?? "")),
  ],
};

function wrapper(name: string, mayRepeat: InitProgram["mayRepeat"]): InitProgram {
  return {
    name,
    isManager: true,
    isNameFirst: true,
    needsRunning: false,
    mayRepeat,
    actionOf: (words) => {
      const [unit = "", verb = ""] = words.filter((word) => !word.startsWith("-"));
      return { verb, units: unitName(unit) };
    },
  };
}
