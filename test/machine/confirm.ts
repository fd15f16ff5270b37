/**
 * A merge that takes itself back unless it is confirmed, by systemd's timers and over reboots.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, danceGiven, type GetMachine, itOnMachine } from "./support.ts";
import { saidBy, settled, until } from "./waiting.ts";

/** Cuts the node off, if cron were its ssh. */
const BALL = { "files/etc/risky": "new\n", "scripts/cut": "systemctl disable --now cron" };
const UNDONE = "[ $(cat /etc/risky) = old ]";
const CRON = ["systemctl", "show", "--property=ActiveState,UnitFileState", "cron"];
const CRON_RUNS = "ActiveState=active\nUnitFileState=enabled\n";

/** Register the tests. */
export function confirmCases(machine: GetMachine): void {
  itOnMachine("what is not confirmed is undone, services too, and stays out", async () => {
    await prepare(machine());
    assertDanced(await danceBall(machine(), BALL, "--confirm", "20s"));
    await until(machine(), UNDONE);
    await until(machine(), "systemctl is-active -q cron");
    assertEquals(await machine().run(CRON), CRON_RUNS);
    const again = await danceGiven(machine());
    assertEquals([again.code, again.result.merged, await risky(machine())], [1, false, "old\n"]);
    assertStringIncludes(again.stderr, "nobody confirmed its merge");
    const other = { "files/etc/risky": "better\n" };
    assertDanced(await danceBall(machine(), other));
    assertEquals(await risky(machine()), "better\n");
  });

  itOnMachine("what was not confirmed dances again by disco confirm", async () => {
    await prepare(machine());
    assertDanced(await danceBall(machine(), BALL, "--confirm", "5s"));
    await until(machine(), `${UNDONE} && systemctl is-active -q cron`);
    const { code, stdout } = await machine().disco("confirm");
    assertEquals([code, stdout], [0, "report: ball a dances again\n"]);
    assertDanced(await danceGiven(machine()));
    assertEquals(await risky(machine()), "new\n");
  });

  itOnMachine("what is confirmed stays, and its timer goes", async () => {
    await prepare(machine());
    const danced = await danceBall(machine(), BALL, "--confirm", "1h");
    assertDanced(danced);
    const unit = `disco-confirm-${danced.result.generation}`;
    assertEquals(await stateOf(machine(), `${unit}.timer`), "active");
    assertEquals((await machine().disco("confirm")).code, 0);
    assertEquals(await stateOf(machine(), `${unit}.timer`), "inactive");
    assertEquals(await risky(machine()), "new\n");
    await machine().bash("! ls /var/disco/due | grep .");
  });

  itOnMachine("a deadline that passes while the machine is off is kept at boot", async () => {
    await prepare(machine());
    assertEquals((await machine().disco("install")).code, 0);
    assertDanced(await danceBall(machine(), BALL, "--confirm", "1h"));
    await machine().powerOff();
    await machine().powerOn(new Date(Date.now() + 2 * 3_600_000));
    await settled(machine());
    assertEquals([await risky(machine()), await machine().run(CRON)], ["old\n", CRON_RUNS]);
    assertStringIncludes(await saidBy(machine(), "disco-recover"), "in time: undone by generation");
    assertStringIncludes(await saidBy(machine(), "disco-due"), "systemctl start cron.service");
  });

  itOnMachine("a deadline that is still ahead at boot is armed again, and kept", async () => {
    await prepare(machine());
    assertEquals((await machine().disco("install")).code, 0);
    const danced = await danceBall(machine(), BALL, "--confirm", "1h");
    assertDanced(danced);
    await machine().reboot();
    await settled(machine());
    assertEquals(await risky(machine()), "new\n");
    const unit = `disco-confirm-${danced.result.generation}`;
    assertEquals(await stateOf(machine(), `${unit}.timer`), "active");
    // So that nobody has to wait for an hour.
    const at = await machine().run(["systemctl", "show", "-P", "ExecStart", unit]);
    const [, deadline] = / --at (\S+) /.exec(at) ?? [];
    assert(deadline, at);
    await machine().run(["date", "--utc", "--set", deadline]);
    await machine().run(["systemctl", "start", unit], { seconds: 600 });
    await until(machine(), "systemctl is-active -q cron");
    assertEquals([await risky(machine()), await machine().run(CRON)], ["old\n", CRON_RUNS]);
  });
}

async function prepare(machine: Machine): Promise<void> {
  await machine.write("/etc/risky", "old\n");
}

async function risky(machine: Machine): Promise<string> {
  return await machine.run(["cat", "/etc/risky"]);
}

async function stateOf(machine: Machine, unit: string): Promise<string> {
  return (await machine.exec(["systemctl", "is-active", unit])).stdout.trim();
}
