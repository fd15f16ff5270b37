/**
 * What effects do to units, as far as that is known, and what matters to what.
 *
 * @module
 */
import { NAME_FIRST } from "../init/mod.ts";
import type { Effect } from "./record.ts";
import { own } from "../text/own.ts";

/** What an effect does. */
export type Action =
  /** Restarts or reloads units, by their full names. */
  | { readonly kind: "units"; readonly verb: string; readonly units: readonly string[] }
  /** Makes a manager read its configuration again. */
  | { readonly kind: "configuration"; readonly key: string }
  /** Anything else. */
  | { readonly kind: "other"; readonly key: string };

/** Whether an action has nothing to do where an earlier one was carried out just before. */
export function isRepeated(earlier: Action, later: Action): boolean {
  if (earlier.kind === "units" && later.kind === "units") {
    const isSameVerb = earlier.verb === later.verb ||
      (earlier.verb === "restart" && COVERED.includes(later.verb));
    return isSameVerb && later.units.every((unit) => earlier.units.includes(unit)) &&
      (earlier.verb === "restart" || earlier.units.length === later.units.length);
  }
  if (earlier.kind === "units" || later.kind === "units") return false;
  return earlier.key === later.key;
}

/** Whether an action could change what another one does that follows. */
export function matters(earlier: Action, later: Action): boolean {
  if (later.kind === "other" || earlier.kind === "other") return true;
  if (later.kind === "configuration") return false;
  if (earlier.kind === "configuration") return true;
  return earlier.units.some((unit) => later.units.includes(unit));
}

/** What a restart has done already. */
const COVERED = ["reload", "try-restart", "try-reload-or-restart", "reload-or-restart"];
/** Verbs of units, by their names in `systemctl` and in init scripts, and what they come to. */
const VERBS: Readonly<Record<string, string>> = {
  "restart": "restart",
  "reload": "reload",
  "try-restart": "try-restart",
  "condrestart": "try-restart",
  "reload-or-restart": "reload-or-restart",
  "force-reload": "try-reload-or-restart",
  "try-reload-or-restart": "try-reload-or-restart",
};
/** Options that only make a command quiet. */
const QUIET = ["-q", "--quiet", "--no-pager", "--no-ask-password"];
/** Command lines that make a manager read its configuration again. */
const CONFIGURATION = [
  "systemctl daemon-reload",
  "systemctl daemon-reexec",
  "sysctl --system",
  "udevadm control --reload",
  "udevadm control --reload-rules",
  "udevadm control -R",
];
/** Variables by which one talks to another manager. */
const OTHER_MANAGER = /^(SYSTEMD|DBUS|XDG)_/;

/** What an effect does. */
export function actionOf({ argv, cwd, input, environment = {} }: Effect): Action {
  const variables = Object.entries(environment).sort(([a], [b]) => a < b ? -1 : 1);
  const other = { kind: "other", key: JSON.stringify([argv, cwd, input, variables]) } as const;
  const isPlain = input === undefined && !variables.some(([name]) => OTHER_MANAGER.test(name));
  if (!isPlain) return other;
  const words = argv.filter((word) => !QUIET.includes(word));
  const key = words.join(" ");
  if (CONFIGURATION.includes(key)) return { kind: "configuration", key };
  const [command = "", ...rest] = words;
  const [verb, units] = NAME_FIRST.includes(command)
    ? [rest[1], rest.length === 2 ? rest.slice(0, 1) : []]
    : [command === "systemctl" ? rest[0] : undefined, rest.slice(1)];
  const known = verb === undefined ? undefined : own(VERBS, verb);
  if (known === undefined || units.length === 0 || !units.every(isUnit)) return other;
  return { kind: "units", verb: known, units: [...new Set(units.map(fullName))] };
}

/** No option and no pattern. */
function isUnit(word: string): boolean {
  return /^[A-Za-z0-9@_:.\\][A-Za-z0-9@_:.\\-]*$/.test(word);
}

/** `systemctl` adds the ending where it is missing (systemctl(1)). */
export function fullName(unit: string): string {
  const endings = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
  return endings.test(unit) ? unit : `${unit}.service`;
}
