/**
 * What rsync's exit codes and messages mean to the administrator.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Kind } from "./address.ts";
import { tooDeep } from "./incoming.ts";
import { UNIVERSE } from "./source.ts";
import type { Rsync, RsyncResult } from "./rsync.ts";

/** Items that the server does not have; the caller knows who asked for them. */
export class MissingError extends Error {
  override name = "MissingError";
  constructor(readonly names: readonly string[]) {
    super(`missing: ${names.join(", ")}`);
  }
}

/**
 * Throw what a failed call means: a {@linkcode MissingError} when all that went wrong is that some
 * of `names` do not exist, else a {@linkcode DiscoError}. `alone` says that the one item is an rsync
 * module of its own.
 */
export function fail(
  what: string,
  kind: Kind,
  server: string,
  names: readonly string[],
  rsync: Rsync,
  result: RsyncResult,
  alone: boolean,
): never {
  // Between its walls rsync has the universe at another place.
  const lines = messages(result.stderr.replaceAll(`"${UNIVERSE}/`, `"${server}/`));
  const missing = missingNames(lines, kind, names, alone);
  if (missing.length) throw new MissingError(missing);
  const [why, hint] = explain(rsync, result, lines);
  const said = lines.slice(0, 3).join("; ");
  throw new DiscoError(
    `Cannot fetch ${what} from "${printable(server)}": ${said ? `${why}: ${said}` : why}`,
    hint ? { hint } : {},
  );
}

/** rsync could not be started at all. */
export function notStarted(program: string): DiscoError {
  return new DiscoError(`Cannot run "${printable(program)}": there is no such program`, {
    hint: "install the package rsync, or correct disco/client/cmds/rsync",
  });
}

function explain(
  { budget }: Rsync,
  { code, signal, ended, stderr }: RsyncResult,
  lines: readonly string[],
): [why: string, hint?: string] {
  const says = (pattern: RegExp) => pattern.test(stderr);
  if (ended === "depth") return [tooDeep(), "remove it on the server"];
  if (ended) return budget.explain(ended);
  if (says(/File too large \(27\)/)) return budget.explain("bytes");
  if (says(/^bwrap: /m)) {
    return ["the walls for rsync cannot be built", "in a container, it must be a privileged one"];
  }
  if (says(/@ERROR: Unknown module/)) {
    return ["the server has no such rsync module", "check the module in the server's address"];
  }
  if (says(/REMOTE HOST IDENTIFICATION HAS CHANGED/)) {
    return [
      "the server's host key is not the one that is known here",
      "compare it with the server's; if that is the new one, ssh-keygen -R HOST and ssh-keyscan HOST",
    ];
  }
  if (says(/Host key verification failed/)) {
    return [
      "the server is an unknown host here: its key is not in known_hosts",
      "compare what ssh-keyscan HOST prints with the server's /etc/ssh/ssh_host_*_key.pub, " +
      "and put it into /root/.ssh/known_hosts",
    ];
  }
  if (says(/@ERROR: (auth failed|access denied)|Permission denied \(/)) {
    return [
      "the server refuses this node",
      "let it know the node's key, or user and password (RSYNC_PASSWORD, --password-file)",
    ];
  }
  if (code === 126) {
    return ["the program cannot be run", "let everybody read and run it: chmod a+rx"];
  }
  if (code === 30 || code === 35 || says(/timed? ?out/i)) {
    return ["timeout", "check the server and the network; see disco/client/fetch/timeout"];
  }
  if (
    code === 10 || code === 255 ||
    says(/failed to connect|Connection refused|Could not resolve|Name or service not known/)
  ) {
    return ["no connection", "check the server's address and that rsync is served there"];
  }
  if (says(/No space left on device|Disk quota exceeded/)) return ["the disk is full"];
  if (code === 12 || signal !== null || [19, 20].includes(code)) {
    const by = signal === null ? "" : ` (killed by ${signal})`;
    return [`the transfer was cut off${by}`, "run disco fetch again"];
  }
  if (code === 24) return ["the universe was being changed meanwhile", "run disco fetch again"];
  if (code === 23) {
    return [
      "it could not be read as a whole",
      ...(says(/Permission denied/)
        ? [
          "rsync runs as an account of its own: on a FUSE or network file system let others read it",
        ]
        : []),
    ] as [string, string?];
  }
  if (code === 127 || says(/failed to execute/i)) {
    return ["a program is missing", "install rsync on the server, and what the settings name here"];
  }
  return [lines.length ? "rsync failed" : `rsync ended with ${code}`];
}

/** What rsync and ssh say, without rsync's summary at the end when there is something better. */
function messages(stderr: string): string[] {
  const lines = stderr.split("\n").map((line) => printable(line.trim())).filter(Boolean);
  const better = lines.filter((line) => !/^rsync error: |^Warning: Permanently added/.test(line));
  return (better.length ? better : lines).map((line) =>
    line.replace(/^rsync: (\[\w+\] )?/i, "").replace(/^rsync error: /, "")
  );
}

/** The names that do not exist; none when anything else went wrong too. */
function missingNames(
  lines: readonly string[],
  kind: Kind,
  names: readonly string[],
  alone: boolean,
): string[] {
  // What follows from the first error: the other side hangs up, nothing is deleted.
  const noise = /^(?:read|write) error: |^IO error encountered|connection unexpectedly closed/;
  const isModule = /^@ERROR: Unknown module '/;
  const real = lines.filter((line) => !noise.test(line));
  // A universe need not have groups.
  const noGroups =
    /^(@ERROR: Unknown module 'groups'|change_dir "([^"]*\/)?groups".* failed: No such file or directory)/;
  if (kind === "groups" && real.length > 0 && real.every((line) => noGroups.test(line))) {
    return [...names];
  }
  const missing = real.map((line) => {
    const path = /^(?:link_stat|change_dir) "([^"]*)".* failed: No such file or directory/.exec(
      line,
    );
    return path?.[1]?.split("/").at(-1) ?? (alone && isModule.test(line) ? names[0] : undefined);
  });
  return missing.length && missing.every((name) => name !== undefined && names.includes(name))
    ? [...new Set(missing as string[])]
    : [];
}
