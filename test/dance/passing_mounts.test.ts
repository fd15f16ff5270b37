import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";

/** Containers that come and go: each with a mount in a mount. */
const CHURN = `
  for i in {1..20}; do
    mkdir -p /var/lib/c/$i; mount -t tmpfs c$i /var/lib/c/$i
    mkdir /var/lib/c/$i/in; mount -t tmpfs d$i /var/lib/c/$i/in; sleep 0.01
    umount /var/lib/c/$i/in; umount /var/lib/c/$i; rmdir /var/lib/c/$i
  done`;

describeOnHost("mounts that come and go during a dance", () => {
  it("are left out and told, and nothing else fails", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/var/lib/c");
    await scene.beside(CHURN, async () => {
      for (let i = 0; i < 3; i++) {
        scene.ball("a", `echo ${i} >/etc/x; sleep 0.1`);
        for (const options of [["--noop"], []]) {
          const { stderr } = await scene.danceInWords(...options).ok();
          assertEquals(stderr, "");
        }
        assertEquals(host.read("/etc/x"), `${i}\n`);
      }
    });
  });

  it("are told where a ball has changed something in one that went away", async () => {
    await using scene = await newScene();
    const mount = "mount -t tmpfs m /srv/m; echo x >/srv/m/f";
    await scene.sh(`mkdir /srv/m; ${mount}`);
    const wait = 'echo ready; until [ "$(cat /srv/gate)" = open ]; do sleep 0.02; done';
    scene.ball("a", `echo y >/srv/m/f; ${wait}`);
    for (const options of [["--noop"], []]) {
      await scene.live({ "/srv/gate": "" }).danceInWords(...options)
        .meanwhile(/ready/, () => scene.sh("umount /srv/m; printf open >/srv/gate"))
        .fails(/"\/srv\/m\/f"|"\/srv\/m"/).omits(/TypeError|defect of DISCO/);
      await scene.sh(mount);
    }
  });
});
