/**
 * Shims: small scripts that stand in the place of commands which act on the running system.
 *
 * In the place of the command itself lies a {@linkcode stubFor}, which only leads to the shim that
 * the ball's own policy makes; so the same stubs serve every ball.
 *
 * @module
 */
import { NO_MORE, optionsOf, plainOf, type Rule } from "./policy.ts";
import ask from "./sh/disco_ask.sh" with { type: "text" };
import bashEnv from "./sh/bash_env.sh" with { type: "text" };
import chown from "./sh/chown.sh" with { type: "text" };
import deny from "./sh/disco_deny.sh" with { type: "text" };
import effect from "./sh/disco_effect.sh" with { type: "text" };
import kill from "./sh/kill.sh" with { type: "text" };
import policyRc from "./sh/policy_rc.sh" with { type: "text" };
import strictEnv from "./sh/strict_env.sh" with { type: "text" };

/** Where the sandbox keeps what serves the shims. */
export const SHIM_FOLDER = "/run/disco";

/** The programs in `/run/disco/bin`, by name. */
export const DISCO_COMMANDS: Readonly<Record<string, string>> = {
  "disco-ask": ask,
  "disco-deny": deny,
  "disco-effect": effect,
};

/** What bash reads first. */
export const BASH_ENV: string = bashEnv;
/** What bash reads first in the strict mode. */
export const STRICT_ENV: string = strictEnv;

/** Lies at `/usr/sbin/policy-rc.d`. */
export const POLICY_RC: string = policyRc;

/** Commands with a stub of their own. */
const STUBS: Readonly<Record<string, string>> = { chown, kill };

/** The commands that have a stub whatever the policy says. */
export const ALWAYS_STUBBED: readonly string[] = ["chown"];

/** What lies in the place of a command: leads to its shim. */
export function stubFor(command: string): string {
  const own = STUBS[command];
  if (own !== undefined) return own;
  return `#!/bin/sh\n# DISCO stands here in place of ${command} (see disco policy).\nexec ${SHIM_FOLDER}/shims/${command} "$@"\n`;
}

/** The script that decides for a command; `real` is where the command itself can be reached. */
export function shimFor(command: string, rules: readonly Rule[], real: string): string {
  const own = rules.filter((rule) => rule.command === command);
  const options = [...new Set(own.flatMap((rule) => optionsOf(rule)))];
  const most = Math.max(0, ...own.map((rule) => plainOf(rule).length));
  const numbers = Array.from({ length: most }, (_, i) => i + 1);
  const tests = [...own.entries()]
    // Fewer words first, and of equals the later one last: the last test that holds decides.
    .sort(([i, a], [j, b]) => a.words.length - b.words.length || i - j)
    .map(([i, rule]) => `${conditions(rule, options)}verdict=${verdictOf(rule, i)}`);
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
${own.map((rule, i) => rule.verdict === "run+effect" ? both(rule, i, real) : "").join("")}\
  host) exec ${SHIM_FOLDER}/bin/disco-ask ${command} "$@" ;;
esac
exec ${SHIM_FOLDER}/bin/disco-deny ${command} "$@"
`;
}

/** Which of the rules it was matters where it says both. */
function verdictOf({ verdict }: Rule, i: number): string {
  return verdict === "run+effect" ? `both${i}` : verdict;
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
    ) && exec ${SHIM_FOLDER}/bin/disco-effect ${rule.command} "$@"
    exit
    ;;
`;
}

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
