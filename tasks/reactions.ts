/**
 * `disco reactions`: what a change of a path sets off on this node.
 *
 * @module
 */
import type { OnChange } from "../lib/ball/mod.ts";
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { fetchedLines } from "../lib/dance/mod.ts";
import { Tree } from "../lib/door/mod.ts";
import { commandLine } from "../lib/effects/mod.ts";
import {
  expand,
  followed,
  groundOf,
  Matcher,
  matchesOf,
  placeOf,
  whyLeftOut,
} from "../lib/on_change/mod.ts";
import { SHIPPED_REACTIONS } from "../lib/reactions/mod.ts";
import { print, printable, printJson } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const paths = options.words;
  const odd = paths.find((path) => !path.startsWith("/"));
  if (odd !== undefined) throw usageError(`"${printable(odd)}" is not an absolute path`);
  const context = await makeContext(options);
  using tree = new Tree(context.root);
  const ground = groundOf(tree, tree);
  const lines = fetchedLines(context, "reactions", SHIPPED_REACTIONS);
  const entries = (paths.length > 0 ? followed(lines, ground) : lines)
    .flatMap((line) => {
      const why = context.root === "/"
        ? whyLeftOut(line, ground, "reactions") ?? null
        : `"${context.root}" does not run`;
      return commandsOf(line, paths).map((argv) => ({ line, argv, why }));
    });
  if (context.json) {
    printJson(entries.map(({ line: { glob, file, line }, argv, why }) => (
      { glob, argv, file, line, why }
    )));
    return 0;
  }
  for (const { line, argv, why } of entries) {
    const what = paths.length > 0 ? "" : `${printable(line.glob)} `;
    const not = why === null ? "" : `not here, ${printable(why)}: `;
    print(`${not}${what}${commandLine(argv)} (${placeOf(line)})`);
  }
  if (entries.length === 0 && paths.length > 0) print("nothing");
  return 0;
}

/** The command lines that a change of these paths sets off; as they are written without any. */
function commandsOf(line: OnChange, paths: readonly string[]): (readonly string[])[] {
  if (paths.length === 0) return [line.argv];
  const changed = paths.map((path) => ({ path, ball: "", isFile: true, isTree: false }));
  return expand(line, matchesOf(line, new Matcher(changed))).map(({ argv }) => argv);
}

if (import.meta.main) Deno.exit(await runAlone("reactions", main));
