import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

/** Containers that come and go: each with a mount in a mount. */
const CHURN = `
  while :; do for i in {1..20}; do
    mkdir -p /var/lib/c/$i; mount -t tmpfs c$i /var/lib/c/$i
    mkdir /var/lib/c/$i/in; mount -t tmpfs d$i /var/lib/c/$i/in; sleep 0.01
    umount /var/lib/c/$i/in; umount /var/lib/c/$i; rmdir /var/lib/c/$i
  done; done`;

describeOnHost("mounts that come and go during a dance", () => {
  it("are left out and told, and nothing else fails", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/var/lib/c");
    const busy = host.spawn(["bash", "-c", CHURN], { timeout: 300_000 });
    await busy.pid();
    try {
      for (let i = 0; i < 3; i++) {
        scene.balls({ a: { "scripts/1": `echo ${i} >/etc/x; sleep 0.1` } });
        for (const options of [["--noop"], []]) {
          const { code, stderr } = await scene.danceInWords(...options);
          assertEquals([code, stderr], [0, ""]);
        }
        assertEquals(host.read("/etc/x"), `${i}\n`);
      }
    } finally {
      await busy.kill("SIGKILL");
      await busy.outcome;
    }
  });

  it("are told where a ball has changed something in one that went away", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["sh", "-c", "mkdir /srv/m; mount -t tmpfs m /srv/m; echo x >/srv/m/f"]);
    const wait = 'echo ready; until [ "$(cat /srv/gate)" = open ]; do sleep 0.02; done';
    scene.balls({ a: { "scripts/1": `echo y >/srv/m/f; ${wait}` } });
    for (const options of [["--noop"], []]) {
      host.write("/srv/gate", "");
      const running = host.spawn(host.discoArgv("dance", ...FROM_GIVEN, ...options));
      await running.printed(/ready/);
      await host.run(["umount", "/srv/m"]);
      host.write("/srv/gate", "open");
      const { code, stderr } = await running.outcome;
      assertEquals(code, 1, stderr + options.join());
      assert(/"\/srv\/m\/f"|"\/srv\/m"/.test(stderr), stderr);
      assert(!/TypeError|defect of DISCO/.test(stderr), stderr);
      await host.run(["sh", "-c", "mount -t tmpfs m /srv/m; echo x >/srv/m/f"]);
    }
  });
});
