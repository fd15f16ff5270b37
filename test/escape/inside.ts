/**
 * The program that runs in the throw-away host: sends the probe into the sandbox at each level, and
 * with walls left out, and writes down what it said.
 *
 * @module
 */
import { close, O, openInherited } from "../../lib/posix/mod.ts";
import { nameOf, readFile } from "../../lib/posix/mod.ts";
import type { SandboxOptions } from "../../lib/sandbox/bubblewrap.ts";
import { launch, launchInteractive } from "../../lib/sandbox/launch.ts";
import { type Wall, WALLS } from "../../lib/sandbox/mod.ts";
import { supervise, type SuperviseOptions } from "../../lib/process/supervise.ts";
import { ATTEMPTS, type Barrier, wallsOf } from "./attempts.ts";
import { ENVIRONMENT, inUnion, NODE } from "./sandbox.ts";

/** What the probe said of an attempt. */
export interface Said {
  readonly verdict: "through" | "refused" | "absent" | "broken";
  readonly detail: string;
}

/** What it said of each, by name. */
export type Answers = Readonly<Record<string, Said>>;

/** What it said everywhere. */
export interface Findings {
  readonly dry: Answers;
  readonly live: Answers;
  readonly shell: Answers;
  /** Without all that stops the attempt. */
  readonly controls: Answers;
  /** With one wall, and none besides; by its name. */
  readonly alone: Readonly<Record<string, Answers>>;
  /** With no wall at all. */
  readonly none: Answers;
  /** The capabilities of the host's root, as a hexadecimal number. */
  readonly capabilities: string;
}

const ALL = Object.keys(WALLS) as Wall[];
/** Where the probe is, as a ball of the host; and its path in the sandbox. */
const BALL = "/run/ball";
const PROBE = "/run/disco/ball/probe.pl";
const MINUTE = 60_000;

async function findAll(sandbox: SandboxOptions, bait: Record<string, string>): Promise<Findings> {
  const env = { ...ENVIRONMENT, ...bait };
  const probe = new Probe(sandbox, env);
  const alone: Record<string, Answers> = {};
  for (const wall of ALL) alone[wall] = await probe.run(ALL.filter((other) => other !== wall));
  return {
    dry: await probe.run([]),
    live: await new Probe({ ...sandbox, network: true }, env).run([]),
    shell: await probe.runInShell([]),
    controls: await findControls(probe),
    alone,
    none: await probe.run(ALL),
    capabilities: /^CapEff:\s*(\w+)/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? "0",
  };
}

/** Each attempt without what stops it; those that the same walls stop go together. */
async function findControls(probe: Probe): Promise<Answers> {
  const groups = Map.groupBy(Object.keys(ATTEMPTS), (name) => {
    const { by, shell } = ATTEMPTS[name]!;
    return `${by} ${shell}`;
  });
  let found: Answers = {};
  for (const names of groups.values()) {
    const attempt = ATTEMPTS[names[0]!]!;
    const walls = wallsOf(attempt);
    const run = walls.length === 0
      ? probe.runOutside(names, attempt.by[0] as Barrier)
      : attempt.shell === "refused"
      ? probe.runInShell(walls, names)
      : probe.run(walls, names);
    found = { ...found, ...await run };
  }
  return found;
}

/** Runs the probe. */
class Probe {
  constructor(readonly sandbox: SandboxOptions, readonly env: Record<string, string>) {}

  /** As a script. */
  async run(without: readonly Wall[], names: readonly string[] = []): Promise<Answers> {
    // What a program that is started like this must not inherit.
    const leak = openInherited("/", O.RDONLY);
    try {
      const { lines, env, ...options } = this.#options();
      // AF_PACKET and AF_VSOCK.
      const few = without.includes("seccomp") ? { FAMILIES: "17 40" } : {};
      const all = { ...options, env: { ...env, ...few } };
      await launch(this.sandbox, ["perl", PROBE, ...names], all, without);
      return parse(lines);
    } finally {
      close(leak);
    }
  }

  /** In the shell of a person, at the terminal of this process. */
  async runInShell(without: readonly Wall[], names: readonly string[] = []): Promise<Answers> {
    const command = `perl ${PROBE} ${names.join(" ")} >/run/disco/out/said 2>&1`;
    await launchInteractive(this.sandbox, ["/bin/sh", "-c", command], this.env, without);
    return parse(nameOf(readFile(`${this.sandbox.union.folder("out")}/said`)).split("\n"));
  }

  /** Without a sandbox: in the union by chroot(2) alone, or on the host as it is. */
  async runOutside(names: readonly string[], barrier: Barrier): Promise<Answers> {
    const { lines, ...options } = this.#options();
    const { mountpoint } = this.sandbox.union;
    const inChroot = barrier === "root" || barrier === "powers";
    if (inChroot) await supervise(["cp", "-a", BALL, `${mountpoint}/srv/ball`], options);
    const words = inChroot
      ? ["chroot", mountpoint, "perl", "/srv/ball/probe.pl"]
      : ["perl", `${BALL}/probe.pl`];
    await supervise([...words, ...names], options);
    return parse(lines);
  }

  #options() {
    const lines: string[] = [];
    const onLine: SuperviseOptions["onLine"] = (line, stream) => {
      if (stream === "stdout") lines.push(line);
      else console.error(`escape: ${line}`);
    };
    return { env: this.env, timeout: MINUTE, onLine, lines };
  }
}

function parse(lines: readonly string[]): Answers {
  return Object.fromEntries(
    lines.filter((line) => line !== "").map((line) => {
      const [name = "", verdict, ...detail] = line.split(" ");
      return [name, { verdict, detail: detail.join(" ") } as Said];
    }),
  );
}

/** The processes and files that the probe tries to reach, for as long as it runs. */
async function withBait<T>(use: (bait: Record<string, string>) => Promise<T>): Promise<T> {
  const args = [new URL("bait.pl", import.meta.url).pathname];
  const child = new Deno.Command("perl", { args, stdin: "piped", stdout: "piped" }).spawn();
  try {
    const said = await new Response(child.stdout).text();
    const lines = said.trim().split("\n");
    if (lines.pop() !== "ready") throw new Error("Cannot lay the bait");
    return await use(Object.fromEntries(lines.map((line) => line.split("="))));
  } finally {
    await child.stdin.close();
    await child.status;
  }
}

/** Join a control group, so that there is one above the sandbox's to see; its path, or nothing. */
function joinCgroup(): string {
  const path = "/sys/fs/cgroup/escape";
  try {
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(`${path}/cgroup.procs`, "0");
    return path;
  } catch {
    // There are none here.
    return "";
  }
}

if (import.meta.main) {
  const CGROUP = joinCgroup();
  const findings = await withBait((bait) =>
    inUnion(BALL, (sandbox) => findAll(sandbox, { ...bait, NODE, CGROUP }))
  );
  Deno.writeTextFileSync("/run/findings.json", JSON.stringify(findings));
}
