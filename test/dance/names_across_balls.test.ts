import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

const FILES = "mkdir -p /srv/d; echo 1 >/srv/f; echo other >/srv/other; ln -s t /srv/l; sleep 0.02";

/** What a first ball does, a later one, and which path is told to part from other names. */
const PARTED: readonly (readonly [first: string, later: string, path: string])[] = [
  ["ln /srv/f /srv/g", "echo 2 >>/srv/g", "/srv/g"],
  ["ln /srv/f /srv/g", "chmod 600 /srv/f", "/srv/f"],
  ["ln /srv/f /srv/g", "ln /srv/g /srv/h", "/srv/g"],
  ["ln /srv/f /srv/g", "mv /srv/g /srv/d/g", "/srv/d/g"],
  ["echo n >/srv/n; ln /srv/n /srv/m", "echo 2 >>/srv/m", "/srv/m"],
  ["echo n >/srv/n; ln /srv/n /srv/m; ln /srv/n /srv/o", "chown 5 /srv/m", "/srv/m"],
  ["ln /srv/l /srv/k", "chown -h 5 /srv/k", "/srv/k"],
];

const WHOLE: readonly (readonly [first: string, later: string])[] = [
  ["ln /srv/f /srv/g", "echo 2 >>/srv/other"],
  ["ln /srv/f /srv/g", "rm /srv/g"],
  ["ln /srv/f /srv/g; ln /srv/f /srv/h", "rm /srv/g"],
  ["echo n >/srv/n; ln /srv/n /srv/m", "rm /srv/n /srv/m"],
  // What stands for removed paths in a layer is one file with several names.
  ["rm /srv/f /srv/other", "echo n >/srv/f; echo n >/srv/other"],
];

describeOnHost("names that one ball has given a file", () => {
  for (const [first, later, path] of PARTED) {
    it(`are parted by a later one, which is told: ${first}; later ${later}`, async () => {
      await using scene = await newScene();
      await scene.sh(FILES);
      scene.ball("a", first).ball("b", { "scripts/1": later, requires: "after a\n" });
      for (const run of [scene.dryRun(), scene.dance()]) {
        const { result } = await run.ok();
        const told = result.notSimulated.filter(({ kind }) => kind === "names");
        assertEquals(told.map(({ ball, what }) => [ball, what.split(" ")[0]]), [["b", path]]);
      }
    });
  }

  for (const [first, later] of WHOLE) {
    it(`are as after a plain run, and nothing is told: ${first}; later ${later}`, async () => {
      const look = "cd /srv; stat -c '%n %h' f g h n m other 2>/dev/null || true";
      await using plain = await newScene();
      await plain.sh(`${FILES}; ${first}; ${later}`);
      await using scene = await newScene();
      await scene.sh(FILES);
      scene.ball("a", first).ball("b", { "scripts/1": later, requires: "after a\n" });
      const { result } = await scene.dance().ok();
      assertEquals(result.notSimulated.filter(({ kind }) => kind === "names"), []);
      assertEquals(
        await scene.host.run(["sh", "-c", look]),
        await plain.host.run(["sh", "-c", look]),
      );
    });
  }
});
