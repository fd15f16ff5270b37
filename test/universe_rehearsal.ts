/**
 * A rehearsal: balls applied twice to a throw-away overlay of this machine, by a small shell script
 * and not by DISCO. So what is tested here is the balls alone.
 *
 * @module
 */
import { Eta } from "eta";
import { dirname, join } from "@std/path";
import { readBall } from "../lib/ball/mod.ts";
import { mergeTrees, Params } from "../lib/params/mod.ts";
import { run } from "../lib/process/run.ts";

/** What to rehearse. */
export interface Rehearsal {
  /** The folder with `balls/`, `parameters/` and `groups/`. */
  universe: string;
  node: string;
  /** More parameters of the node, by key. */
  parameters?: Record<string, string>;
  /** More balls of the node. */
  balls?: string[];
  /** Absolute paths whose outcome is wanted. */
  keep?: string[];
  /** Bash, run first on what counts as the live root. */
  prepare?: string;
  /** Commands that stand before those of the system: a shell script each. */
  commands?: Record<string, string>;
}

/** What came out of it. */
export interface Outcome {
  /** The balls in the order in which they were applied. */
  balls: string[];
  /** "BALL SCRIPT", both rounds. */
  failed: string[];
  /** Command lines that were asked for in the first and in the second round. */
  effects: [string[], string[]];
  /** Paths that the second round changed. */
  changed: string[];
  /** "mode:owner:group" of the paths that were kept. */
  attributes: Record<string, string>;
  /** Content of the regular files that were kept. */
  content: Record<string, string>;
  /** What the scripts printed. */
  output: string;
}

/** Whether this machine lets us: root, overlays in a mount namespace of our own, and systemd. */
export function canRehearse(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const dir = Deno.makeTempDirSync();
  try {
    const script = `[ -x /usr/bin/systemctl ] && mount -t tmpfs tmpfs "$1" && mkdir "$1"/{u,w,m} &&
      mount -t overlay o -o "lowerdir=/,upperdir=$1/u,workdir=$1/w" "$1/m"`;
    return new Deno.Command("unshare", {
      args: ["--mount", "--net", "bash", "-c", script, "bash", dir],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  } finally {
    Deno.removeSync(dir);
  }
}

/** Rehearse; nothing of it stays on the machine. */
export async function rehearse(rehearsal: Rehearsal): Promise<Outcome> {
  const work = Deno.makeTempDirSync();
  try {
    const balls = prepare(work, rehearsal);
    const script = join(import.meta.dirname!, "universe_rehearsal.sh");
    const argv = ["unshare", "--mount", "--pid", "--fork", "--net", "--propagation", "private"];
    const text = await run([...argv, "bash", script, work], { timeout: 120_000 });
    return outcome(work, balls, text);
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
}

function prepare(work: string, rehearsal: Rehearsal): string[] {
  const { universe, node } = rehearsal;
  const write = (path: string, text: string, mode = 0o644) => {
    Deno.mkdirSync(dirname(join(work, path)), { recursive: true });
    Deno.writeTextFileSync(join(work, path), text, { mode });
  };
  const extra = { ...rehearsal.parameters };
  for (const ball of rehearsal.balls ?? []) extra[`modules/${ball}`] = "";
  for (const [key, value] of Object.entries(extra)) write(`extra/${key}`, value);

  const groups = groupsOf(universe, node).sort().map((group) => join(universe, "groups", group));
  const sources = [...groups, join(universe, "parameters", node), join(work, "extra")];
  const order = orderOf(universe, sources.flatMap((source) => names(join(source, "modules"))));
  const defaults = order.map((ball) => join(universe, "balls", ball, "parameters"));
  Deno.mkdirSync(join(work, "parameters"));
  mergeTrees([...defaults, ...sources], join(work, "parameters", node));

  for (const folder of ["stage", "kept"]) Deno.mkdirSync(join(work, folder));
  write("node", node);
  write("keep", (rehearsal.keep ?? []).map((path) => `${path}\n`).join(""));
  write("prepare", rehearsal.prepare ?? "");
  write("order", order.map((ball, number) => `${number} ${ball}\n`).join(""));
  const commands = { ...COMMANDS, ...rehearsal.commands };
  for (const [name, text] of Object.entries(commands)) write(`bin/${name}`, text, 0o755);
  const param = join(import.meta.dirname!, "..", "lib", "params", "disco_param.sh");
  write("bin/disco-param", Deno.readTextFileSync(param), 0o755);
  for (const [number, ball] of order.entries()) {
    copyTree(join(universe, "balls", ball), join(work, "balls", String(number)));
    renderEta(work, number, ball, node);
  }
  return order;
}

/** The stand-ins: effects are noted, and what only changes files runs. */
const COMMANDS = {
  "hostname": `#!/bin/sh\nprintf '%s\\n' "$DISCO_NODE"\n`,
  "disco-effect": `#!/bin/sh\necho "effect $DISCO_ROUND $*" >>/run/rehearsal/effects\n`,
  "systemctl": `#!/bin/sh
case $1 in
  is-enabled | enable | disable) exec /usr/bin/systemctl "$@" ;;
  *) exec disco-effect systemctl "$@" ;;
esac
`,
  "service": `#!/bin/sh\nexec disco-effect service "$@"\n`,
};

function groupsOf(universe: string, node: string): string[] {
  const found = new Set<string>();
  const add = (group: string) => {
    if (found.has(group)) return;
    found.add(group);
    names(join(universe, "groups", group, "member")).forEach(add);
  };
  names(join(universe, "parameters", node, "member")).forEach(add);
  return [...found];
}

/** A ball after all that it requires; `before` is turned around once everything is known. */
function orderOf(universe: string, listed: string[]): string[] {
  const first = new Map<string, Set<string>>();
  const discover = (name: string) => {
    if (first.has(name)) return;
    first.set(name, new Set());
    const { requires } = readBall(join(universe, "balls", name), name);
    for (const { relation, ball } of requires) {
      discover(ball);
      if (relation === "after") first.get(name)!.add(ball);
      else first.get(ball)!.add(name);
    }
  };
  listed.forEach(discover);
  const order = new Set<string>();
  const place = (name: string) => {
    if (order.has(name)) return;
    [...first.get(name)!].sort().forEach(place);
    order.add(name);
  };
  [...first.keys()].sort().forEach(place);
  return [...order];
}

function renderEta(work: string, number: number, ball: string, node: string): void {
  const dir = join(work, "balls", String(number));
  const eta = new Eta({ autoEscape: false, autoTrim: false });
  const it = { ball, node, facts: FACTS, ...parametersFor(join(work, "parameters", node)) };
  for (const path of readBall(dir, ball).templates.filter((name) => name.endsWith(".eta"))) {
    const source = join(dir, "templates", path);
    const target = join(dir, "rendered", path.replace(/\.eta$/, ""));
    Deno.mkdirSync(dirname(target), { recursive: true });
    Deno.writeTextFileSync(target, eta.renderString(Deno.readTextFileSync(source), it));
    Deno.chmodSync(target, Deno.statSync(source).mode! & 0o777);
  }
}

function parametersFor(dir: string) {
  const params = new Params(dir);
  return {
    params: params.object(),
    param: (key: string, fallback?: string) => {
      const value = params.get(key) ?? fallback;
      if (value === undefined) throw new Error(`There is no parameter "${key}"`);
      return value;
    },
    keys: (key: string) => names(join(dir, key)).sort(),
  };
}

/** Facts of a machine that stays the same. */
export const FACTS = {
  hostname: "node",
  fqdn: "node.example.org",
  os: {
    id: "debian",
    id_like: [],
    version_id: "12",
    pretty_name: "Debian GNU/Linux 12 (bookworm)",
    family: "debian",
  },
  kernel: "6.1.0",
  architecture: "x86_64",
  cpus: 2,
  memory: 4 * 2 ** 30,
  addresses: [{ interface: "lo", family: 4, address: "127.0.0.1" }],
  mounts: [{ path: "/", type: "ext4", source: "/dev/vda1" }],
  boot_id: "00000000-0000-0000-0000-000000000000",
};

function names(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function copyTree(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) copyTree(source, target);
    else if (isSymlink) Deno.symlinkSync(Deno.readLinkSync(source), target);
    else Deno.copyFileSync(source, target);
  }
}

function outcome(work: string, balls: string[], text: string): Outcome {
  const effects = linesOf(join(work, "effects"));
  const of = (lines: string[], start: string) =>
    lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  const lines = text.split("\n");
  const kept = of(lines, "kept ").map((line) => line.split(" ") as [string, string]);
  return {
    balls,
    failed: of(lines, "failed "),
    effects: [of(effects, "effect 1 "), of(effects, "effect 2 ")],
    changed: of(lines, "changed "),
    attributes: Object.fromEntries(kept.map(([attributes, path]) => [path, attributes])),
    content: Object.fromEntries(
      kept.map(([, path]) => [path, join(work, "kept", path)] as const)
        .filter(([, copy]) => Deno.lstatSync(copy).isFile)
        .map(([path, copy]) => [path, Deno.readTextFileSync(copy)]),
    ),
    output: linesOf(join(work, "output")).join("\n"),
  };
}

function linesOf(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
