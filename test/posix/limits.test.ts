import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { limitProcess } from "../../lib/posix/mod.ts";
import { supervise, type SuperviseOptions } from "../../lib/process/supervise.ts";

const NAMES = ["core file size", "pending signals", "msgqueue size"];

/** The soft and the hard limits of a program that has waited for a line. */
async function limitsOf(onStart: SuperviseOptions["onStart"]): Promise<string[][]> {
  const lines: string[] = [];
  await supervise(["/bin/sh", "-c", "read -r go && exec cat /proc/self/limits"], {
    env: {},
    timeout: 60_000,
    input: new TextEncoder().encode("\n"),
    onLine: (line) => void lines.push(line),
    ...(onStart && { onStart }),
  });
  return NAMES.map((name) => lines.find((line) => line.startsWith(`Max ${name} `))!)
    .map((line) => line.slice("Max ".length + 22).trim().split(/\s+/).slice(0, 2));
}

describe("the limits of a process that has not started anything yet", () => {
  it("should be set to one byte of a core dump, and half of what is counted by user", async () => {
    const [, pending, queues] = await limitsOf(undefined);
    const half = ([soft]: string[]) => String(Math.floor(Number(soft) / 2));
    assertEquals(await limitsOf(limitProcess), [
      ["1", "1"],
      [half(pending!), half(pending!)],
      [half(queues!), half(queues!)],
    ]);
  });

  it("control: they are others if it is not limited", async () => {
    assert(`${await limitsOf(undefined)}` !== `${await limitsOf(limitProcess)}`);
  });
});
