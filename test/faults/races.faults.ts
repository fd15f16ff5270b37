/**
 * Races with a user, for a bounded number of rounds.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { describeOnHost } from "../host/mod.ts";
import { RACES } from "../outside/races.ts";
import { accompany, run } from "../outside/run.ts";
import { attackedHost } from "../outside/scene.ts";

const ROUNDS = Number(Deno.env.get("DISCO_RACE_ROUNDS") ?? 8);
const OLD_WAY = fromFileUrl(new URL("../outside/old_way.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
/** Seconds of the old way at most. */
const TRIES = 30;

describeOnHost("a race is not lost", () => {
  for (const race of RACES) {
    it(race.what, async () => {
      for (let round = 1; round <= ROUNDS; round++) {
        const { wrong } = await run(race, race.modes[0]!);
        assertEquals(wrong, [], `round ${round}`);
      }
    });

    it(`control: by plain paths it is: ${race.what}`, async () => {
      await using host = await attackedHost(`${race.host}mkdir -p /run/test`);
      const companion = accompany(host, race.during!);
      await companion.ready;
      const argv = [Deno.execPath(), "run", "-A", "--no-check", "--config", CONFIG, OLD_WAY];
      const isHit = async () => (await host.exec(["bash", "-c", race.isHit])).code === 0;
      for (let i = 0; i < TRIES && !await isHit(); i++) await host.run([...argv, race.old]);
      await companion.end();
      assertEquals(await isHit(), true, `not once in ${TRIES} seconds`);
    });
  }
});
