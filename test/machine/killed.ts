/**
 * A dance that is killed, or loses its power, while it carries out its effects.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Machine } from "./machine.ts";
import { danceGiven, type GetMachine, give, GIVEN, itOnMachine } from "./support.ts";
import { saidBy, settled, until } from "./waiting.ts";

/** Says when it starts; its start lasts until a file is there. */
const SLOW = `[Service]
Type=oneshot
ExecStart=/bin/bash -c 'echo slow >>/root/ran; sync; until [ -e /root/go-on ]; do sleep 1; done'
`;
/** One that may not run twice. */
const ODD = "#!/bin/bash\necho odd >>/root/ran; sync; until [ -e /root/go-on ]; do sleep 1; done\n";

/** Register the tests. */
export function killedCases(machine: GetMachine): void {
  itOnMachine(
    "a restart that is cut off by kill -9 is repeated, and the rest is done",
    async () => {
      await danceUntil(machine(), "systemctl restart slow", "slow");
      await machine().bash("kill -KILL $(systemctl show -P MainPID cut-off); touch /root/go-on");
      await until(machine(), "! systemctl is-active -q cut-off");
      const id = (await machine().bash("ls /var/disco/generations")).trim();
      const history = await machine().disco("history");
      assertMatch(history.stdout, new RegExp(`^${id} .* ${id} `, "m"));
      const { code, stdout } = await machine().disco("recover");
      assertEquals(code, 0, stdout);
      assertStringIncludes(stdout, "systemctl restart slow [a/scripts/ask] was cut off");
      assertEquals(await ran(machine()), ["first", "slow", "slow", "last"]);
      const idle = await danceGiven(machine());
      assertEquals([idle.code, idle.result.changes], [0, []]);
    },
  );

  itOnMachine(
    "a restart that is cut off by a power cut is repeated once the machine is up",
    async () => {
      assertEquals((await machine().disco("install")).code, 0);
      await danceUntil(machine(), "systemctl restart slow", "slow");
      await machine().powerCut();
      // Not before the power cut, else that could come after the restart.
      await machine().bash("touch /root/go-on");
      await settled(machine());
      assertEquals(await ran(machine()), ["first", "slow", "slow", "last"]);
      assertStringIncludes(
        await saidBy(machine(), "disco-due"),
        "was cut off, and carried out again",
      );
      assertEquals((await machine().disco("owed")).code, 0);
    },
  );

  itOnMachine(
    "what may not run twice is owed after a power cut, and the rest is done",
    async () => {
      assertEquals((await machine().disco("install")).code, 0);
      await danceUntil(machine(), "disco-effect odd", "odd");
      await machine().powerCut();
      await settled(machine());
      assertEquals(await ran(machine()), ["first", "odd", "last"]);
      const owed = await machine().disco("owed", "--json");
      assertEquals(owed.code, 1);
      const [{ id, argv, held }] = JSON.parse(owed.stdout).owed;
      assertEquals([argv, held], [["odd"], true]);
      assertStringIncludes(await saidBy(machine(), "disco-due"), "was cut off");
      await machine().bash("touch /root/go-on");
      assertEquals((await machine().disco("owed", "--retry", id)).code, 0);
      assertEquals(await ran(machine()), ["first", "odd", "last", "odd"]);
    },
  );

  itOnMachine("at random moments a power cut leaves old or new, and loses no effect", async () => {
    for (const [mark, has] of Object.entries(MARKS)) {
      await machine().restore();
      assertEquals((await machine().disco("install")).code, 0);
      await machine().bash("touch /root/go-on");
      await beginDance(machine(), "disco-effect odd");
      await until(machine(), has);
      const milliseconds = Math.floor(Math.random() * LONGEST_MS);
      await new Promise((done) => setTimeout(done, milliseconds));
      await machine().powerCut();
      await settled(machine());
      const found = await assertWhole(machine());
      console.log(`cut ${milliseconds} ms after ${mark}: ${found}`);
      if (mark === EFFECT) assertEquals(found, "new");
    }
  });
}

/** When the merge must be on the disk. */
const EFFECT = "the first effect";
/** From when a random time is waited for: how long a merge takes depends on the machine. */
const MARKS = {
  "the merge began": "ls /var/disco/generations | grep -q .",
  "the commit": "ls /var/disco/generations/*/journal.json",
  [EFFECT]: "[ -e /root/ran ]",
};
const LONGEST_MS = 15_000;

/** Whatever the power cut found: the ball was merged or not, and no effect is lost or repeated. */
async function assertWhole(machine: Machine): Promise<"old" | "new"> {
  const isNew = (await machine.exec(["cat", "/etc/a", "/etc/asked"])).code === 0;
  const lines = (await machine.exec(["cat", "/root/ran"])).stdout;
  const owed = (await machine.disco("owed", "--json")).stdout;
  const found = [isNew, lines, owed].join();
  if (!isNew) assertEquals([lines, JSON.parse(owed).owed], ["", []], found);
  for (const name of isNew ? ["first", "odd", "last"] : []) {
    const times = lines.split("\n").filter((line) => line === name).length;
    const isOwed = JSON.parse(owed).owed.some(({ argv }: { argv: string[] }) => argv[0] === name);
    assert(times === 1 || times === 0 && isOwed, found);
  }
  return isNew ? "new" : "old";
}

/** Dance until its second effect has begun, and that is on the disk. */
async function danceUntil(machine: Machine, second: string, mark: string): Promise<void> {
  await beginDance(machine, second);
  await until(machine, `grep -qx ${mark} /root/ran`);
  await machine.bash("sync");
}

/** Begin a dance with three effects. */
async function beginDance(machine: Machine, second: string): Promise<void> {
  await machine.write("/etc/systemd/system/slow.service", SLOW);
  await machine.write("/usr/local/bin/odd", ODD, "0755");
  for (const name of ["first", "last"]) {
    await machine.write(
      `/usr/local/bin/${name}`,
      `#!/bin/sh\necho ${name} >>/root/ran; sync\n`,
      "0755",
    );
  }
  await machine.bash("systemctl daemon-reload; sync");
  const asks = `disco-effect first; ${second}; disco-effect last`;
  const once = `[ -e /etc/asked ] || { touch /etc/asked; ${asks}; }`;
  await give(machine, { a: { "files/etc/a": "a\n", "scripts/ask": once } });
  // What the dance has started outlives it.
  const unit = ["systemd-run", "--unit=cut-off", "--property=KillMode=process"];
  await machine.run([...unit, "disco", "dance", "--server", GIVEN, "--node", "n"]);
}

async function ran(machine: Machine): Promise<string[]> {
  return (await machine.run(["cat", "/root/ran"])).trim().split("\n");
}
