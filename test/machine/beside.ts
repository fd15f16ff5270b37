/**
 * A timer that dances again and again, beside a merge that nobody has confirmed yet.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { type GetMachine, give, GIVEN, itOnMachine } from "./support.ts";
import { saidBy, until } from "./waiting.ts";

const SERVICE = `[Service]
Type=oneshot
ExecStart=/usr/local/bin/disco dance --server ${GIVEN} --node n
`;
const TIMER = "[Timer]\nOnActiveSec=1s\nOnUnitInactiveSec=1s\nAccuracySec=1s\n";

/** Register the tests. */
export function besideCases(machine: GetMachine): void {
  itOnMachine("a periodic dance neither undoes what waits, nor merges it again", async () => {
    await machine().write("/etc/risky", "old\n");
    await machine().write("/etc/systemd/system/periodic.service", SERVICE);
    await machine().write("/etc/systemd/system/periodic.timer", TIMER);
    await give(machine(), { a: { "files/etc/risky": "new\n" } });
    const dance = ["dance", "--server", GIVEN, "--node", "n", "--confirm", "1h"];
    assertEquals((await machine().disco(...dance)).code, 0);
    await machine().bash("systemctl daemon-reload; systemctl start periodic.timer");
    await ended(machine(), 5);
    assertEquals(await machine().run(["cat", "/etc/risky"]), "new\n");

    await machine().bash("date --set '+2 hours'");
    await until(machine(), "[ $(cat /etc/risky) = old ]");
    await ended(machine(), 1);
    assertStringIncludes(await saidBy(machine(), "periodic"), "nobody confirmed its merge");
    assertEquals(await machine().run(["cat", "/etc/risky"]), "old\n");
    await give(machine(), { a: { "files/etc/risky": "better\n" } });
    await until(machine(), "[ $(cat /etc/risky) = better ]");
  });
}

/** Until the periodic dance has ended twice with a code. */
async function ended(machine: Machine, code: number): Promise<void> {
  const ends = `journalctl -b -u periodic | grep -c 'code=exited, status=${code}/'`;
  await until(machine, `[ $(${ends}) -ge 2 ]`);
}
