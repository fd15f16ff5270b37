/**
 * Universes to measure with: balls of small files, templates and scripts, and the same things as
 * the baseline has them.
 *
 * @module
 */
import type { ThrowawayHost } from "../host/mod.ts";

/** How much there is of everything, all balls together. */
export interface Size {
  readonly balls: number;
  readonly files: number;
  readonly templates: number;
  readonly scripts: number;
  /** Repetitions, unless told. */
  readonly runs: number;
}

/** What is measured. */
export const SIZES = {
  small: { balls: 5, files: 50, templates: 10, scripts: 5, runs: 5 },
  large: { balls: 20, files: 1_000, templates: 200, scripts: 20, runs: 2 },
  huge: { balls: 100, files: 10_000, templates: 1_000, scripts: 100, runs: 1 },
} as const satisfies Record<string, Size>;

/** Where the universe is in the host, and what everything in it is written below. */
export const UNIVERSE = "/srv/universe";
export const TARGET = "/opt/bench";
/** The node that dances. */
export const NODE = "bench";

/** One template in five is executed by bash, the others are Eta's. */
const BASH_EVERY = 5;
/** Files of a folder. */
const PER_FOLDER = 25;
/** One file in a hundred changes. */
const CHANGES_EVERY = 100;

/** Write a universe into a host. */
export function writeUniverse(host: ThrowawayHost, size: Size): void {
  each(size.balls, (b) => {
    host.write(`${UNIVERSE}/parameters/${NODE}/modules/${ballName(b)}`, "");
    host.write(`${UNIVERSE}/parameters/${NODE}/bench/${ballName(b)}`, `value of ${b}\n`);
    // Chains of five, as roles have them.
    if (b % 5 > 0) host.write(`${ballPath(b)}/requires`, `after ${ballName(b - 1)}\n`);
  });
  each(size.files, (n) => host.write(filePath(size, n), fileText(n, 0)));
  each(size.templates, (n) => writeTemplate(host, n % size.balls, n));
  each(size.scripts, (n) => {
    const b = n % size.balls;
    host.write(`${ballPath(b)}/scripts/${10 + Math.floor(n / size.balls)}-lines`, script(b, n));
  });
}

/** Give one file in a hundred another content; `version` makes it new. */
export function changeUniverse(host: ThrowawayHost, size: Size, version: number): void {
  for (let n = 0; n < size.files; n += CHANGES_EVERY) {
    host.write(filePath(size, n), fileText(n, version));
  }
}

function ballName(b: number): string {
  return `ball-${String(b).padStart(3, "0")}`;
}

function ballPath(b: number): string {
  return `${UNIVERSE}/balls/${ballName(b)}`;
}

function filePath(size: Size, n: number): string {
  const b = n % size.balls;
  const folder = Math.floor(n / size.balls / PER_FOLDER);
  return `${ballPath(b)}/files${TARGET}/${ballName(b)}/${folder}/file-${n}.conf`;
}

/** 200 to 2,000 bytes. */
function fileText(n: number, version: number): string {
  const lines = 5 + n % 45;
  return `# file ${n}, version ${version}\n${
    `setting = a value of file ${n} that is long\n`.repeat(lines)
  }`;
}

/**
 * A template that shows the node's name and a parameter, in ten lines: Eta's or bash's, and beside
 * it those that the baseline and the others fill in.
 */
function writeTemplate(host: ThrowawayHost, b: number, n: number): void {
  const name = ballName(b);
  const at = `${TARGET}/${name}/rendered/template-${n}.conf`;
  const text = (node: string, value: string, count: number) =>
    `node ${node} has ${value}\n`.repeat(count);
  const isBash = n % BASH_EVERY === BASH_EVERY - 1;
  // The others fill in all of them by themselves.
  const count = isBash ? 1 : 10;
  host.write(`${UNIVERSE}/peers/perl/${name}${at}`, text("@NODE@", "@VALUE@", count));
  host.write(
    `${UNIVERSE}/peers/mustache/${name}${at}.mustache`,
    text("{{node}}", "{{value}}", count),
  );
  if (isBash) {
    const say = `echo "node $DISCO_NODE has $(disco-param get "$DISCO_NODE/bench/${name}")"\n`;
    host.write(`${ballPath(b)}/templates${at}`, say);
    // disco-param is DISCO's: the baseline reads the file.
    const read = `echo "node $DISCO_NODE has $(<"$PARAMETERS/bench/${name}")"\n`;
    host.write(`${UNIVERSE}/baseline/${name}/templates${at}.sh`, read);
    return;
  }
  const eta = text("<%= it.node %>", `<%= it.param("bench/${name}") %>`, count);
  host.write(`${ballPath(b)}/templates${at}.eta`, eta);
  const sed = text("@NODE@", "@VALUE@", count);
  host.write(`${UNIVERSE}/baseline/${name}/templates${at}.sed`, sed);
}

/** Sees to it that a file has three lines; changes nothing if it has. */
function script(b: number, n: number): string {
  const file = `${TARGET}/${ballName(b)}/lines-${n}`;
  return `set -eu
mkdir -p ${TARGET}/${ballName(b)}
for line in one two three; do
  grep -qx "$line" ${file} 2>/dev/null || echo "$line" >>${file}
done
`;
}

function each(count: number, action: (n: number) => void): void {
  for (let n = 0; n < count; n++) action(n);
}
