import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import {
  describeOnHost,
  newScene,
  type Running,
  type Scene,
  type ThrowawayHost,
} from "../host/mod.ts";
import { assertNothingLeft, names, stateOf } from "../host/unchanged.ts";

/** Changes something, starts a daemon, then waits; where /etc/go is, it does not wait. */
const LONG = {
  a: {
    "files/etc/delivered": "a\n",
    "scripts/10-long": [
      "echo a >>/etc/hosts; rm /etc/issue; disco-effect touch /etc/effect",
      "setsid -f sleep 600 >/dev/null 2>&1 </dev/null",
      "echo ready; [ -e /etc/go ] || sleep 600",
    ].join("\n"),
  },
};

const GENERATIONS = "/var/disco/generations";

/** Dance, and do something in the middle of the long script. */
function danceAndInTheMiddle(
  scene: Scene,
  disturb: (running: Running) => unknown,
  ...options: string[]
) {
  return scene.danceInWords(...options).meanwhile(/ready/, async (running) => {
    // setsid is back before what it has started is what it will be.
    while (!hasDaemon(scene.host)) await new Promise((done) => setTimeout(done, 5));
    await disturb(running);
  });
}

function hasDaemon(host: ThrowawayHost): boolean {
  return host.processes().some(({ argv }) => argv.join(" ") === "sleep 600");
}

describeOnHost("a dance that is disturbed", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends at ${signal} with nothing merged and nothing left`, async () => {
      await using scene = (await newScene()).balls(LONG);
      await danceAndInTheMiddle(scene, async (running) => {
        // The control: there is something to leave.
        assert(hasDaemon(scene.host));
        assert((await names(scene.host, "/run/disco")).length > 1);
        await running.kill(signal);
      }).fails("The dance was interrupted; nothing was merged").untouched();
    });
  }

  it("ends at a signal to it alone, as from a service manager", async () => {
    await using scene = (await newScene()).balls(LONG);
    const interrupt = async (running: Running) => Deno.kill(await running.pid(), "SIGINT");
    await danceAndInTheMiddle(scene, interrupt).untouched()
      .fails("The dance was interrupted; nothing was merged");
  });

  for (const scratch of ["memory", "disk"] as const) {
    it(`leaves no mount and no process after a kill, and the next cleans up: ${scratch}`, async () => {
      await using scene = (await newScene()).balls(LONG)
        .settings({ scratch, "scratch-size": "64M" });
      const { host } = scene;
      const before = stateOf(host);
      const kill = async (running: Running) => Deno.kill(await running.pid(), "SIGKILL");
      assertEquals((await danceAndInTheMiddle(scene, kill)).signal, "SIGKILL");
      assertEquals([host.mounts(), host.processes()], [before.mounts, before.processes]);

      scene.live({ "/etc/go": "" });
      await scene.danceInWords().says("cleaned up what dance ").ok();
      assertEquals([host.exists("/etc/issue"), host.exists("/etc/effect")], [false, true]);
      await host.settled();
      await assertNothingLeft(host, before);
    });
  }

  it("keeps a second one waiting, and nobody who only looks", async () => {
    await using scene = (await newScene()).balls(LONG);
    await danceAndInTheMiddle(scene, async (running) => {
      for (const options of [[], ["--noop"]]) {
        await scene.danceInWords(...options).exits(4).warns("another dance holds the lock");
      }
      await scene.disco("history").ok();
      await running.kill("SIGINT");
    }, "--noop").untouched();
    await scene.live({ "/etc/go": "" }).danceInWords().ok();
  });
});

describeOnHost("a merge that recovery can neither finish nor take back", () => {
  it("is given up by a person, told path by path, and later dances go on", async () => {
    await using scene = (await newScene()).ball("a", "echo new >/srv/m/f; echo new >/etc/g");
    const { host } = scene;
    await scene.sh("mkdir /srv/m; mount -t tmpfs none /srv/m");
    scene.live({ "/srv/m/f": "old\n", "/etc/g": "old\n" });
    const { result: { generation: id } } = await scene.dance();
    const giveUp = () => scene.disco("recover", "--give-up", id!);
    const refused = `Cannot give up "${id}": no merge of that name was cut off`;
    // The control: what is merged cannot be given up.
    await giveUp().fails(refused);

    // As if it had been cut off at its end, and the disk had died then.
    await host.run(["mv", `${GENERATIONS}/${id}/done`, `${GENERATIONS}/${id}/pending`]);
    await host.run(["umount", "/srv/m"]);
    scene.ball("a", { "files/etc/later": "later\n" });
    for (
      const act of [scene.danceInWords(), scene.danceInWords("--noop"), scene.disco("recover")]
    ) {
      await act.fails(id!).leaves({ "/etc/later": null });
    }
    const { stdout } = await giveUp().ok().leaves({ "/etc/g": "new\n" })
      .warns(`"/srv/m/.disco/${id}" of generation ${id} was moved, removed, or`);
    assertEquals(stdout.split("\n").slice(0, 3).map((line) => line.replace("report: ", "")), [
      `gave up the merge ${id}; what is live stays:`,
      "/etc/g: new",
      "/srv/m/f: missing: it is neither old nor new",
    ]);

    await scene.danceInWords().ok().leaves({ "/etc/later": "later\n" });
    await giveUp().warns(refused);
    await scene.rollback(id!).leaves({ "/etc/g": "new\n" })
      .fails("it was given up, and what it replaced is not kept");
  });
});
