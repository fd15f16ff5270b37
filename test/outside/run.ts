/**
 * Runs an attack in a throw-away host, and judges what became of it.
 *
 * @module
 */
import { type Outcome as Ended, Scene, type ThrowawayHost } from "../host/mod.ts";
import type { Attack, Mode } from "./attack.ts";
import { type Limited, runLimited as limited } from "./limited.ts";
import { ALICE, attackedHost, PRECIOUS } from "./scene.ts";
import { differences, look } from "./state.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";
import { names } from "../host/unchanged.ts";

/** How an attack ended: what was wrong, or nothing. */
export interface Verdict {
  readonly wrong: readonly string[];
  readonly ended: Ended;
  /** The most memory that DISCO itself had, in MiB. */
  readonly memory: number;
}

/** The program that is attacked, where it is not the one of this project: words that start it. */
export type Starter = (host: ThrowawayHost) => Promise<readonly string[]>;

/** Attack a host of its own in one mode. */
export async function run(attack: Attack, mode: Mode, starter?: Starter): Promise<Verdict> {
  await using host = await attackedHost(attack.host);
  const scene = new Scene(host);
  for (const balls of attack.earlier ?? []) await scene.balls(balls).dance().ok();
  scene.balls(attack.balls);
  if (attack.universe) await host.run(["bash", "-euc", `cd ${GIVEN}; ${attack.universe}`]);
  const start = await starter?.(host) ?? host.discoArgv();
  const isLater = mode === "rollback" || mode === "recovery";
  if (isLater) await begin(host, attack, mode, start);
  if (attack.user) await asUser(host, attack.user);
  const companion = attack.during === undefined ? undefined : accompany(host, attack.during);
  await companion?.ready;
  const before = await look(host);
  const limited = await command(host, attack, mode, start);
  await companion?.end();
  return await judge(host, attack, { mode, before, limited });
}

/** A dance that went well, or that a power cut ended in the midst of the merge. */
async function begin(
  host: ThrowawayHost,
  attack: Attack,
  mode: Mode,
  start: readonly string[],
): Promise<void> {
  const argv = [...start, "dance", ...FROM_GIVEN, ...attack.options ?? []];
  const cut = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2"];
  // In the user's folder: the fetch renames, too, and so does what is written of the dance.
  const where = ["/home/alice", "/home/alice/d"].flatMap((path) => ["-P", path]);
  const killed = [...cut, ...where, "--inject=renameat2:signal=KILL:when=1", ...argv];
  const { code, stderr } = await host.exec(mode === "recovery" ? killed : argv);
  if ((code === 0) === (mode === "recovery")) throw new Error(`Cannot begin: ${code} ${stderr}`);
  const isBegun = (await names(host, "/var/disco/generations")).length > 0;
  if (!isBegun) throw new Error(`Cannot begin: the power cut came before the merge`);
}

/** The user knows the names of generations: DISCO prints them. */
async function asUser(host: ThrowawayHost, script: string): Promise<void> {
  const IDS = (await names(host, "/var/disco/generations")).join(" ");
  await host.run([...ALICE, "bash", "-euc", script], { env: { IDS } });
}

/** What goes on beside the attacked command. */
export interface Companion {
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

/** Start what goes on beside the attacked command. */
export function accompany(host: ThrowawayHost, script: string): Companion {
  const [, who, text = script] = /^(alice): ([^]*)$/.exec(script) ?? [];
  const env = { DISCO: host.discoArgv().join(" ") };
  const running = host.spawn([...who ? ALICE : [], "bash", "-c", text], { env, timeout: 120_000 });
  return {
    ready: running.printed(/ready/),
    end: async () => {
      await running.kill("SIGKILL").catch(() => {});
      await running.outcome;
    },
  };
}

function command(
  host: ThrowawayHost,
  attack: Attack,
  mode: Mode,
  start: readonly string[],
): Promise<Limited> {
  const { server = GIVEN, limits } = attack;
  const options = ["--server", server, "--node", "n", ...attack.options ?? []];
  const names = Object.keys(attack.balls).sort();
  const runLimited = (host: ThrowawayHost, argv: string[]) => limited(host, argv, limits);
  switch (mode) {
    case "dry":
      return runLimited(host, [...start, "dance", "--noop", ...options]);
    case "live":
      if (attack.command) return runLimited(host, [...start, ...attack.command]);
      return runLimited(host, [...start, "dance", ...options]);
    case "check":
      return runLimited(host, [...start, "check", names.at(-1)!, ...options]);
    case "rollback":
      return runLimited(host, [...start, "rollback"]);
    case "recovery":
      return runLimited(host, [...start, "recover"]);
    case "shell":
      return runLimited(host, [
        "sh",
        "-c",
        SHELL,
        "sh",
        ...start,
        "exec-shell",
        ...names,
        ...options,
      ]);
    case "stages":
      return runLimited(host, ["sh", "-c", STAGES, names.join(" "), options.join(" "), ...start]);
  }
}

/** Every ball is applied, and then the shell's person leaves. */
const SHELL = `
command=; for word; do command="$command '$word'"; done
{ for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.3; printf 'exit\\n'; done; } |
  script -qfec "stty cols 80 rows 24; exec $command" /dev/null
`;

/** The stages of a dry run; what one of them refuses is refused, and the union is taken down. */
const STAGES = `
balls=$0 options=$1; shift; code=0
stage() { "$@" || code=$?; return $code; }
stage "$@" fetch --noop $options && stage "$@" plan $options && stage "$@" fs-mount --noop $options &&
  stage "$@" fs-chroot $options && {
    for ball in $balls; do stage "$@" exec-render $ball $options && stage "$@" exec-run $ball $options; done
    stage "$@" fs-diff $options
  }
"$@" fs-unmount $options
exit $code
`;

async function judge(
  host: ThrowawayHost,
  { then }: Attack,
  run: { mode: Mode; before: Awaited<ReturnType<typeof look>>; limited: Limited },
): Promise<Verdict> {
  const { mode, before, limited } = run;
  const text = limited.ended.stdout + limited.ended.stderr;
  const wrong = [...limited.wrong];
  const isDry = !["live", "rollback", "recovery"].includes(mode);
  for (const line of await differences(host, before)) {
    const isPrecious = PRECIOUS.some((path) =>
      line.startsWith(`${path}:`) || line.startsWith(`${path}/`)
    );
    const isFree = !isDry && !isPrecious && then.changes?.test(line);
    if (!isFree && !then.noise?.test(line)) wrong.push(`changed ${line}`);
  }
  if (then.code && !then.code.includes(limited.ended.code)) {
    wrong.push(`exit code ${limited.ended.code}`);
  }
  if (then.says && !then.says.test(text)) wrong.push(`does not say ${then.says}`);
  if (then.hides?.test(text)) wrong.push(`shows ${then.hides.exec(text)![0]}`);
  if (then.holds) {
    const { code, stdout, stderr } = await host.exec(["bash", "-euc", then.holds]);
    if (code !== 0) wrong.push(`not so: ${then.holds.trim()}: ${stdout}${stderr}`.trim());
  }
  return { wrong, ended: limited.ended, memory: limited.memory };
}
