/**
 * `disco param`: the parameters of this node.
 *
 * @module
 */
import { runCommand } from "../lib/command.ts";
import {
  type Context,
  isKnownSetting,
  isSettingPlace,
  makeContext,
  parseOptions,
  unknownSetting,
  usageError,
} from "../lib/context/mod.ts";
import { DiscoError } from "../lib/error.ts";
import { Tree } from "../lib/params/mod.ts";
import { info, print, printBytes, printJson } from "../lib/terminal/mod.ts";

export const summary = "Read and write the parameters of this node";
export const usage =
  `get KEY [DEFAULT] | keys [KEY] | dump [KEY] | set KEY | set - | delete [-r] KEY

  get KEY [DEFAULT]   print the content of a parameter, or the default if there is none
  keys [KEY]          list the names in a folder; folders end with "/"
  dump [KEY]          print all parameters as PATH=VALUE lines
  set KEY             write what comes on standard input into a parameter
  set -               read PATH=VALUE lines, such as dump prints; PATH={} makes an empty folder
  delete [-r] KEY     delete a parameter; with -r a folder and all it holds

What is set below the node's name lasts until the next fetch; "disco/..." is never fetched.
Keys begin with the node's name or "disco": $(hostname -f)/users/present/alice. The key
"current_module" is the name of the ball that is being applied. Lines that dump cannot print as
they are (several lines, no newline at the end, control characters) read PATH\\=CONTENT, where \\n
is a newline, \\\\ a backslash and \\xHH a byte.`;

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
export async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { flags: ["r"], words: 3 });
  const [name = "", ...words] = options.words;
  const [run, least, most] = Object.hasOwn(subcommands, name) ? subcommands[name]! : [];
  if (!run || words.length < least! || words.length > most!) {
    throw usageError(`Expected ${usage.split("\n")[0]}`);
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

function dump(tree: Tree, [key]: readonly string[]): void {
  printBytes(tree.dump(key));
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

if (import.meta.main) {
  Deno.exit(await runCommand("param", { summary, usage, main }, Deno.args));
}
