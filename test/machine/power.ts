/**
 * A merge that is cut off by a power cut, and what becomes of it at the next boot.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceGiven, type GetMachine, give, GIVEN, itOnMachine } from "./support.ts";

const FILES = 12;
/** An hour: the power goes meanwhile. */
const DELAY = "delay_enter=3600000000";

/** Register the tests. */
export function powerCases(machine: GetMachine): void {
  itOnMachine("a merge that is cut off in its middle is finished at boot", async () => {
    await prepare(machine());
    assertEquals((await machine().disco("install")).code, 0);
    await stopMerge(machine(), FILES / 2);
    assert(isMixed(await contents(machine())), "the merge was not in its middle");
    await machine().powerCut();
    assertEquals(await contents(machine()), all("new"));
    const unit = await machine().run(["systemctl", "status", "disco-recover", "--no-pager"]);
    assertStringIncludes(unit, "status=0/SUCCESS");
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
      await stopMerge(machine(), FILES / 2);
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
    // The first rename of a merge is its commit.
    await stopMerge(machine(), 0);
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

/** Let a dance hang in its merge, after so many files have been exchanged. */
async function stopMerge(machine: Machine, exchanged: number): Promise<void> {
  const inject = `--inject=renameat2:${DELAY}:when=${exchanged + 1}+`;
  const dance = ["disco", "dance", "--server", GIVEN, "--node", "n"];
  const strace = ["strace", "-f", "-o", "/run/trace", "-e", "trace=renameat2", inject];
  await machine.run([
    "systemd-run",
    "--unit=cut-off",
    "-p",
    "TimeoutStopSec=1",
    ...strace,
    ...dance,
  ]);
  const hangs = `until [ "$(grep -c RENAME_ /run/trace)" -gt $1 ]; do sleep 1; done; sleep 3`;
  await machine.run(["bash", "-c", hangs, "bash", `${exchanged}`], { seconds: 900 });
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
