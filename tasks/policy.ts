/**
 * `disco policy`: what becomes of a command line in a ball, and by which rule.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
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

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  const asked = options.rest;
  if (asked.length === 0) throw usageError("Expected -- and a command");
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

if (import.meta.main) Deno.exit(await runAlone("policy", main));
