/**
 * `disco policy`: what becomes of a command line in a ball, and by which rule.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import { makeContext, parseOptions, usageError } from "../lib/context/mod.ts";
import { commandLine, loadPolicy, type Rule, ruleFor } from "../lib/effects/mod.ts";
import { print, printJson } from "../lib/terminal/mod.ts";

/** One line on what this command does. */
export const summary = "Say what becomes of a command in a ball, and by which rule";

/** Words and own options. */
export const usage = `[options] -- COMMAND [ARGUMENT...]

run     it runs in the sandbox, and changes only the union
effect  it is put off, and carried out on the live system after the merge
deny    it is refused
host    it only asks: the live system answers

The rules are the shipped ones, then those of /etc/disco/restricted.d/*.conf: lines
"command [first-words...] run|effect|deny|host". The rule with the most words decides, of equals
the last one.`;

/** Run it. */
export async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv.filter((word) => word === "--help") : argv.slice(0, end);
  const asked = end < 0 ? argv : argv.slice(end + 1);
  const context = await makeContext(parseOptions(own));
  if (asked.length === 0) throw usageError(`Expected ${usage.split("\n")[0]}`);
  const rule = ruleFor(loadPolicy(context.roots.etc), asked);
  if (context.json) printJson({ argv: asked, verdict: rule?.verdict ?? "run", rule: rule ?? null });
  else print(`${rule?.verdict ?? "run"}: ${commandLine(asked)} (${reasonOf(rule)})`);
  return 0;
}

function reasonOf(rule: Rule | undefined): string {
  if (!rule) return "no rule names it";
  const { file, line, command, words, verdict } = rule;
  return `${file}, line ${line}: ${[command, ...words, verdict].join(" ")}`;
}

if (import.meta.main) Deno.exit(await runCommand("policy", { summary, usage, main }, Deno.args));
