/**
 * OpenRC.
 *
 * @module
 */
import type { InitSystem } from "./init_system.ts";
import { PLAIN, REPEATABLE_VERBS } from "./plain.ts";

/** Its row. */
export const openrc: InitSystem = {
  ...PLAIN,
  name: "openrc",
  label: "OpenRC",
  mark: "/run/openrc/softlevel",
  programs: [{
    name: "rc-service",
    isManager: true,
    isNameFirst: true,
    needsRunning: true,
    mayRepeat: (words) =>
      REPEATABLE_VERBS.includes(words.filter((word) => !word.startsWith("-"))[1] ?? ""),
  }],
};
