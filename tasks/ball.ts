/**
 * `disco ball`: help for those who write balls.
 *
 * @module
 */
import { basename, resolve } from "@std/path";
import { initBall, readBall } from "../lib/ball/mod.ts";
import { lintBall } from "../lib/lint/mod.ts";
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { counted } from "../lib/text/counted.ts";
import { error, info, print, printJson, report, warning } from "../lib/terminal/mod.ts";
import { check } from "./check.ts";

/** `again` are the words that start the command anew. */
type Subcommand = (
  word: string,
  options: Options,
  again: readonly string[],
) => number | Promise<number>;

const subcommands: Record<string, Subcommand> = { init, requires, lint, check };

/** Run it. */
export async function main(options: Options, argv: readonly string[]): Promise<number> {
  const [name = "", word, ...rest] = options.words;
  const run = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!run || word === undefined || rest.length > 0) {
    throw usageError("Expected init NAME, requires DIR, lint DIR or check BALL");
  }
  if (name !== "check" && options.values.has("allow-deletions")) {
    throw usageError('"--allow-deletions" is for "ball check"');
  }
  return await run(word, options, ["ball", ...argv]);
}

function init(name: string, options: Options): number {
  if (options.flags.has("noop")) info(`Would make ball "${name}"`);
  else info(`Made ball "${name}" in ${initBall(Deno.cwd(), name)}`);
  return 0;
}

function requires(word: string, options: Options): number {
  const dir = resolve(word);
  const { requires } = readBall(dir, basename(dir));
  if (options.flags.has("json")) printJson(requires);
  else print(requires.map(({ relation, ball }) => `${relation} ${ball}\n`).join(""));
  return 0;
}

async function lint(word: string, options: Options): Promise<number> {
  const dir = resolve(word);
  const name = basename(dir);
  const findings = await lintBall(dir, name);
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  if (options.flags.has("json")) printJson(findings);
  else {
    for (const { level, text } of findings) {
      if (level === "error") error(text);
      else if (level === "warning") warning(text);
      else if (level === "info") info(text);
      else info(`not checked: ${text}`);
    }
    report(
      `ball "${name}": ${counted(count("error"), "error")}, ${
        counted(count("warning"), "warning")
      }`,
    );
  }
  return count("error") > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await runAlone("ball", main));
