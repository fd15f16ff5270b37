/**
 * The context of a command: which node, which root, which state, how it was asked.
 *
 * @module
 */
import type { Options } from "../command_line/mod.ts";
import { machineView } from "../posix/mod.ts";
import { run } from "../process/run.ts";
import { parseNodeName } from "./node_name.ts";
import { realRoot, realRoots } from "../state/own_folders.ts";
import { type Roots, userRoots } from "../state/roots.ts";
import { localSettings, type Settings } from "./settings.ts";

export { parseNodeName } from "./node_name.ts";
export {
  isKnownSetting,
  isSettingPlace,
  type KeyOf,
  type SettingKey,
  type SettingRow,
  SETTINGS,
} from "./known_settings.ts";
export { localSettings, Settings, unknownSetting } from "./settings.ts";

/** What every stage needs to know; made once per command. */
export interface Context {
  /** The tree that is configured: `/`, or another root. Absolute, without a slash at the end. */
  readonly root: string;
  /** Where DISCO keeps its own files. */
  readonly roots: Roots;
  /** The node's name, checked: safe as a file name. */
  readonly node: string;
  /** The universe's address as given, or `embedded`; undefined where none was given. */
  readonly server: string | undefined;
  /** Show what would change, and merge nothing. */
  readonly noop: boolean;
  /** Run scripts under `bash --restricted`, with the commands only that the policy knows. */
  readonly restricted: boolean;
  /** One JSON document on standard output. */
  readonly json: boolean;
  /** The node's own settings. */
  readonly settings: Settings;
}

/** Work out the context from options, environment and the node's own settings. */
export async function makeContext(options: Options): Promise<Context> {
  const root = realRoot(options.values.get("root") ?? "/");
  const state = options.values.get("state") ?? Deno.env.get("DISCO_STATE");
  const roots = machineView().user && !state && root === "/" ? userRoots() : realRoots(state, root);
  const settings = localSettings(roots);
  settings.check();
  return {
    root,
    roots,
    settings,
    node: await nodeName(options, settings),
    server: options.values.get("server") ?? (Deno.env.get("DISCO_SERVER") || undefined) ??
      (settings.get("disco/server/uri") || undefined),
    noop: isNoop(options),
    restricted: options.flags.has("restricted") || settings.flag("disco/client/restricted"),
    json: options.flags.has("json"),
  };
}

/** Whether a dry run is asked for. */
export function isNoop({ flags }: Options): boolean {
  return flags.has("noop") || !!Deno.env.get("NOOP");
}

async function nodeName(options: Options, settings: Settings): Promise<string> {
  const given = options.values.get("node") ?? (Deno.env.get("DISCO_NODE") || undefined) ??
    (settings.get("disco/client/node") || undefined);
  return parseNodeName(given ?? (await fqdn()));
}

/** `hostname -f`, or the plain host name where no name service knows a longer one. */
async function fqdn(): Promise<string> {
  try {
    return (await run(["hostname", "-f"], { timeout: 5000 })).trim() || Deno.hostname();
  } catch {
    return Deno.hostname();
  }
}
