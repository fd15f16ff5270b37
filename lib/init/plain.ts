/**
 * What holds for an init system that runs scripts, and can neither be asked nor told to do something later.
 *
 * @module
 */
import { run } from "../process/run.ts";
import type { InitSystem } from "./init_system.ts";

/** Milliseconds for the start of a process. */
const PATIENCE = 30_000;

/** Verbs of init scripts that may be repeated. */
export const REPEATABLE_VERBS: readonly string[] = [
  ...["start", "stop", "restart", "reload", "force-reload"],
];

/** The parts of a row that such an init system has in common with the others of its kind. */
export const PLAIN: Omit<InitSystem, "name" | "label" | "programs"> = {
  offline: {},
  isUnitPath: () => false,
  unitsOfPath: () => [],
  unitStates: () => Promise.resolve([]),
  runLater: async (_name, _seconds, argv) => {
    const quietly = 'exec "$@" >/dev/null 2>&1 </dev/null';
    await run(["setsid", "--fork", "sh", "-c", quietly, "sh", ...argv], { timeout: PATIENCE });
  },
  cancel: () => Promise.resolve(),
  bootUnits: () => [],
  isUp: () => Promise.resolve(true),
  goOnBooting: () => Promise.resolve(),
};
