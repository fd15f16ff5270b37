/**
 * A wrong fstab: the machine does not come up by itself any more, unless the merge is undone.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, type GetMachine, itOnMachine } from "./support.ts";
import { saidBy, settled } from "./waiting.ts";

const FSTAB = "/dev/vda / ext4 errors=remount-ro 0 1\n";
/** There is no such device, and no such file system. */
const MISSING = `${FSTAB}/dev/disk/by-label/nosuch /data ext4 x-systemd.device-timeout=5s 0 2\n`;
const UNKNOWN = `${FSTAB}tmpfs /data nosuchfs defaults 0 0\n`;
const DEADLINE_MS = 3_600_000;

/** Register the tests. */
export function emergencyCases(machine: GetMachine): void {
  for (const [what, fstab] of [["device", MISSING], ["file system", UNKNOWN]] as const) {
    itOnMachine(
      `an expired merge that mounts a missing ${what} is undone, and the boot goes on`,
      async () => {
        await mergeAndCut(machine(), fstab);
        await machine().powerOn(new Date(Date.now() + 2 * DEADLINE_MS));
        await assertUndone(machine(), "disco-recover");
      },
    );
  }

  itOnMachine("a merge whose deadline passes in emergency mode is undone there", async () => {
    const unit = await mergeAndCut(machine(), UNKNOWN);
    // Boots do not take so long, and nobody wants to wait for an hour.
    await machine().powerOn(new Date(Date.now() + DEADLINE_MS - 420_000));
    await assertUndone(machine(), unit);
    await machine().bash("journalctl -b | grep 'Reached target emergency.target'");
  });
}

/** Returns the unit that watches the deadline. */
async function mergeAndCut(machine: Machine, fstab: string): Promise<string> {
  assertEquals((await machine.disco("install")).code, 0);
  const ball = { "files/etc/fstab": fstab, "scripts/place": "mkdir -p /data" };
  const danced = await danceBall(machine, ball, "--confirm", `${DEADLINE_MS / 1000}s`);
  assertDanced(danced);
  await machine.powerOff();
  return `disco-confirm-${danced.result.generation}`;
}

async function assertUndone(machine: Machine, unit: string): Promise<void> {
  await settled(machine);
  assertEquals(await machine.run(["cat", "/etc/fstab"]), FSTAB);
  assertStringIncludes(await saidBy(machine, unit), "in time: undone by generation");
  assertEquals((await machine.exec(["systemctl", "is-active", "cron"])).stdout, "active\n");
}
