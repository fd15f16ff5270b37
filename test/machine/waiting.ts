/**
 * What is waited for in a machine: a script of bash that succeeds at last.
 *
 * @module
 */
import type { Machine } from "./machine.ts";

/** Until a test of bash holds in the machine; what was last seen of it is in the error. */
export async function until(machine: Machine, holds: string, seconds = 600): Promise<void> {
  const script = `for ((i = 0; i < ${seconds}; i++)); do
      ! { ${holds}; } || exit 0
      sleep 1
    done
    journalctl -b --no-pager | tail -n 40; exit 1`;
  const { code, stdout } = await machine.exec(["bash", "-c", script], { seconds: 3 * seconds });
  if (code !== 0) throw new Error(`It has not come to "${holds}": ${stdout}`);
}

/** Until no unit of DISCO's has anything to do any more. */
export async function settled(machine: Machine): Promise<void> {
  await until(
    machine,
    "! { systemctl list-jobs; systemctl list-units --state=activating; } | grep -E 'disco-(recover|due)'",
  );
}

/** What a unit of DISCO's has said since the last boot. */
export async function saidBy(machine: Machine, unit: string): Promise<string> {
  return await machine.run(["journalctl", "-b", "-o", "cat", "--no-pager", "-u", unit]);
}
