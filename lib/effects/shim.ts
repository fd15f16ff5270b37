/**
 * A shim: a small script that is found before a command which acts on the running system, made from the
 * ball's own policy.
 *
 * @module
 */
import { shellWord } from "../terminal/printable.ts";
import { adviceFor } from "./advice.ts";
import { WAITED_COMMANDS } from "./pending.ts";
import { HELP, NO_MORE, optionsOf, plainOf, type Rule } from "./policy.ts";
import { PROCESS_COMMANDS } from "./questions.ts";
import { SERVICE_MANAGERS } from "../init/mod.ts";
import { SHIM_FOLDER } from "./own_commands.ts";

/** The script that decides for a command; `real` is where the command itself can be reached. */
export function shimFor(command: string, rules: readonly Rule[], real: string): string {
  const own = rules.filter((rule) => rule.command === command);
  const options = [...new Set(own.flatMap((rule) => optionsOf(rule)))];
  const most = Math.max(0, ...own.map((rule) => plainOf(rule).length));
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  const tests = [...own.entries()]
    // Fewer words first, and of equals the later one last: the last test that holds decides.
    .sort(([i, a], [j, b]) => a.words.length - b.words.length || i - j)
    .map(([i, rule]) => `${conditions(rule, options)}${verdictOf(rule, i)}`);
  return `#!/bin/sh
# DISCO stands here in place of ${command}: what acts on the running system waits for the merge.
${SERVICE_MANAGERS.includes(command) ? OTHER_NAME : ""}count=0${
    options.map((_, i) => ` option${i}=`).join("")
  }
for word do
  case $word in
    -*)
${options.map((o, i) => `      case $word in ${pattern(o)}) option${i}=given ;; esac`).join("\n")}
      ;;
    *)
      count=$((count + 1))
      case $count in ${numbers.map((n) => `${n}) word${n}=$word ;;`).join(" ")} esac
      ;;
  esac
done
verdict=run traits= advice=
${tests.join("\n")}
case $verdict:$#:$1 in ${HELP.map((word) => `effect:1:${word}`).join(" | ")}) verdict=run ;; esac
case $verdict in
  run)
${WAITED_COMMANDS.includes(command) ? mayWait(command, real) : ""}    exec ${real} "$@"
    ;;
  effect) exec ${SHIM_FOLDER}/bin/disco-effect --rule="$traits" ${command} "$@" ;;
${own.map((rule, i) => rule.verdict === "run+effect" ? both(rule, i, real) : "").join("")}\
  host)
${PROCESS_COMMANDS.includes(command) ? ownProcess(real) : ""}\
${command === "blkid" ? imageFile(real) : ""}\
    exec ${SHIM_FOLDER}/bin/disco-ask ${command} "$@"
    ;;
esac
exec ${SHIM_FOLDER}/bin/disco-deny --advice="$advice" ${command} "$@"
`;
}

/**
 * A number is that of a process, parent, group or session of the sandbox if there is one, and otherwise
 * the live system's. Process 1 of the sandbox is DISCO's: the live system's is meant.
 */
function ownProcess(real: string): string {
  return `\
    for word do
      case $word in [0-9]* | -*[0-9]) ;; *) continue ;; esac
      for number in $(echo "\${word##*[!0-9,]}" | tr , ' '); do
        [ "$number" = 1 ] || [ ! -e "/proc/$number/stat" ] || exec ${real} "$@"
      done
    done
`;
}

/** A waiting effect may change what it shows. A template cannot ask. */
function mayWait(command: string, real: string): string {
  const question = `exec ${SHIM_FOLDER}/bin/disco-ask --first=${real} ${command} "$@"`;
  const ask = `[ ! -w ${SHIM_FOLDER}/ask ] || ${question}`;
  if (command !== "uname") return `    ${ask}\n`;
  // Only the name of the machine can change.
  return `    case " $* " in *' -'*[na]*' '*) ${ask} ;; esac\n`;
}

/** An image in a file is looked at in the union, which may have made it. */
function imageFile(real: string): string {
  return `\
    image=
    for word do
      case $word in
        # These read a cache, not an image.
        -c* | -w* | --cache-file*) image= && break ;;
        -* | /dev/*) ;;
        *) [ ! -f "$word" ] || image=$word ;;
      esac
    done
    [ -z "$image" ] || exec ${real} "$@"
`;
}

/** `halt`, `init` and others are often links to a service manager, which looks at the name it is called by. */
const OTHER_NAME = `name=\${0##*/}
case $name in
  ${SERVICE_MANAGERS.join(" | ")}) ;;
  *) [ ! -x ${SHIM_FOLDER}/shims/"$name" ] || exec ${SHIM_FOLDER}/shims/"$name" "$@" ;;
esac
`;

/** Which of the rules it was matters where it says both. */
function verdictOf(rule: Rule, i: number): string {
  const { verdict, traits = [] } = rule;
  const advice = adviceFor([rule.command, ...plainOf(rule)]);
  if (verdict === "effect") return `{ verdict=effect traits=${traits.join("+")}; }`;
  if (verdict === "deny") return `{ verdict=deny advice=${shellWord(advice ?? "")}; }`;
  return `verdict=${verdict === "run+effect" ? `both${i}` : verdict}`;
}

/** In the union without the options that the rule names, for these make it act; then the whole. */
function both(rule: Rule, i: number, real: string): string {
  const left = optionsOf(rule).map(pattern).join(" | ") || "''";
  return `  both${i})
    (
      left=$#
      while [ $left -gt 0 ]; do
        case $1 in ${left}) ;; *) set -- "$@" "$1" ;; esac
        shift
        left=$((left - 1))
      done
      exec ${real} "$@"
    ) || exit
${isStopping(rule) ? STOP : ""}\
    exec ${SHIM_FOLDER}/bin/disco-effect --rule=silent ${rule.command} "$@"
    ;;
`;
}

/** After the merge the unit file may be gone: the files are done, and what is left is to stop it. */
function isStopping(rule: Rule): boolean {
  return rule.command === "systemctl" && ["disable", "mask"].includes(plainOf(rule)[0] ?? "");
}

/** The verb becomes `stop`, and the option goes that is not one of this. */
const STOP = `    left=$# verb=stop
    while [ $left -gt 0 ]; do
      case $1 in
        --now) ;;
        -*) set -- "$@" "$1" ;;
        *) set -- "$@" "\${verb:-$1}"; verb= ;;
      esac
      shift
      left=$((left - 1))
    done
`;

/** Words come from a parsed rule: they hold nothing that a shell would interpret but stars. */
function conditions(rule: Rule, options: readonly string[]): string {
  const plain = plainOf(rule);
  const given = plain.filter((word) => word !== NO_MORE);
  const tests = [
    ...(given.length < plain.length ? [`[ $count -eq ${given.length} ]`] : []),
    ...(given.length === plain.length && plain.length ? [`[ $count -ge ${plain.length} ]`] : []),
    ...given.map((word, i) => `case $word${i + 1} in ${pattern(word)}) ;; *) false ;; esac`),
    ...optionsOf(rule).map((option) => `[ "$option${options.indexOf(option)}" ]`),
  ];
  return tests.map((test) => `${test} && `).join("");
}

/** Quoted but for the stars. */
function pattern(word: string): string {
  return `'${word.replaceAll("*", "'*'")}'`;
}
