import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** Prints which mount each folder is that the sandbox has for itself, and what name resolution is. */
const LOOK = "for p in /run/disco/ball /run/disco/out /etc/disco /var/disco /dev/shm; do " +
  `awk -v p="$p" '$5 == p { print $5, $6 }' /proc/self/mountinfo; done; ` +
  "cat /run/net/resolv.conf; cat /run/disco/ball/name";

/** What the next script of a ball and that of another one see after a script has done something. */
async function seenAfter(scene: Scene, first: string): Promise<[next: string[], other: string[]]> {
  scene.live({ "/run/net/resolv.conf": "nameserver 192.0.2.1\n" });
  await scene.sh("ln -sf /run/net/resolv.conf /etc/resolv.conf");
  // The kernel's clock goes on before the script does something, so that this can be seen.
  const script = `${LOOK} >/dev/null; ${first}`;
  scene.ball("a", { "scripts/0": "true", "scripts/1": script, "scripts/2": LOOK, name: "a\n" })
    .ball("b", { "scripts/1": LOOK, name: "b\n", requires: "after a\n" });
  const { stdout } = await scene.danceInWords("--noop").ok();
  const said = (start: string) =>
    stdout.split("\n").filter((line) => line.startsWith(start))
      .map((line) => line.slice(start.length));
  return [said("info: a/2: "), said("info: b/1: ")];
}

/** What scripts do where the sandbox has something mounted, which the next one is not to notice. */
const MOVES: Readonly<Record<string, string>> = {
  "nothing": "true",
  "a file in the union": "echo x >/srv/x",
  "another folder in the place of that of name resolution":
    "mv /run/net /run/other; mkdir /run/net; echo 'nameserver 198.51.100.1' >/run/net/resolv.conf",
  "files where DISCO reads what it has left": "echo x >/run/disco/out/x; mkdir /run/disco/ask/y",
  "other modes there": "chmod 777 /run/disco/out; chmod 700 /run/disco/effects",
};

describeOnHost("what is mounted for a script", () => {
  for (const [what, script] of Object.entries(MOVES)) {
    it(`is as it should be after one that has left ${what}`, async () => {
      await using scene = await newScene();
      const seen = (name: string) => [
        "/run/disco/ball ro,nosuid,nodev,relatime",
        "/run/disco/out rw,nosuid,nodev,relatime",
        "/etc/disco ro,nosuid,nodev,relatime",
        "/var/disco ro,nosuid,nodev,relatime",
        "/dev/shm rw,nosuid,nodev,relatime",
        "nameserver 192.0.2.1",
        name,
      ];
      assertEquals(await seenAfter(scene, script), [seen("a"), seen("b")]);
    });
  }

  it("is all that its start has to look through", async () => {
    await using scene = await newScene();
    await scene.sh("for i in $(seq 50); do mkdir -p /mnt/$i; mount -t tmpfs m /mnt/$i; done");
    scene.ball("a", "echo ready; until [ -e /srv/go ]; do sleep 0.1; done");
    const tables = "for p in $(pgrep -x 'bwrap|deno'); do " +
      `echo "$(cat /proc/$p/comm) $(grep -c ' /mnt/' /proc/$p/mountinfo)"; done | sort -u`;
    await scene.danceInWords("--noop").meanwhile(/ready/, async (running) => {
      const found = (await scene.host.run(["bash", "-c", tables])).trim().split("\n");
      assert(found.includes("bwrap 0"), `${found}`);
      // The control: DISCO itself has them.
      assert(found.some((line) => /^deno [1-9]/.test(line)), `${found}`);
      await running.kill("SIGINT");
    });
  });
});
