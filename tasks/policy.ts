/**
 * `disco policy`: what becomes of a command line in a ball, and by which rule.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import {
  adviceFor,
  commandLine,
  Policies,
  type Rule,
  ruleFor,
  verdictText,
  whyNoQuestion,
} from "../lib/effects/mod.ts";
import { print, printable, printJson } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Say what becomes of a command in a ball, and by which rule";

/** Words and own options. */
export const usage = `[options] -- COMMAND [ARGUMENT...]
  --ball BALL   with the rules that the node's parameters have for this ball

run         it runs in the sandbox, and changes only the union
effect      it is put off, and carried out on the live system after the merge
run+effect  both: it changes files in the union, and acts after the merge
deny        it is refused
host        it only asks: the live system answers

The rules are lines "command [first-words...] run|effect|run+effect|deny|host": the shipped ones,
then those of /etc/disco/restricted.d/*.conf, of the parameters restricted.d/NAME and, for one ball,
BALL/restricted.d/NAME (these cannot say "host"). The rule with the most words decides, of equals the
last one. A command without a rule runs; in the strict mode (--restricted) it is an effect.
"effect+input" reads its standard input although no word of it says so, "effect+silent" prints nothing.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv.filter((word) => word === "--help") : argv.slice(0, end);
  const asked = end < 0 ? argv : argv.slice(end + 1);
  const options = parseOptions(own, { values: ["ball"] });
  const context = await makeContext(options);
  if (asked.length === 0) throw usageError(`Expected ${usage.split("\n")[0]}`);
  const { roots, node } = context;
  const policies = new Policies({ etc: roots.etc, params: `${roots.parameters}/${node}` });
  const rule = ruleFor(policies.of(options.values.get("ball")), asked);
  const verdict = rule?.verdict ?? (context.restricted ? "effect" : "run");
  const refused = verdict === "host" ? whyNoQuestion(asked) ?? null : null;
  if (context.json) printJson({ argv: asked, verdict, rule: rule ?? null, refused });
  else {
    print(`${verdict}: ${commandLine(asked)} (${reasonOf(rule)})`);
    const advice = verdict === "deny" ? adviceFor(asked) : undefined;
    if (advice) print(`what to do: ${advice}`);
    if (refused) print(`but it is not put to the live system: ${printable(refused)}`);
  }
  return 0;
}

function reasonOf(rule: Rule | undefined): string {
  if (!rule) return "no rule names it";
  const { file, line, command, words } = rule;
  return `${printable(file)}, line ${line}: ${[command, ...words, verdictText(rule)].join(" ")}`;
}

if (import.meta.main) Deno.exit(await runCommand("policy", { summary, usage, main }, Deno.args));
