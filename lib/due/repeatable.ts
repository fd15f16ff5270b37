/**
 * Which effects may run twice: one that was cut off in the middle is repeated only then.
 *
 * @module
 */
import { basename } from "@std/path";

/** Verbs of systemctl whose second run leaves what the first would have. */
const VERBS: readonly string[] = [
  ...["start", "stop", "restart", "try-restart", "condrestart", "reload", "reload-or-restart"],
  ...["try-reload-or-restart", "force-reload", "daemon-reload", "daemon-reexec", "enable"],
  ...["disable", "reenable", "preset", "mask", "unmask", "isolate", "reset-failed"],
  ...["set-default", "set-property"],
];

/** Verbs of init scripts. */
const INIT_VERBS: readonly string[] = ["start", "stop", "restart", "reload", "force-reload"];

/** One row a kind of command: the program, and whether these words after it may run twice. */
const REPEATABLE: Readonly<Record<string, (words: readonly string[]) => boolean>> = {
  systemctl: (words) => VERBS.includes(words.find((word) => !word.startsWith("-")) ?? ""),
  "deb-systemd-invoke": (words) => VERBS.includes(words.find((w) => !w.startsWith("-")) ?? ""),
  service: ([, verb = ""]) => INIT_VERBS.includes(verb),
  "rc-service": (words) => INIT_VERBS.includes(words.filter((w) => !w.startsWith("-"))[1] ?? ""),
  "invoke-rc.d": (words) => INIT_VERBS.includes(words.at(-1) ?? ""),
  sysctl: () => true,
  modprobe: () => true,
  udevadm: ([verb = ""]) => ["control", "trigger", "settle"].includes(verb),
  "systemd-sysusers": () => true,
  "systemd-tmpfiles": () => true,
  ldconfig: () => true,
  newaliases: () => true,
  hostnamectl: () => true,
  timedatectl: () => true,
  localectl: () => true,
};

/** Whether a command may run twice; what is not known may not. */
export function isRepeatable(argv: readonly string[]): boolean {
  const [program = "", ...words] = argv;
  const name = basename(program);
  return Object.hasOwn(REPEATABLE, name) && REPEATABLE[name]!(words);
}
