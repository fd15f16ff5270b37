/**
 * The boot units where nothing is due.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assertDanced, danceBall, type GetMachine, itOnMachine } from "./support.ts";

const UNITS = ["disco-recover", "disco-recover-others", "disco-due"];

/** Register the tests. */
export function installedCases(machine: GetMachine): void {
  itOnMachine("the boot units begin nothing where nothing is due", async () => {
    assertEquals((await machine().disco("install")).code, 0);
    assertDanced(await danceBall(machine(), { "files/etc/a": "a\n" }));
    await machine().reboot();
    for (const unit of UNITS) {
      const asked = "--property=ConditionResult,ExecMainStartTimestampMonotonic,UnitFileState";
      assertEquals(
        (await machine().run(["systemctl", "show", asked, unit])).trim().split("\n").sort(),
        ["ConditionResult=no", "ExecMainStartTimestampMonotonic=0", "UnitFileState=enabled"],
      );
    }
    await machine().bash("! journalctl -b -o cat | grep -i 'ordering cycle'");
  });
}
