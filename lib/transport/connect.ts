/**
 * From the settings to a server that can be asked.
 *
 * Settings: `disco/server/uri` (or `--server`, `DISCO_SERVER`), `disco/server/layout`,
 * `disco/client/cmds/rsync` and `disco/client/cmds/ssh` (a program and its first arguments),
 * `disco/client/fetch/timeout` (seconds without data), and those in `budget.ts`.
 *
 * @module
 */
import { join } from "@std/path";
import type { Context } from "../context/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { parseLayout } from "./address.ts";
import { Budget, limitsOf } from "./budget.ts";
import { EMBEDDED, embeddedNode, embeddedUniverse } from "./embedded.ts";
import { isFolder } from "../files/look.ts";
import type { Gauge } from "./gauge.ts";
import { parseProgram } from "./program.ts";
import { Remote } from "./remote.ts";
import type { Rsync } from "./rsync.ts";
import { parseServer, type Server } from "./server.ts";
import { splitWords } from "./words.ts";

/** A server, and the name under which it lists the node. */
export interface Connection {
  readonly remote: Remote;
  readonly listedAs: string;
}

/**
 * The server of the context, or the embedded universe. `last` is the name of the server from which
 * came what is here, `work` a folder for what belongs to single calls, `gauge` what is told of
 * progress. Asks nothing yet.
 */
export function connect(
  { server: given, settings, node, roots }: Context,
  last: string | undefined,
  work: string,
  gauge?: Gauge,
): Connection {
  if (given === undefined || given === EMBEDDED) {
    const path = embeddedUniverse(join(roots.fetched, "embedded"));
    const server: Server = { kind: "path", path };
    const rsync = rsyncOf(settings, server, work, gauge);
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
  const rsync = rsyncOf(settings, server, work, gauge);
  return {
    remote: new Remote(given, server, layout, rsync, last !== given),
    listedAs: node,
  };
}

function rsyncOf(
  settings: Context["settings"],
  server: Server,
  work: string,
  gauge: Gauge | undefined,
): Rsync {
  const timeout = settings.number("disco/client/fetch/timeout");
  const program = parseProgram(settings.text("disco/client/cmds/rsync"));
  const shell = server.kind === "ssh" || (server.kind === "daemon" && program.shell)
    ? remoteShell(settings, program.shell, server.port)
    : undefined;
  // Without TCP_NODELAY a call waits three times 40 ms for delayed acknowledgements.
  const direct = server.kind === "daemon" && !shell
    ? [`--contimeout=${timeout}`, "--sockopts=TCP_NODELAY"]
    : [];
  return {
    program,
    shell,
    options: [`--timeout=${timeout}`, ...direct],
    budget: new Budget(limitsOf(settings)),
    work,
    ...(gauge ? { gauge } : {}),
  };
}

/** The words of `--rsh` in the rsync command, else ssh that asks nothing. */
function remoteShell(
  settings: Context["settings"],
  given: readonly string[] | undefined,
  port: string,
): string[] {
  const key = "disco/client/cmds/ssh";
  const connectTimeout = Math.min(settings.number("disco/client/fetch/timeout"), 20);
  const words = given ?? [
    ...splitWords(settings.text(key), key),
    ...["-o", "BatchMode=yes", "-o", `ConnectTimeout=${connectTimeout}`],
  ];
  return port ? [...words, "-p", port] : [...words];
}
