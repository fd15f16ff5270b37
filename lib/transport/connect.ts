/**
 * From the settings to a server that can be asked.
 *
 * Settings: `disco/server/uri` (or `--server`, `DISCO_SERVER`), `disco/server/layout`,
 * `disco/client/cmds/rsync` and `disco/client/cmds/ssh` (a program and its first arguments),
 * `disco/client/fetch/timeout` (seconds without data), `disco/client/fetch/seconds` (a whole call),
 * `disco/client/fetch/mebibytes` (what one call may bring).
 *
 * @module
 */
import { join } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import { printable } from "../terminal/printable.ts";
import { parseLayout } from "./address.ts";
import { EMBEDDED, embeddedNode, embeddedUniverse } from "./embedded.ts";
import { isFolder } from "./folder.ts";
import { Remote } from "./remote.ts";
import type { Rsync } from "./rsync.ts";
import { parseServer, type Server } from "./server.ts";
import { joinForRsync, splitWords } from "./words.ts";

/** A server, and the name under which it lists the node. */
export interface Connection {
  readonly remote: Remote;
  readonly listedAs: string;
}

/**
 * The server of the context, or the embedded universe. `last` is the name of the server from which
 * came what is here. Asks nothing yet.
 */
export function connect(
  { server: given, settings, node, roots }: Context,
  last: string | undefined,
): Connection {
  if (given === undefined || given === EMBEDDED) {
    const path = embeddedUniverse(join(roots.fetched, "embedded"));
    const server: Server = { kind: "path", path };
    const rsync = rsyncOf(settings, server);
    return {
      remote: new Remote(EMBEDDED, server, "tree", rsync, last !== EMBEDDED),
      listedAs: embeddedNode(path, node),
    };
  }
  const server = parseServer(given);
  const layout = parseLayout(settings.get("disco/server/layout"), server);
  if (server.kind === "path" && !isFolder(join(server.path, "parameters"))) {
    throw new DiscoError(
      `Cannot fetch from "${printable(server.path)}": there is no folder "parameters" in it`,
      { hint: "give the folder that holds balls/ and parameters/" },
    );
  }
  const rsync = rsyncOf(settings, server);
  return {
    remote: new Remote(given, server, layout, rsync, last !== given),
    listedAs: node,
  };
}

function rsyncOf(settings: Context["settings"], server: Server): Rsync {
  const timeout = settings.number("disco/client/fetch/timeout", 60, 1);
  const key = "disco/client/cmds/rsync";
  return {
    command: splitWords(settings.get(key) || "rsync", key),
    env: server.kind === "ssh" ? { RSYNC_RSH: remoteShell(settings, server.port) } : {},
    options: [
      `--timeout=${timeout}`,
      // Without TCP_NODELAY a call waits three times 40 ms for delayed acknowledgements.
      ...(server.kind === "daemon" ? [`--contimeout=${timeout}`, "--sockopts=TCP_NODELAY"] : []),
    ],
    seconds: settings.number("disco/client/fetch/seconds", 3600, 1),
    bytes: settings.number("disco/client/fetch/mebibytes", 4096, 1) * 2 ** 20,
  };
}

/** ssh that asks nothing: in the environment, so that an `-e` in the rsync command wins. */
function remoteShell(settings: Context["settings"], port: string): string {
  const key = "disco/client/cmds/ssh";
  const words = splitWords(settings.get(key) || "ssh", key);
  const connectTimeout = Math.min(settings.number("disco/client/fetch/timeout", 60, 1), 20);
  words.push("-o", "BatchMode=yes", "-o", `ConnectTimeout=${connectTimeout}`);
  return joinForRsync(port ? [...words, "-p", port] : words);
}
