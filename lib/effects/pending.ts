/**
 * Questions about what effects will change, such as the state of a unit: the live system's answer is
 * true now, and would be taken for the state after them.
 *
 * @module
 */
import { basename } from "@std/path";
import { NAME_FIRST } from "../init/mod.ts";
import { fullName } from "./actions.ts";
import { changesMatter } from "./matters.ts";
import { PROCESS_COMMANDS } from "./questions.ts";

/** They run in the union and show what an effect may change, about which {@linkcode WAITS} asks. */
export const WAITED_COMMANDS: readonly string[] = [
  ...["hostname", "lsattr", "lsmod", "mountpoint", "uname"],
];
/** The first word of the question whether a waiting effect may change what a command shows. */
export const WAITS = "disco-waits";

/** Verbs of questions about the state of a unit, as `systemctl` has them. */
const ASKING = ["is-active", "is-failed", "status", "show"];
/** Verbs of effects after which nobody knows the state of a unit: a restart can fail, too. */
const CHANGING = [
  ...["start", "stop", "restart", "try-restart", "condrestart", "force-reload"],
  ...["reload-or-restart", "try-reload-or-restart", "enable", "disable", "mask", "kill", "isolate"],
];

/** Managers of services whose verb comes before the names. */
const VERB_FIRST = ["systemctl", "sv", "initctl"];
/** They show what services do, whichever is meant. */
const LISTENING = ["ss", "netstat"];

/** The units of which a question asks the state. */
function asked(argv: readonly string[]): string[] {
  if (argv[0] === "journalctl") return journalsOf(argv);
  const [command = "", ...rest] = argv.filter((word) => !word.startsWith("-"));
  if (VERB_FIRST.includes(command)) return ASKING.includes(rest[0] ?? "") ? rest.slice(1) : [];
  return rest[1] === "status" ? rest.slice(0, 1) : [];
}

function journalsOf(argv: readonly string[]): string[] {
  return argv.flatMap((word, i) => {
    if (word === "-u" || word === "--unit") return argv[i + 1] ?? [];
    return /^(?:-u|--unit=)(.+)$/.exec(word)?.[1] ?? [];
  });
}

/** The verb and the units of an effect that changes their state. */
function changed(argv: readonly string[]): { verb: string; units: string[] } {
  const [command = "", ...rest] = argv.filter((word) => !word.startsWith("-"));
  const name = basename(command);
  const [verb, units] = VERB_FIRST.includes(name)
    ? [rest[0], rest.slice(1)]
    : [rest[1], [rest[0] ?? ""]];
  // What they end is named as processes are.
  if (["pkill", "killall"].includes(name)) return { verb: name, units: rest };
  const isService = [...VERB_FIRST, ...NAME_FIRST].includes(name);
  return isService && CHANGING.includes(verb ?? "")
    ? { verb: verb!, units: units.map(fullName) }
    : { verb: "", units: [] };
}

/** What the processes of a unit are most often called: `nginx` of `nginx.service`, `getty` of `getty@1`. */
function nameOf(unit: string): string {
  return fullName(unit) === unit ? unit.replace(/(@.*)?\.\w+$/, "") : unit;
}

/** One is a part of the other: processes of `postgresql.service` are called `postgres`. */
function isAlike(word: string, name: string): boolean {
  return name !== "" && (word.includes(name) || (word.length > 2 && name.includes(word)));
}

/** Whether a question is about a unit. */
function aboutUnits(question: readonly string[]): (unit: string) => boolean {
  const [command = "", ...words] = question;
  if (LISTENING.includes(command)) return () => true;
  if (PROCESS_COMMANDS.includes(command)) {
    return (unit) => words.some((word) => isAlike(word, nameOf(unit)));
  }
  const units = asked(question).map(fullName);
  return (unit) => units.includes(unit);
}

/**
 * Why a question cannot be answered yet; undefined where no effect that waits changes what it asks for.
 *
 * @param waiting The command lines of the effects that were asked for before.
 */
export function whyNotYet(
  question: readonly string[],
  waiting: () => readonly (readonly string[])[],
): string | undefined {
  const isMeant = aboutUnits(question);
  const all = waiting();
  const effect = changesMatter(question, all);
  if (effect) return `${effect.join(" ")} waits for the merge, and may change what it asks for`;
  for (const argv of all) {
    const { verb, units: others } = changed(argv);
    const unit = others.find(isMeant);
    if (unit !== undefined) {
      return `${verb} ${unit} waits for the merge, and nobody knows how it is after that`;
    }
  }
  return undefined;
}
