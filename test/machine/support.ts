/**
 * Words for tests on virtual machines: a universe, a dance, and what must not have changed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, beforeEach, describe, it } from "@std/testing/bdd";
import type { Result } from "../../mod.ts";
import { whyNoMachine } from "./available.ts";
import { Machine, type Outcome } from "./machine.ts";
import { type Suite, SUITES } from "./suites.ts";

/** The files of a ball, by their path in it. */
export type BallFiles = Readonly<Record<string, string>>;

/** A machine that has been booted when a test asks for it. */
export type GetMachine = () => Machine;

/** Where {@linkcode give} puts its universe, in which node "n" dances. */
export const GIVEN = "/root/universe";

const FROM_GIVEN = ["--server", GIVEN, "--node", "n"];

/**
 * A suite for each system, on a machine that is booted once and is as it was at the beginning of
 * every test; skipped, with the reason printed, where there can be no machines.
 */
export function describeOnMachines(
  name: string,
  fill: (machine: GetMachine, suite: Suite) => void,
): void {
  const reason = whyNoMachine();
  if (reason !== undefined) console.warn(`warning: skipped "${name}" on machines: ${reason}`);
  for (const suite of SUITES) {
    const title = `${suite.title}: ${name}`;
    if (reason !== undefined) {
      describe.ignore(title, () => fill(() => fail(), suite));
      continue;
    }
    describe(title, () => {
      let machine: Machine | undefined;
      beforeAll(async () => {
        machine = booted = await Machine.boot(suite);
        await machine.save();
      });
      beforeEach(async () => await machine!.restore());
      afterAll(async () => await machine?.[Symbol.asyncDispose]());
      fill(() => machine ?? fail(), suite);
    });
  }
}

/**
 * A test, like `it`; `$DISCO_MACHINE_TESTS`, a regular expression, chooses by name which are run,
 * because each takes a minute or more where machines are emulated. What failed is shown at once, with
 * the end of the machine's journal: the next test puts the machine back.
 */
export function itOnMachine(name: string, body: () => Promise<void>): void {
  const chosen = new RegExp(Deno.env.get("DISCO_MACHINE_TESTS") ?? "");
  if (!chosen.test(name)) return it.ignore(name, body);
  it(name, async () => {
    try {
      await body();
    } catch (error) {
      console.error(`failed: ${name}: ${error}\n${await journalEnd()}`);
      throw error;
    }
  });
}

/** The machine of the test that runs; one at a time. */
let booted: Machine | undefined;

async function journalEnd(): Promise<string> {
  try {
    const { stdout } = await booted!.exec(["journalctl", "--no-pager", "-b", "-n", "80"]);
    return `The machine's journal ends with:\n${stdout}`;
  } catch (error) {
    return `The machine's journal cannot be read: ${error}`;
  }
}

function fail(): never {
  throw new Error("There is no machine before the first test");
}

/** Give the machine a universe in which node "n" dances these balls, in the place of the last one. */
export async function give(
  machine: Machine,
  balls: Readonly<Record<string, BallFiles>>,
): Promise<void> {
  const words = Object.entries(balls).flatMap(([ball, files]) => [
    ...["", `parameters/n/modules/${ball}`],
    ...Object.entries(files).flatMap(([path, text]) => [text, `balls/${ball}/${path}`]),
  ]);
  const script = `rm -rf ${GIVEN}
    while [ $# -gt 0 ]; do
      install -D -m 0644 /dev/null "${GIVEN}/$2"; printf %s "$1" >"${GIVEN}/$2"; shift 2
    done`;
  await machine.bash(script, ...words);
}

/** A dance with `--json`: how it ended, and what it said about itself. */
export interface Danced extends Outcome {
  readonly result: Result;
}

/** Dance with `--json`; standard output must be one document. */
export async function dance(machine: Machine, ...options: string[]): Promise<Danced> {
  const outcome = await machine.disco("dance", "--json", ...options);
  try {
    return { ...outcome, result: JSON.parse(outcome.stdout) };
  } catch {
    throw new Error(`The dance printed no JSON document: ${outcome.stdout}${outcome.stderr}`);
  }
}

/** Dance the given universe. */
export async function danceGiven(machine: Machine, ...options: string[]): Promise<Danced> {
  return await dance(machine, ...FROM_GIVEN, ...options);
}

/** Dance a ball "a" of these files, and nothing else. */
export async function danceBall(
  machine: Machine,
  files: BallFiles,
  ...options: string[]
): Promise<Danced> {
  await give(machine, { a: files });
  return await danceGiven(machine, ...options);
}

/** The dance went well. */
export function assertDanced({ result, stderr }: Danced): void {
  assertEquals([result.ok, result.error ?? null], [true, null], stderr);
}

/** The paths that a dance changed. */
export function pathsOf({ changes }: Result): string[] {
  return changes.map(({ path }) => path);
}

/**
 * What a dance must not change: files with their attributes, hashes of those that matter, and
 * mounts. Deno keeps a cache in /root.
 */
export async function stateOf(machine: Machine): Promise<string[]> {
  const script = String.raw`
    cd /; set -- etc usr opt srv home var/spool var/www var/local
    find "$@" -printf '%p|%y|%m|%U:%G|%l|%s|%T@\n'
    find etc opt srv home -type f -exec sha256sum {} +
    getfattr -R -h -d -m '^(user|security|system|trusted)\.' --absolute-names /etc /opt 2>/dev/null
    cut -d' ' -f4- /proc/self/mountinfo`;
  return (await machine.run(["bash", "-c", script])).split("\n").sort();
}

/** Nothing has changed since. */
export async function assertUnchanged(machine: Machine, before: string[]): Promise<void> {
  const after = await stateOf(machine);
  assertEquals(
    {
      gone: before.filter((l) => !after.includes(l)),
      new: after.filter((l) => !before.includes(l)),
    },
    { gone: [], new: [] },
  );
}
