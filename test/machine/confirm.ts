/**
 * A merge that takes itself back, by systemd's timers, unless it is confirmed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, type GetMachine, itOnMachine } from "./support.ts";

const BALL = { "files/etc/risky": "new\n" };

/** Register the tests. */
export function confirmCases(machine: GetMachine): void {
  itOnMachine("what is not confirmed is undone", async () => {
    await machine().write("/etc/risky", "old\n");
    assertDanced(await danceBall(machine(), BALL, "--confirm", "20s"));
    assertEquals(await risky(machine()), "new\n");
    await becomes(machine(), "old\n");
  });

  itOnMachine("what is confirmed stays", async () => {
    await machine().write("/etc/risky", "old\n");
    assertDanced(await danceBall(machine(), BALL, "--confirm", "60s"));
    assertEquals((await machine().disco("confirm")).code, 0);
    await machine().bash("sleep 60; ! systemctl list-units --all | grep disco-confirm");
    assertEquals(await risky(machine()), "new\n");
  });

  itOnMachine("what is not confirmed is undone after a power cut, too", async () => {
    await machine().write("/etc/risky", "old\n");
    assertEquals((await machine().disco("install")).code, 0);
    assertDanced(await danceBall(machine(), BALL, "--confirm", "5s"));
    await machine().powerCut();
    await becomes(machine(), "old\n");
  });

  itOnMachine("a deadline that is still ahead after a power cut is kept", async () => {
    await machine().write("/etc/risky", "old\n");
    assertEquals((await machine().disco("install")).code, 0);
    assertDanced(await danceBall(machine(), BALL, "--confirm", "4m"));
    await machine().powerCut();
    assertEquals(await risky(machine()), "new\n");
    await becomes(machine(), "old\n", 300);
  });
}

async function risky(machine: Machine): Promise<string> {
  return await machine.run(["cat", "/etc/risky"]);
}

async function becomes(machine: Machine, content: string, seconds = 120): Promise<void> {
  const wait =
    'for ((i = 0; i < $2; i++)); do [ "$(cat /etc/risky)" != "$1" ] || exit 0; sleep 1; done';
  await machine.exec(["bash", "-c", wait, "bash", content.trim(), `${seconds}`], {
    seconds: seconds * 2,
  });
  assertEquals(await risky(machine), content);
}
