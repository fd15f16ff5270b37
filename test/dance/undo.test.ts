import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { calls } from "./support.ts";
import type { BallFiles } from "../host/scene.ts";

/**
 * A systemd that knows units by files: `/run/units/NAME` holds "active" or "inactive". What it is asked
 * to do is written down, questions are not.
 */
const SYSTEMD = `#!/bin/sh
if [ "$1" = show ]; then
  shift 3
  for unit; do
    echo "LoadState=$([ -e "/run/units/$unit" ] && echo loaded || echo not-found)"
    echo "ActiveState=$(cat "/run/units/$unit" 2>/dev/null || echo inactive)"
    echo "UnitFileState=disabled"
    echo
  done
  exit 0
fi
[ "$1" != is-active ] || { echo active; exit 0; }
echo "systemctl $*" >>/run/calls
verb=$1; shift
[ "$1" != --now ] || shift
unit=$1; case $unit in *.*) ;; *) unit=$unit.service ;; esac
case $verb in
  start|restart) echo active >"/run/units/$unit" ;;
  stop|disable) echo inactive >"/run/units/$unit" ;;
esac
`;

async function sceneWithUnits(units: Readonly<Record<string, string>>): Promise<Scene> {
  const scene = await newScene();
  const { host } = scene;
  host.mkdir("/run/systemd/system");
  host.mkdir("/run/units");
  host.write("/usr/bin/systemctl", SYSTEMD, 0o755);
  // Timers are not what is tested here.
  host.write("/usr/bin/systemd-run", "#!/bin/sh\n", 0o755);
  for (const [name, state] of Object.entries(units)) host.write(`/run/units/${name}`, `${state}\n`);
  return scene;
}

const BALL: BallFiles = {
  "files/etc/a": "new\n",
  "files/etc/systemd/system/new.service": "[Service]\nExecStart=/bin/true\n",
  "scripts/10-do": "disco-effect systemctl disable --now cron; systemctl restart web; " +
    "systemctl start new; systemctl start bad; disco-effect odd thing",
};

describeOnHost("a rollback", () => {
  it("brings services back, repeats no effect, and names before what it cannot", async () => {
    const units = { "cron.service": "active", "web.service": "active", "bad.service": "failed" };
    await using scene = await sceneWithUnits(units);
    const { host } = scene;
    host.write("/usr/local/bin/odd", "#!/bin/sh\necho odd >>/run/calls\n", 0o755);
    await scene.ball("a", BALL).dance().ok().leaves({ "/run/units/cron.service": "inactive\n" });
    const done = calls(host);

    await scene.rollback("--noop").says(
      "not taken back: odd thing [a/scripts/10-do]",
      "gone again: /etc/a",
      "would then run: systemctl start cron.service",
    ).ok().leaves({ "/etc/a": "new\n" });
    assertEquals(calls(host), done);

    await scene.rollback().warns("not taken back: odd thing").ok()
      .leaves({ "/etc/a": null, "/run/units/cron.service": "active\n" });
    assertEquals(calls(host).slice(done.length).sort(), [
      "systemctl daemon-reload",
      "systemctl restart web.service",
      "systemctl start cron.service",
      "systemctl stop bad.service",
      "systemctl stop new.service",
    ]);
  });

  it("is refused by its dry run as it would be", async () => {
    await using scene = await newScene();
    scene.live({ "/etc/o": "old\n" });
    await scene.ball("a", { "files/etc/o": "new\n" }).dance().ok();
    scene.host.write("/etc/o", "by hand\n");
    for (const options of [["--noop"], []]) {
      await scene.rollback(...options).fails('changed since then: "/etc/o"')
        .leaves({ "/etc/o": "by hand\n" });
    }
    await scene.rollback("--noop", "--force").warns("changed since by others: /etc/o").ok()
      .leaves({ "/etc/o": "by hand\n" });
    await scene.rollback("--force").warns("changed since by others: /etc/o").ok()
      .leaves({ "/etc/o": "old\n" });
  });

  it("takes no file system away that is mounted on what the dance has made", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.ball("a", { "scripts/1": "mkdir -p /srv/vol/data /srv/top", "files/etc/g": "g\n" })
      .dance().ok();
    for (
      const [path, taken] of [["/srv/vol/data", "/srv/vol"], ["/srv/top", "/srv/top"]] as const
    ) {
      await scene.sh(`mount -t tmpfs x ${path}; echo precious >${path}/f`);
      for (const options of [["--noop"], [], ["--force"], ["--noop", "--force"]]) {
        await scene.rollback(...options)
          .fails(`"${taken}" would be taken away, and a file system is mounted at "${path}"`);
        assertEquals([host.read(`${path}/f`), host.read("/etc/g")], ["precious\n", "g\n"]);
      }
      await scene.sh(`umount ${path}`);
    }
    await scene.rollback().ok().leaves({ "/etc/g": null, "/srv/vol": null, "/srv/top": null });
  });

  it("repeats a ball's reaction to what changes back, where it can still be run", async () => {
    await using scene = await sceneWithUnits({});
    const { host } = scene;
    host.write("/usr/local/bin/load", '#!/bin/sh\necho "load $(cat "$1")" >>/run/calls\n', 0o755);
    scene.live({ "/etc/rules": "old\n" });
    const ball = {
      "files/etc/rules": "new\n",
      "files/etc/more": "more\n",
      "files/usr/local/bin/fresh": "#!/bin/sh\necho fresh >>/run/calls\n",
      permissions: "0755 root root /usr/local/bin/fresh\n",
      reactions: "/etc/rules load /etc/rules\n/etc/more load /etc/more\n/etc/more fresh\n",
      "scripts/1": "disco-effect true",
    };
    await scene.ball("a", ball).dance().ok();
    assertEquals(calls(host), ["load new", "load more", "fresh"]);
    await scene.rollback("--noop").says("would then run: load /etc/rules");
    await scene.rollback().warns(
      "not taken back: load /etc/more [a/reaction:/etc/more]",
      "not taken back: fresh [a/reaction:/etc/more]",
    ).ok();
    assertEquals(calls(host), ["load new", "load more", "fresh", "load old"]);
  });

  it("reloads what was only reloaded, and makes each unit read its files once", async () => {
    const names = ["gentle", "hard", "own", "ssh", "systemd-modules-load"];
    await using scene = await sceneWithUnits(
      Object.fromEntries(names.map((name) => [`${name}.service`, "active"])),
    );
    const { host } = scene;
    scene.live({ "/usr/lib/systemd/system/ssh.service": "[Service]\n" });
    await scene.ball("a", {
      "files/etc/modules-load.d/a.conf": "tun\n",
      "files/etc/ssh/sshd_config.d/a.conf": "Port 2222\n",
      "files/etc/systemd/system/own.service.d/a.conf": "[Service]\nNice=1\n",
      "scripts/10-do":
        "systemctl reload gentle; systemctl reload hard; systemctl restart hard; systemctl reload own",
    }).dance().ok();
    const done = calls(host);
    await scene.rollback().ok();
    assertEquals(calls(host).slice(done.length), [
      "systemctl restart systemd-modules-load.service",
      "systemctl daemon-reload",
      "systemctl try-reload-or-restart ssh.service",
      "systemctl try-reload-or-restart gentle.service",
      "systemctl restart hard.service",
      // It may run by the unit file that is undone.
      "systemctl restart own.service",
    ]);
  });

  it("leaves services alone where that is wished", async () => {
    await using scene = await sceneWithUnits({ "cron.service": "active" });
    const { host } = scene;
    host.write("/usr/local/bin/odd", "#!/bin/sh\n", 0o755);
    await scene.ball("a", BALL).dance();
    const done = calls(host);
    await scene.rollback("--no-effects").ok().leaves({ "/etc/a": null });
    assertEquals(calls(host), done);
  });

  it("that leaves something owed fails, and the next dance tries it again", async () => {
    await using scene = await sceneWithUnits({ "cron.service": "active" });
    const { host } = scene;
    await scene.ball("a", {
      "files/etc/a": "new\n",
      "scripts/10-do": "disco-effect systemctl disable --now cron",
    }).dance();
    const broken = SYSTEMD.replace("verb=$1", '[ "$1" != start ] || exit 1\nverb=$1');
    host.write("/usr/bin/systemctl", broken, 0o755);
    await scene.rollback().fails().leaves({ "/etc/a": null });
    await scene.disco("owed").fails();
    host.write("/usr/bin/systemctl", SYSTEMD, 0o755);
    await scene.ball("a", { "files/etc/b": "b\n" }).dance().ok()
      .leaves({ "/run/units/cron.service": "active\n" });
  });

  it("restores the record of delivered files", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const one = { "files/etc/a/1": "1\n", "purge": "/etc/a/*\n" };
    await scene.ball("a", one).dance();
    const before = host.read("/var/disco/delivered.json");
    await scene.ball("a", { ...one, "files/etc/a/2": "2\n" }).dance();
    const after = host.read("/var/disco/delivered.json");
    await scene.rollback().ok();
    assertEquals(host.read("/var/disco/delivered.json"), before);
    // What a person makes there now is that person's.
    await scene.live({ "/etc/a/2": "mine\n" }).ball("a", one).dance();
    assertEquals([host.read("/etc/a/2"), after === before], ["mine\n", false]);
  });

  it("needs no force for logs and caches, and names and keeps what force takes away", async () => {
    await using scene = await newScene();
    const files = { "files/var/log/app/log": "1\n", "files/etc/a.d/x": "x\n" };
    await scene.ball("a", files).dance();
    scene.live({ "/var/log/app/log": "1\n2\n" });
    await scene.rollback().says("by programs of their own: /var/log/app").ok();

    await scene.dance();
    scene.live({ "/etc/a.d/mine": "mine\n" });
    await scene.rollback().fails();
    const forced = await scene.rollback("--force").warns("changed since by others: /etc/a.d").ok();
    const [id] = /[0-9TZ]+-[0-9a-f]{6}(?=: \d+ operations)/.exec(forced.stdout)!;
    await scene.rollback(id).ok().leaves({ "/etc/a.d/mine": "mine\n" });
  });
});

/** Fails the ball's own check of the connection. */
const RISKY: BallFiles = { "files/etc/risky": "new\n" };

describeOnHost("a dance that wants to be confirmed", () => {
  it("is not undone, nor merged again, by a dance beside it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.ball("a", RISKY).danceInWords("--confirm", "1h").ok();
    await scene.danceInWords().warns("waits for its confirmation").exits(5)
      .leaves({ "/etc/risky": "new\n" });
    await scene.disco("confirm").ok();
    await scene.danceInWords().ok().leaves({ "/etc/risky": "new\n" });
    assertEquals(await host.settled(3000).then((all) => all.length), 1, "the watcher is left");
  });

  it("stays out of later dances once nobody did, until it changes or a person says so", async () => {
    await using scene = await newScene();
    await scene.ball("a", RISKY).ball("b", { "files/etc/b": "b\n" })
      .danceInWords("--confirm", "1s").ok();
    await scene.sh("until [ ! -e /etc/risky ]; do sleep 0.1; done");
    await scene.dance().fails("nobody confirmed its merge").leaves({ "/etc/risky": null });

    await scene.balls({ a: { "files/etc/risky": "better\n" } }).dance().ok()
      .leaves({ "/etc/risky": "better\n" });
    await scene.balls({ b: { "files/etc/b": "b\n" } }).dance().fails();
    await scene.disco("confirm").ok();
    await scene.dance().ok().leaves({ "/etc/b": "b\n" });
  });

  it("has a watcher that takes no lock where nothing waits any more", async () => {
    await using scene = await newScene();
    await scene.ball("a", "echo ready; sleep 600").danceInWords("--noop")
      .meanwhile(/ready/, async (running) => {
        await scene.disco("recover", "--at", "2099-01-01T00:00:00.000Z").says("nothing to recover")
          .ok();
        // The control: one that is no watcher meets the lock.
        await scene.disco("recover").exits(4);
        await running.kill("SIGINT");
      });
  });

  for (const [command, stays] of [["test -e /etc/risky", true], ["test 1 = 2", false]] as const) {
    it(`is ${stays ? "confirmed" : "undone"} by a command: ${command}`, async () => {
      await using scene = await newScene();
      scene.ball("a", RISKY);
      const options = ["--confirm", "1h", "--confirm-by", command];
      await scene.danceInWords(...options).exits(stays ? 0 : 1)
        .leaves({ "/etc/risky": stays ? "new\n" : null });
      await scene.disco("confirm").exits(stays ? 1 : 0);
    });
  }
});
