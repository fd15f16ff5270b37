/**
 * Reactions on a system that has really booted: what they read is in force afterwards.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Result } from "../../mod.ts";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, danceGiven, type GetMachine, itOnMachine } from "./support.ts";
import { until } from "./waiting.ts";

const UNIT = "/etc/systemd/system/beat.service";

/** One file for each kind of reaction; the service of "beat" runs already. */
const BALL = {
  "files/etc/sysusers.d/reacted.conf": 'u reacted - "Made by a reaction"\n',
  "files/etc/tmpfiles.d/reacted.conf": "d /run/reacted 0750 root root -\n",
  "files/etc/modules-load.d/reacted.conf": "tun\n",
  "files/etc/sysctl.d/90-reacted.conf": "vm.swappiness = 37\n",
  [`files${UNIT}`]: sleeping(2000),
  "files/etc/ssh/sshd_config.d/reacted.conf": "Port 22\nPort 2222\n",
};

const COMMANDS = [
  "systemd-sysusers reacted.conf",
  "systemd-tmpfiles --create reacted.conf",
  "systemctl restart systemd-modules-load.service",
  "sysctl --system",
  "systemctl daemon-reload",
  "systemctl try-reload-or-restart ssh.service",
];

/** A reload does not wait for sshd to be ready. */
const LISTENS = "ss -Hltn | grep -q ':2222 '";

/** Register the tests. */
export function reactionCases(machine: GetMachine): void {
  itOnMachine(
    "reactions put in force what a dance has changed, once, and no service is restarted",
    async () => {
      await prepare(machine());
      const before = await inForce(machine());
      const dry = await danceBall(machine(), BALL, "--noop");
      assertDanced(dry);
      assertEquals(effectsOf(dry.result, "would-run"), COMMANDS);
      assertEquals(await inForce(machine()), before);

      const main = await mainProcesses(machine());
      assertDanced(await danceGiven(machine()));
      await until(machine(), LISTENS);
      assertEquals(await inForce(machine()), {
        account: "reacted",
        folder: "750 root",
        module: "loaded",
        swappiness: "37",
        "unit is stale": "no",
        "unit says": "2000",
        "sshd was reloaded": "1",
        "sshd listens": "0.0.0.0:22 0.0.0.0:2222",
      });
      assertEquals(await mainProcesses(machine()), main);
    },
  );

  itOnMachine("a dance that changes nothing sets off no reaction", async () => {
    await prepare(machine());
    const live = await danceBall(machine(), BALL);
    assertDanced(live);
    assertEquals(effectsOf(live.result, "done"), COMMANDS);
    await until(machine(), LISTENS);
    // What another run of each would do again.
    await machine().bash("rmdir /run/reacted; sysctl -qw vm.swappiness=11; modprobe -r tun");
    const [loaded, before] = [await lastReload(machine()), await inForce(machine())];
    const idle = await danceGiven(machine());
    assertDanced(idle);
    assertEquals([idle.result.changes, idle.result.effects], [[], []]);
    assertEquals([await lastReload(machine()), await inForce(machine())], [loaded, before]);
  });

  itOnMachine("a rollback sets off the reactions to what it brings back", async () => {
    await prepare(machine());
    assertDanced(await danceBall(machine(), BALL));
    await until(machine(), LISTENS);
    const { code, stdout, stderr } = await machine().disco("rollback");
    assertEquals(code, 0, stdout + stderr);
    await until(machine(), `! { ${LISTENS}; }`);
    const found = await inForce(machine());
    assertEquals([found["unit is stale"], found["unit says"]], ["no", "1000"]);
    assertEquals(found["sshd listens"], "0.0.0.0:22");
  });

  itOnMachine("control: a unit that is only written is not what systemd has loaded", async () => {
    await prepare(machine());
    await machine().write(UNIT, sleeping(2000));
    const found = await inForce(machine());
    assertEquals([found["unit is stale"], found["unit says"]], ["yes", "1000"]);
  });
}

function sleeping(seconds: number): string {
  return `[Service]\nExecStart=/bin/sleep ${seconds}\n`;
}

/** A service whose unit is loaded, because it runs. */
async function prepare(machine: Machine): Promise<void> {
  await machine.write(UNIT, sleeping(1000));
  await machine.bash(
    "systemctl daemon-reload; systemctl start beat; ! grep -q '^tun ' /proc/modules",
  );
}

/** What the system really does now, of that which the ball's files are about. */
async function inForce(machine: Machine): Promise<Record<string, string>> {
  const script = String.raw`say() { printf '%s: %s\n' "$1" "$2"; }
    say account "$(getent passwd reacted | cut -d: -f1)"
    say folder "$(stat -c '%a %U' /run/reacted 2>/dev/null)"
    say module "$(! grep -q '^tun ' /proc/modules || echo loaded)"
    say swappiness "$(cat /proc/sys/vm/swappiness)"
    say 'unit is stale' "$(systemctl show -P NeedDaemonReload beat)"
    say 'unit says' "$(systemctl show -P ExecStart beat | grep -o '/sleep [0-9]* ;' | tr -dc 0-9)"
    say 'sshd was reloaded' "$(journalctl -b -u ssh -o cat | grep -c 'Received SIGHUP')"
    say 'sshd listens' "$(ss -Hltn4p | awk '/"sshd"/ { print $4 }' | sort | xargs)"`;
  const lines = (await machine.run(["bash", "-uc", script])).trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(": ") as [string, string]));
}

/** When systemd has last read all units. */
async function lastReload(machine: Machine): Promise<string> {
  return await machine.run(["systemctl", "show", "-P", "UnitsLoadTimestampMonotonic"]);
}

async function mainProcesses(machine: Machine): Promise<string> {
  return await machine.run(["systemctl", "show", "-P", "MainPID", "beat", "ssh", "cron", "nginx"]);
}

function effectsOf({ effects }: Result, status: string): string[] {
  return effects.filter((effect) => effect.status === status).map(({ argv }) => argv.join(" "));
}
