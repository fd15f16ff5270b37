/**
 * systemd.
 *
 * @module
 */
import { run, RunError } from "../process/run.ts";
import type { InitProgram, InitSystem, UnitState } from "./init_system.ts";
import { bootUnits } from "./systemd_boot.ts";
import { isUnitName, unitName } from "./unit_name.ts";

/** Milliseconds that it has to say how units are. */
const SHORT_PATIENCE = 5000;
/** Milliseconds that it has for an answer. */
const PATIENCE = 30_000;
/** Milliseconds for what runs all generators while a slow machine boots. */
const LONG_PATIENCE = 600_000;
/** Tries to leave emergency mode, a second apart: its own jobs cannot be replaced while it begins. */
const MOST_TRIES = 60;

/** Verbs whose second run leaves what the first would have. */
const REPEATABLE_VERBS: readonly string[] = [
  ...["start", "stop", "restart", "try-restart", "condrestart", "reload", "reload-or-restart"],
  ...["try-reload-or-restart", "force-reload", "daemon-reload", "daemon-reexec", "enable"],
  ...["disable", "reenable", "preset", "mask", "unmask", "isolate", "reset-failed"],
  ...["set-default", "set-property"],
];
const FOLDER = /^\/(?:etc|run|usr\/lib|usr\/local\/lib|lib)\/systemd\/system\/(.+)$/;

/** Its row; the mark is that of sd_booted(3). */
export const systemd: InitSystem = {
  name: "systemd",
  label: "systemd",
  mark: "/run/systemd/system",
  programs: [
    { ...verbFirst("systemctl"), isManager: true, needsRunning: true },
    verbFirst("deb-systemd-invoke"),
  ],
  offline: { SYSTEMD_OFFLINE: "1" },
  isUnitPath: (path) => FOLDER.test(path),
  unitsOfPath: (path) => {
    const [first = "", second] = FOLDER.exec(path)?.[1]?.split("/") ?? [];
    const isLink = /\.(wants|requires|upholds)$/.test(first);
    const name = isLink ? second ?? "" : first.replace(/\.d$/, "");
    return isUnitName(name) ? [name] : [];
  },
  control: "systemctl",
  unitStates,
  runLater,
  cancel,
  bootUnits,
  isUp,
  goOnBooting,
};

function verbFirst(name: string): InitProgram {
  return {
    name,
    isManager: false,
    isNameFirst: false,
    needsRunning: false,
    mayRepeat: (words) =>
      REPEATABLE_VERBS.includes(words.find((word) => !word.startsWith("-")) ?? ""),
    actionOf: (words) => {
      if (words.includes("--user") || words.includes("--global")) return undefined;
      const [verb = "", ...rest] = words.filter((word) => !word.startsWith("-"));
      return { verb, units: rest.flatMap(unitName) };
    },
  };
}

async function unitStates(names: readonly string[]): Promise<UnitState[]> {
  const properties = "--property=ActiveState,UnitFileState,LoadState";
  // One that the pattern does not fit is not found: a template without its instance.
  const asked = names.filter((name) => !/@\.[a-z]+$/.test(name));
  if (asked.length === 0) return [];
  const words = ["systemctl", "show", properties, "--", ...asked];
  const text = await run(words, { timeout: SHORT_PATIENCE });
  return parseStates(asked, text);
}

/** What `systemctl show` says of units, in their order. */
export function parseStates(asked: readonly string[], text: string): UnitState[] {
  const blocks = text.trim().split(/\n\s*\n/);
  return asked.flatMap((name, i) => {
    const value = (key: string) =>
      new RegExp(`^${key}=(.*)$`, "m").exec(blocks[i] ?? "")?.[1]?.trim() ?? "";
    const active = value("ActiveState");
    const [file, load] = [value("UnitFileState"), value("LoadState")];
    return active === "" ? [] : [{ name, active, file, load }];
  });
}

/**
 * By a timer that is exact to the second, and runs in emergency mode, too, where nothing is that comes
 * after sysinit.target; see systemd.timer(5) and systemd.unit(5).
 */
async function runLater(name: string, seconds: number, argv: readonly string[]): Promise<void> {
  const anywhere = ["DefaultDependencies=no", "IgnoreOnIsolate=yes"];
  await cancel(name);
  await run([
    "systemd-run",
    "--collect",
    "--quiet",
    `--unit=${name}`,
    `--on-active=${seconds}s`,
    "--timer-property=AccuracySec=1s",
    ...anywhere.flatMap((one) => [`--property=${one}`, `--timer-property=${one}`]),
    ...argv,
  ], { timeout: PATIENCE });
}

async function cancel(name: string): Promise<void> {
  try {
    await run(["systemctl", "stop", `${name}.timer`], { timeout: PATIENCE });
  } catch (error) {
    if (!(error instanceof RunError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** multi-user.target is reached. */
async function isUp(): Promise<boolean> {
  const words = ["systemctl", "is-active", "multi-user.target"];
  try {
    return (await run(words, { timeout: PATIENCE, allow: [1, 2, 3, 4] })).trim() === "active";
  } catch (error) {
    if (error instanceof RunError) return false;
    throw error;
  }
}

/**
 * It has read unit files and /etc/fstab before: it reads them again, so that it gives up mounts that
 * nothing asks for any more. A boot that is, or is about to be, in emergency mode is begun again: nobody
 * can reach the machine as it is.
 */
async function goOnBooting(): Promise<void> {
  await run(["systemctl", "daemon-reload"], { timeout: LONG_PATIENCE });
  for (let tries = 0; await isEmergency(); tries++) {
    try {
      await run(["systemctl", "--no-block", "default"], { timeout: LONG_PATIENCE });
      return;
    } catch (error) {
      if (!(error instanceof RunError) || tries >= MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

async function isEmergency(): Promise<boolean> {
  const properties = "--property=ActiveState,Job";
  const words = ["systemctl", "show", properties, "emergency.target"];
  const text = await run(words, { timeout: LONG_PATIENCE });
  return /^ActiveState=active$|^Job=[1-9]/m.test(text);
}
