import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { describeOnHost, mountFuse, Scene, type ThrowawayHost } from "../host/mod.ts";
import type { Balls } from "../outside/attack.ts";
import { LINKS } from "../outside/attacks/links.ts";
import { SCENE } from "../outside/scene.ts";
import { compareObserved, observe } from "./observe.ts";
import { busyHost } from "./scene.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const UNIVERSE = fromFileUrl(new URL("universe", import.meta.url));
/** Of each kind one; test/outside tries all of them. */
const KINDS = [
  "a link to /usr/bin in the place of a mount point",
  "nothing in the place of a mount point",
  "a diff through a link to /run/secret",
  "a diff through a link to /proc",
  "a delivery through an absolute link",
];

/** Milliseconds; a machine can be very busy, and what a killed dance leaves is another test's. */
const LONGEST = 600_000;

describeOnHost("a dry run on a host with file systems of users, and two levels of them", () => {
  for (const root of ["tmpfs", "ext4"] as const) {
    it(`leaves a host with the root ${root} alone, whatever its balls try`, async () => {
      await using host = await busyHost({ root });
      const scene = new Scene(host);
      await scene.sh(SCENE);
      await mountFuse(host, "/srv/fuse", 1000);
      await mountFuse(host, "/srv/shared", 1000, { allowOther: true });
      // The first dance of a host leaves access times.
      await scene.disco("dance", "--noop");
      await assertUntouched(host, "nasty", ["--server", UNIVERSE, "--node", "nasty"]);
      for (const kind of KINDS) {
        scene.balls(ballsOf(kind));
        await assertUntouched(host, kind, FROM_GIVEN);
      }
    });
  }
});

function ballsOf(kind: string): Balls {
  const found = LINKS.find(({ what }) => what.startsWith(kind));
  if (!found) throw new Error(`Cannot find the attack "${kind}"`);
  return found.balls;
}

async function assertUntouched(
  host: ThrowawayHost,
  what: string,
  options: readonly string[],
): Promise<void> {
  const before = await observe(host);
  const argv = host.discoArgv("dance", "--noop", ...options);
  const { signal, stdout, stderr } = await host.exec(argv, { timeout: LONGEST });
  assertEquals(signal, null, `${what} was ended by its time`);
  assertEquals(compareObserved(before, await observe(host)), [], what);
  assertEquals(/^\s+at .*:\d+:\d+/m.exec(stdout + stderr)?.[0], undefined, `${what}: ${stderr}`);
}
