/**
 * Units before a dance, after it, and after its rollback.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { assertDanced, danceBall, type GetMachine, itOnMachine } from "./support.ts";
import { until } from "./waiting.ts";

const UNITS = ["cron", "nginx", "hidden", "broken", "beat"];
const FAILING = "[Service]\nExecStart=/bin/false\n";
const SLEEPING = "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n";

/** Changes the state of each unit, in a way of its own. */
const BALL = {
  "files/etc/nginx/conf.d/answer.conf": "server { listen 127.0.0.1:8080; }\n",
  "files/etc/systemd/system/beat.service": SLEEPING,
  "files/etc/systemd/system/broken.service": SLEEPING,
  "scripts/all": `systemctl disable --now cron
    systemctl reload nginx
    systemctl unmask hidden; systemctl enable --now hidden
    systemctl restart broken
    systemctl enable --now beat`,
};

/** Of the ball's nginx; a reload does not wait for it. */
const LISTENS = "ss -Hltn | grep -q ':8080 '";

/** Register the tests. */
export function rollbackCases(machine: GetMachine): void {
  itOnMachine("a rollback brings units back to what they were, and repeats no effect", async () => {
    await machine().write("/lib/systemd/system/hidden.service", SLEEPING);
    await machine().write("/etc/systemd/system/broken.service", FAILING);
    await machine().bash("systemctl daemon-reload; systemctl mask hidden; systemctl start broken");
    await machine().bash("until systemctl is-failed -q broken; do sleep 0.2; done");
    const before = await statesOf(machine());
    assertEquals(before, [
      ...["cron active enabled", "nginx active enabled", "hidden inactive masked"],
      ...["broken failed static", "beat inactive"],
    ]);

    assertDanced(await danceBall(machine(), BALL));
    assertEquals(await statesOf(machine()), [
      ...["cron inactive disabled", "nginx active enabled", "hidden active enabled"],
      ...["broken active disabled", "beat active enabled"],
    ]);
    await until(machine(), LISTENS);
    const start = await startOf(machine(), "nginx");
    const shown = await machine().disco("rollback", "--noop");
    assertStringIncludes(shown.stdout, "would then run: systemctl start cron.service");

    const { code, stdout, stderr } = await machine().disco("rollback");
    assertEquals(code, 0, stdout + stderr);
    const back = before.with(3, "broken inactive static");
    assertEquals(await statesOf(machine()), back);
    await until(machine(), `! { ${LISTENS}; }`);
    assertEquals(await startOf(machine(), "nginx"), start, "nginx was only reloaded by the dance");
    await machine().bash(
      "! systemctl show -P NeedDaemonReload cron nginx hidden broken | grep yes",
    );

    await machine().reboot();
    assertEquals(await statesOf(machine()), back);
  });
}

async function statesOf(machine: Machine): Promise<string[]> {
  const script = `for unit; do
      echo "$unit" $(systemctl show -P ActiveState "$unit") $(systemctl show -P UnitFileState "$unit")
    done`;
  return (await machine.bash(script, ...UNITS)).trimEnd().split("\n");
}

async function startOf(machine: Machine, unit: string): Promise<string> {
  return await machine.run(["systemctl", "show", "-P", "ExecMainStartTimestampMonotonic", unit]);
}
