/**
 * A merge that is cut off by a power cut, and what becomes of it at the next boot.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceGiven, type GetMachine, give, GIVEN, itOnMachine } from "./support.ts";

const FILES = 12;
/** A moment of a merge: what a test of bash says of it, and the calls that wait before it. */
interface Moment {
  readonly holds: string;
  readonly call: "renameat" | "renameat2";
  /** Microseconds, so that there is time to find it. */
  readonly delay: number;
}
/** Files change places with what is staged, which takes flags. */
const HALF: Moment = {
  holds: '[ "$(grep -lx new /etc/many/* | wc -l)" -ge $1 ]',
  call: "renameat2",
  delay: 10_000_000,
};
/** The rename that is the commit has no flags, for which libc has the older call. */
const WRITTEN: Moment = {
  holds: "[ -e /var/disco/generations/*/journal.json.new ]",
  call: "renameat",
  delay: 2_000_000,
};

/** Register the tests. */
export function powerCases(machine: GetMachine): void {
  itOnMachine("a merge that is cut off in its middle is finished at boot", async () => {
    await prepare(machine());
    assertEquals((await machine().disco("install")).code, 0);
    await mergeUntil(machine(), HALF);
    assert(isMixed(await contents(machine())), "the merge was not in its middle");
    await machine().powerCut();
    assertEquals(await contents(machine()), all("new"));
    const show = ["systemctl", "show", "-p", "ConditionResult", "-p", "ExecMainStatus"];
    assertEquals(
      (await machine().run([...show, "disco-recover"])).trim().split("\n").sort(),
      ["ConditionResult=yes", "ExecMainStatus=0"],
    );
    const idle = await danceGiven(machine());
    assertDanced(idle);
    assertEquals(idle.result.changes, []);
    assertEquals((await machine().disco("rollback")).code, 0);
    assertEquals(await contents(machine()), all("old"));
  });

  itOnMachine(
    "control: without the boot unit the half stays, until the next dance finishes it",
    async () => {
      await prepare(machine());
      await mergeUntil(machine(), HALF);
      await machine().run(["sync"]);
      await machine().powerCut();
      assert(isMixed(await contents(machine())), "there was nothing to recover");
      assertDanced(await danceGiven(machine()));
      assertEquals(await contents(machine()), all("new"));
    },
  );

  itOnMachine("a merge that is cut off before its commit has not been", async () => {
    await prepare(machine());
    assertEquals((await machine().disco("install")).code, 0);
    // The rename of the journal is the commit.
    await mergeUntil(machine(), WRITTEN);
    await machine().powerCut();
    assertEquals(await contents(machine()), all("old"));
    assertDanced(await danceGiven(machine()));
    assertEquals(await contents(machine()), all("new"));
  });

  itOnMachine("what a dance has merged survives a power cut right after it", async () => {
    await prepare(machine());
    assertDanced(await danceGiven(machine()));
    await machine().powerCut();
    assertEquals(await contents(machine()), all("new"));
  });
}

/** Files that are old, and a ball that makes them new. */
async function prepare(machine: Machine): Promise<void> {
  const names = Array.from({ length: FILES }, (_, i) => `etc/many/${i + 10}`);
  await machine.bash('mkdir /etc/many; for f; do echo old >"/$f"; done; sync', ...names);
  await give(machine, { a: Object.fromEntries(names.map((name) => [`files/${name}`, "new\n"])) });
}

/** Let a slow dance merge until a moment has come; it goes on meanwhile. */
async function mergeUntil(machine: Machine, { holds, call, delay }: Moment): Promise<void> {
  const dance = ["disco", "dance", "--server", GIVEN, "--node", "n"];
  const slowly = [`trace=${call}`, `inject=${call}:delay_enter=${delay}`];
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", ...slowly.flatMap((e) => ["-e", e])];
  await machine.run(["systemd-run", "--unit=cut-off", ...strace, ...dance]);
  const script = `until ${holds}; do systemctl is-active -q cut-off; sleep 0.5; done`;
  await machine.run(["bash", "-euc", script, "bash", `${FILES / 2}`], { seconds: 900 });
}

async function contents(machine: Machine): Promise<string[]> {
  return (await machine.bash("cat /etc/many/*")).trim().split("\n");
}

function all(content: string): string[] {
  return Array.from({ length: FILES }, () => content);
}

function isMixed(found: readonly string[]): boolean {
  return found.includes("old") && found.includes("new");
}
