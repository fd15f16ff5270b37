/**
 * The ball that ships with DISCO: dry, live, idle, undone, and stage by stage.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  assertDanced,
  assertUnchanged,
  dance,
  type GetMachine,
  itOnMachine,
  pathsOf,
  stateOf,
} from "./support.ts";

const STAGES = [
  ...[["fetch"], ["plan"], ["fs-mount"], ["fs-chroot"], ["exec-render", "hello"]],
  ...[["exec-run", "hello"], ["fs-diff"], ["fs-merge"], ["fs-unmount"]],
];

const EMBEDDED = ["--server", "embedded"];

const HELLO = [
  "/etc/disco-hello",
  "/etc/disco-hello/facts.txt",
  "/etc/disco-hello/node.conf",
  "/etc/disco-hello/settings.conf",
  "/etc/disco-hello/welcome.txt",
];

/** Register the tests. */
export function helloCases(machine: GetMachine): void {
  itOnMachine("a dry run says what would change, and changes nothing", async () => {
    const before = await stateOf(machine());
    const danced = await dance(machine(), "--noop");
    assertDanced(danced);
    assertEquals(pathsOf(danced.result), HELLO);
    assertEquals(danced.result.effects.map(({ status }) => status), ["would-run", "would-run"]);
    await assertUnchanged(machine(), before);
  });

  itOnMachine(
    "a live run merges, the next one finds nothing to do, and rollback undoes it",
    async () => {
      const before = await stateOf(machine());
      const live = await dance(machine(), ...EMBEDDED);
      assertDanced(live);
      assertEquals([live.result.merged, pathsOf(live.result)], [true, HELLO]);
      assertEquals(live.result.effects.map(({ status }) => status), ["done", "done"]);
      assertMatch(await machine().run(["cat", HELLO[2]!]), /^greeting = Hello$/m);
      const idle = await dance(machine(), ...EMBEDDED);
      assertDanced(idle);
      assertEquals([idle.result.merged, idle.result.changes], [false, []]);
      assertEquals((await machine().disco("rollback")).code, 0);
      await assertUnchanged(machine(), before);
    },
  );

  itOnMachine("the stages, one by one, do what the dance does", async () => {
    for (const stage of STAGES) {
      const { code, stderr } = await machine().disco(...stage, ...EMBEDDED);
      assertEquals(code, 0, `${stage}: ${stderr}`);
    }
    assertStringIncludes(await machine().run(["cat", HELLO[3]!]), "greeting = Hello\n");
    const idle = await dance(machine(), ...EMBEDDED);
    assertDanced(idle);
    assertEquals(idle.result.changes, []);
  });

  itOnMachine("a dry run on a scratchpad on disk comes to the same", async () => {
    await machine().write("/var/disco/parameters/disco/client/scratch", "disk");
    const danced = await dance(machine(), "--noop");
    assertDanced(danced);
    assertEquals(pathsOf(danced.result), HELLO);
    await machine().bash("! losetup -a | grep .; ! grep disco /proc/self/mountinfo");
  });

  itOnMachine("a dry run without root comes to the same", async () => {
    await machine().run(["useradd", "--create-home", "user"]);
    const { code, stdout, stderr } = await machine().exec(
      ["runuser", "-u", "user", "--", "disco", "dance", "--noop", "--json"],
      { seconds: 900 },
    );
    assertEquals(code, 0, stderr);
    assertEquals(pathsOf(JSON.parse(stdout)), HELLO);
  });
}
