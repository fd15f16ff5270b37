/**
 * Process 1 of the sandbox, and what it writes down of the others.
 *
 * @module
 */
import { SHIM_FOLDER } from "../effects/mod.ts";
import { nameOf, readSmallFile } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import type { NetworkImage } from "./network_image.ts";
import { type Refusal, refusedConnections } from "./refusals.ts";

/**
 * What is process 1 of the sandbox: runs its arguments, reaps what daemons leave behind, and writes
 * down what still runs, and what became of connections. Its end is the end of everything in the sandbox
 * (`pid_namespaces(7)`). What is about to end, as `tee` behind the script's output, gets a moment. What
 * lies at the places of its files already is the script's, and may be a pipe that nobody reads.
 */
const INIT = `umask 022
running() {
  set --
  for stat in /proc/[0-9]*/stat; do
    [ "$stat" != /proc/1/stat ] || continue
    IFS= read -r line <"$stat" || continue
    case \${line##*) } in [ZX]*) continue ;; esac
    line=\${line#*(}
    set -- "$@" "\${line%)*}"
  done 2>/dev/null
  left="$# $*"
  [ $# -gt 0 ]
}
"$@"
code=$?
for moment in 1 2 3 4; do
  running || break
  /bin/sleep 0.05
done
out=${SHIM_FOLDER}/out
[ -e $out/left ] || ! running || echo "$left" >$out/left
[ "$0" = counted ] || [ -e $out/network ] ||
  /bin/cat /proc/net/snmp /proc/net/snmp6 >$out/network 2>/dev/null
exit "$code"`;

const NOTHING = new Uint8Array();

/** Processes that were ended whose names are told. */
const MOST_NAMED = 5;

/** Process 1 of the sandbox, and its arguments: it writes down the counters of what ends with it. */
export function initWords(
  network: boolean,
  image: NetworkImage | undefined,
  argv: readonly string[],
): string[] {
  const isCounted = network || image?.counters !== undefined;
  return ["/bin/sh", "-c", INIT, isCounted ? "counted" : "apart", ...argv];
}

/** What still ran when the command ended, from the file of process 1; a script can write there, too. */
export function leftRunning(union: Union): Refusal[] {
  const said = nameOf(readSmallFile(`${union.folder("out")}/left`) ?? NOTHING);
  const [, count = "", names = ""] = /^(\d{1,6}) (.*)/.exec(said) ?? [];
  if (count === "") return [];
  const own = names.split(" ").slice(0, MOST_NAMED).join(", ");
  const processes = count === "1" ? "1 process" : `${count} processes`;
  const was = count === "1" ? "was" : "were";
  return [{
    kind: "ended",
    what: `${processes} still ran when it ended, and ${was} ended (${own})`,
  }];
}

/** Connections that were counted in the image of each union so far. */
const counted = new WeakMap<Union, number>();

/** How many connections were refused: the image counts those of all scripts. */
export function newConnections(union: Union, image: NetworkImage | undefined): number {
  if (!image?.counters) {
    return refusedConnections(nameOf(readSmallFile(`${union.folder("out")}/network`) ?? NOTHING));
  }
  const all = refusedConnections(image.counters());
  const before = counted.get(union) ?? 0;
  counted.set(union, Math.max(all, before));
  return Math.max(0, all - before);
}
