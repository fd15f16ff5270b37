/**
 * `disco param`: the parameters of this node.
 *
 * @module
 */
import { type Options, usageError } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import {
  type Context,
  isKnownSetting,
  isSettingPlace,
  makeContext,
  unknownSetting,
} from "../lib/context/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { Tree } from "../lib/params/mod.ts";
import { info, print, printBytes, printJson } from "../lib/terminal/mod.ts";

type Subcommand = (tree: Tree, words: readonly string[], given: Given) => void | Promise<void>;

interface Given {
  readonly context: Context;
  readonly recursive: boolean;
}

/** Each subcommand with the least and greatest number of its words. */
const subcommands: Record<string, [run: Subcommand, least: number, most: number]> = {
  get: [get, 1, 2],
  keys: [keys, 0, 1],
  dump: [dump, 0, 1],
  set: [set, 1, 1],
  delete: [remove, 1, 1],
};

/** Run it. */
export async function main(options: Options): Promise<number> {
  const [name = "", ...words] = options.words;
  const [run, least, most] = Object.hasOwn(subcommands, name) ? subcommands[name]! : [];
  if (!run || words.length < least! || words.length > most!) {
    throw usageError(
      "Expected get KEY [DEFAULT], keys [KEY], dump [KEY], set KEY, set - or delete [-r] KEY",
    );
  }
  const context = await makeContext(options);
  await run(new Tree(context.roots.parameters), words, {
    context,
    recursive: options.flags.has("r"),
  });
  return 0;
}

function get(tree: Tree, [key = "", fallback]: readonly string[], { context }: Given): void {
  const content = key === "current_module" ? currentModule() : tree.get(key);
  if (content === undefined && fallback === undefined) {
    throw new DiscoError(
      `Cannot get parameter "${key}": ${
        key === "current_module"
          ? "no ball is being applied (DISCO_BALL is empty)"
          : "it does not exist"
      }`,
    );
  }
  const bytes = content ?? new TextEncoder().encode(`${fallback}\n`);
  if (context.json) printJson(new TextDecoder().decode(bytes));
  else printBytes(bytes);
}

function currentModule(): Uint8Array | undefined {
  const ball = Deno.env.get("DISCO_BALL");
  return ball ? new TextEncoder().encode(`${ball}\n`) : undefined;
}

function keys(tree: Tree, [key]: readonly string[], { context }: Given): void {
  const names = tree.keys(key);
  if (context.json) printJson(names);
  else print(names.map((name) => `${name}\n`).join(""));
}

function dump(tree: Tree, [key]: readonly string[], { context }: Given): void {
  const lines = tree.dump(key);
  if (!context.json) return printBytes(lines);
  const text = new TextDecoder();
  printJson(
    Object.fromEntries(
      tree.walk(key).map(([path, bytes]) => [path, bytes ? text.decode(bytes) : {}]),
    ),
  );
}

async function set(tree: Tree, [key = ""]: readonly string[], given: Given): Promise<void> {
  if (given.context.noop) return info(`Would set parameter "${key}"`);
  const input = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
  if (key === "-") tree.setLines(input, refuseUnknown);
  else {
    refuseUnknown(key);
    tree.set(key, input);
  }
}

/** A mistyped setting would be kept, and never read. */
function refuseUnknown(key: string): void {
  if (isSettingPlace(key) && !isKnownSetting(key)) throw unknownSetting(key, key);
}

function remove(tree: Tree, [key = ""]: readonly string[], given: Given): void {
  if (given.context.noop) return info(`Would delete parameter "${key}"`);
  tree.remove(key, { recursive: given.recursive });
}

if (import.meta.main) Deno.exit(await runAlone("param", main));
