/**
 * Dry runs of balls that chance made: the host is as before, whatever they are. The seed is printed;
 * `DISCO_RANDOM_SEED` repeats a run, and with `DISCO_RANDOM_ROUNDS=1` one ball of it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";

import { describeOnHost, Scene, type ThrowawayHost } from "../host/mod.ts";
import { runLimited } from "../outside/limited.ts";
import { randomBalls } from "../outside/random.ts";
import { attackedHost } from "../outside/scene.ts";
import { differences, look } from "../outside/state.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const SEED = Number(
  Deno.env.get("DISCO_RANDOM_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0],
);
const ROUNDS = Number(Deno.env.get("DISCO_RANDOM_ROUNDS") ?? 60);
/** Balls for one host. */
const SHARE = 20;

describeOnHost("a dry run of a ball that chance made", () => {
  console.log(`random balls: DISCO_RANDOM_SEED=${SEED} DISCO_RANDOM_ROUNDS=${ROUNDS}`);
  for (let first = 0; first < ROUNDS; first += SHARE) {
    const last = Math.min(ROUNDS, first + SHARE) - 1;
    it(`leaves the host as it was: ${first} to ${last}`, async () => {
      await using host = await attackedHost(SHORT);
      const bad: unknown[] = [];
      for (let i = first; i <= last; i++) {
        const wrong = await dryRun(host, SEED + i);
        if (wrong.length === 0) continue;
        bad.push({ replay: `DISCO_RANDOM_SEED=${SEED + i}`, wrong, balls: randomBalls(SEED + i) });
      }
      assertEquals(bad, []);
    });
  }
});

describeOnHost("such a ball, outside of the sandbox", () => {
  it("changes the host: a control", async () => {
    await using host = await attackedHost(SHORT);
    const before = await look(host);
    for (let seed = 1; seed <= 5; seed++) {
      // What takes the host itself away would end the test.
      const script = randomBalls(seed).a!["scripts/10"]!.replace(
        /.*(rm -rf|mv|kill|umount).*/g,
        "",
      );
      await host.exec(["bash", "-c", script]);
    }
    assert((await differences(host, before)).length > 0);
  });
});

const SHORT = "mkdir -p /etc/disco/client /srv/fuse; echo 10 >/etc/disco/client/timeout\n";

async function dryRun(host: ThrowawayHost, seed: number): Promise<string[]> {
  new Scene(host).balls(randomBalls(seed));
  const before = await look(host);
  const { wrong } = await runLimited(host, [...host.discoArgv("dance"), "--noop", ...FROM_GIVEN]);
  return [...wrong, ...await differences(host, before)];
}
