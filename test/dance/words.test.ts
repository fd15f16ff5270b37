import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { COMMANDS } from "../../tasks/all.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";
import { GIVEN } from "../host/scene.ts";

/** What looks for balls by their names has to fetch them before. */
const FETCHING = ["dance", "exec-shell"];

/** For each command words of which it does not take the last. */
const TOO_MANY: Readonly<Record<string, readonly string[]>> = {
  dance: ["noop", "a", "--json noop", "--only noop", "--except noop"],
  fetch: ["noop", "a"],
  plan: ["dot", "a"],
  "fs-mount": ["noop"],
  "fs-chroot": ["noop"],
  "exec-render": ["a noop"],
  "exec-run": ["a noop"],
  "exec-shell": ["noop", "a noop"],
  "fs-diff": ["noop"],
  "fs-merge": ["noop"],
  "fs-unmount": ["noop"],
  report: ["DANCE noop"],
  history: ["noop", "show", "show DANCE noop"],
  rollback: ["DANCE noop"],
  confirm: ["noop", "DANCE"],
  recover: ["noop", "DANCE"],
  status: ["noop"],
  owed: ["retry", "DANCE"],
  install: ["noop"],
  param: [
    "noop",
    "get n/x y noop",
    "keys n noop",
    "dump n noop",
    "set n/x noop",
    "delete n/x noop",
  ],
  ball: ["noop", "init", "init b noop", "requires a noop", "lint a noop", "check a noop"],
  check: ["a noop"],
  policy: ["noop -- mount"],
  checks: ["noop"],
  reactions: ["noop", "/etc/x noop"],
};

describeOnHost("a word that a command does not take", () => {
  it("is an error with exit code 3 for each command, and nothing is done", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // Each command would have something to do.
    scene.balls({ a: { "files/etc/a": "a\n", "scripts/1": "disco-effect false" } });
    host.write("/etc/disco/server/uri", GIVEN);
    host.write("/etc/disco/client/node", "n");
    const first = JSON.parse((await scene.disco("dance", "--json")).stdout);
    assertEquals([first.merged, host.exists("/etc/a")], [true, true]);
    host.write("/etc/a", "changed\n");

    assertEquals(Object.keys(TOO_MANY).sort(), COMMANDS.map(({ name }) => name).sort());
    const history = await scene.disco("history");
    for (const fetches of [false, true]) {
      const before = stateOf(host, fetches ? ["/var/disco"] : []);
      const rows = Object.entries(TOO_MANY)
        .filter(([command]) => fetches === FETCHING.includes(command));
      for (const [command, lines] of rows) {
        for (const line of lines) {
          const words = line.split(" ").map((word) => word === "DANCE" ? first.dance : word);
          const { stderr } = await scene.disco(command, ...words).exits(3);
          assert(stderr.startsWith("error: "), stderr);
        }
      }
      await assertUnchanged(host, before);
    }
    assertEquals(await scene.disco("history"), history);
    // The control: without them there is something to do.
    await scene.disco("dance");
    assertEquals(host.read("/etc/a"), "a\n");
    assert((await scene.disco("history")).stdout !== history.stdout);
  });
});
