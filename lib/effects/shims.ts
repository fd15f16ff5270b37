/**
 * Shims: small scripts that stand in the place of commands which act on the running system.
 *
 * @module
 */
import { optionsOf, plainOf, type Rule } from "./policy.ts";

/** Where the sandbox keeps what serves the shims. */
export const SHIM_FOLDER = "/run/disco";

/** `disco-effect COMMAND...`: writes an effect down. The record appears whole or not at all. */
export const DISCO_EFFECT = `#!/bin/sh
# Asks for a command to be run on the live system after the merge: disco-effect COMMAND [ARGUMENTS...]
if [ $# -eq 0 ]; then
  echo 'usage: disco-effect COMMAND [ARGUMENTS...]' >&2
  exit 2
fi
number=1000000
for record in ${SHIM_FOLDER}/effects/*.effect; do [ ! -e "$record" ] || number=$((number + 1)); done
record=$(mktemp "${SHIM_FOLDER}/effects/$number.XXXXXXXX") || exit 1
printf '%s\\0' "$DISCO_BALL" "$DISCO_SCRIPT" "$PWD" "$@" >"$record" && mv "$record" "$record.effect"
`;

/** `disco-ask COMMAND...`: a question, which the host answers. */
export const DISCO_ASK = `#!/bin/sh
# Asks the live system, with a command that changes nothing: disco-ask COMMAND [ARGUMENTS...]
question=$(mktemp ${SHIM_FOLDER}/ask/XXXXXXXX) || exit 1
printf '%s\\0' "$@" >"$question" && mv "$question" "$question.question" || exit 1
while [ ! -e "$question.status" ]; do sleep 0.01; done
cat "$question.output"
exit "$(cat "$question.status")"
`;

/** The script that stands in for a command; `real` is where the command itself can be reached. */
export function shimFor(command: string, rules: readonly Rule[], real: string): string {
  const own = rules.filter((rule) => rule.command === command);
  const options = [...new Set(own.flatMap((rule) => optionsOf(rule)))];
  const most = Math.max(0, ...own.map((rule) => plainOf(rule).length));
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  const tests = [...own.entries()]
    // Fewer words first, and of equals the later one last: the last test that holds decides.
    .sort(([i, a], [j, b]) => a.words.length - b.words.length || i - j)
    .map(([, rule]) => `${conditions(rule, options)}verdict=${rule.verdict}`);
  return `#!/bin/sh
# DISCO stands here in place of ${command}: what acts on the running system waits for the merge.
count=0${options.map((_, i) => ` option${i}=`).join("")}
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
verdict=run
${tests.join("\n")}
case $verdict in
  run) exec ${real} "$@" ;;
  effect) exec ${SHIM_FOLDER}/bin/disco-effect ${command} "$@" ;;
  host) exec ${SHIM_FOLDER}/bin/disco-ask ${command} "$@" ;;
esac
echo "disco: ${command} is denied by the policy for commands (restricted.d); put it into post/, or allow it there" >&2
exit 126
`;
}

/** Words come from a parsed rule: they hold nothing that a shell would interpret but stars. */
function conditions(rule: Rule, options: readonly string[]): string {
  const plain = plainOf(rule);
  const tests = [
    ...(plain.length ? [`[ $count -ge ${plain.length} ]`] : []),
    ...plain.map((word, i) => `case $word${i + 1} in ${pattern(word)}) ;; *) false ;; esac`),
    ...optionsOf(rule).map((option) => `[ "$option${options.indexOf(option)}" ]`),
  ];
  return tests.map((test) => `${test} && `).join("");
}

/** Quoted but for the stars. */
function pattern(word: string): string {
  return `'${word.replaceAll("*", "'*'")}'`;
}
