import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
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

async function hostWithUnits(units: Readonly<Record<string, string>>): Promise<ThrowawayHost> {
  const { host } = await newScene();
  host.mkdir("/run/systemd/system");
  host.mkdir("/run/units");
  host.write("/usr/bin/systemctl", SYSTEMD, 0o755);
  // Timers are not what is tested here.
  host.write("/usr/bin/systemd-run", "#!/bin/sh\n", 0o755);
  for (const [name, state] of Object.entries(units)) host.write(`/run/units/${name}`, `${state}\n`);
  return host;
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
    await using host = await hostWithUnits(units);
    host.write("/usr/local/bin/odd", "#!/bin/sh\necho odd >>/run/calls\n", 0o755);
    const { code, stderr } = await new Scene(host).ball("a", BALL).dance();
    assertEquals(code, 0, stderr);
    assertEquals(host.read("/run/units/cron.service"), "inactive\n");
    const done = calls(host);

    const shown = await host.disco("rollback", "--noop");
    assertEquals(shown.code, 0, shown.stderr);
    for (const line of ["gone again: /etc/a", "would then run: systemctl start cron.service"]) {
      assertStringIncludes(shown.stdout, line);
    }
    assertStringIncludes(shown.stdout, "not taken back: odd thing [a/scripts/10-do]");
    assertEquals([calls(host), host.exists("/etc/a")], [done, true]);

    const undone = await host.disco("rollback");
    assertEquals([undone.code, host.exists("/etc/a")], [0, false], undone.stderr);
    assertStringIncludes(undone.stderr, "not taken back: odd thing");
    assertEquals(calls(host).slice(done.length).sort(), [
      "systemctl daemon-reload",
      "systemctl restart web.service",
      "systemctl start cron.service",
      "systemctl stop bad.service",
      "systemctl stop new.service",
    ]);
    assertEquals(host.read("/run/units/cron.service"), "active\n");
  });

  it("repeats a ball's reaction to what changes back, where it can still be run", async () => {
    await using host = await hostWithUnits({});
    host.write("/usr/local/bin/load", '#!/bin/sh\necho "load $(cat "$1")" >>/run/calls\n', 0o755);
    host.write("/etc/rules", "old\n");
    const ball = {
      "files/etc/rules": "new\n",
      "files/etc/more": "more\n",
      "files/usr/local/bin/fresh": "#!/bin/sh\necho fresh >>/run/calls\n",
      permissions: "0755 root root /usr/local/bin/fresh\n",
      reactions: "/etc/rules load /etc/rules\n/etc/more load /etc/more\n/etc/more fresh\n",
      "scripts/1": "disco-effect true",
    };
    const { code, stderr } = await new Scene(host).ball("a", ball).dance();
    assertEquals([code, calls(host)], [0, ["load new", "load more", "fresh"]], stderr);
    const shown = await host.disco("rollback", "--noop");
    assertStringIncludes(shown.stdout, "would then run: load /etc/rules");
    const undone = await host.disco("rollback");
    assertEquals(undone.code, 0, undone.stderr);
    assertEquals(calls(host), ["load new", "load more", "fresh", "load old"]);
    for (const gone of ["load /etc/more", "fresh"]) {
      assertStringIncludes(undone.stderr, `not taken back: ${gone} [a/reaction:/etc/more]`);
    }
  });

  it("reloads what was only reloaded, and makes each unit read its files once", async () => {
    const names = ["gentle", "hard", "own", "ssh", "systemd-modules-load"];
    await using host = await hostWithUnits(
      Object.fromEntries(names.map((name) => [`${name}.service`, "active"])),
    );
    host.write("/usr/lib/systemd/system/ssh.service", "[Service]\n");
    const { code, stderr } = await new Scene(host).ball("a", {
      "files/etc/modules-load.d/a.conf": "tun\n",
      "files/etc/ssh/sshd_config.d/a.conf": "Port 2222\n",
      "files/etc/systemd/system/own.service.d/a.conf": "[Service]\nNice=1\n",
      "scripts/10-do":
        "systemctl reload gentle; systemctl reload hard; systemctl restart hard; systemctl reload own",
    }).dance();
    assertEquals(code, 0, stderr);
    const done = calls(host);
    const undone = await host.disco("rollback");
    assertEquals(undone.code, 0, undone.stderr);
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
    await using host = await hostWithUnits({ "cron.service": "active" });
    host.write("/usr/local/bin/odd", "#!/bin/sh\n", 0o755);
    await new Scene(host).ball("a", BALL).dance();
    const done = calls(host);
    assertEquals((await host.disco("rollback", "--no-effects")).code, 0);
    assertEquals([calls(host), host.exists("/etc/a")], [done, false]);
  });

  it("that leaves something owed fails, and the next dance tries it again", async () => {
    await using host = await hostWithUnits({ "cron.service": "active" });
    await new Scene(host).ball("a", {
      "files/etc/a": "new\n",
      "scripts/10-do": "disco-effect systemctl disable --now cron",
    }).dance();
    const broken = SYSTEMD.replace("verb=$1", '[ "$1" != start ] || exit 1\nverb=$1');
    host.write("/usr/bin/systemctl", broken, 0o755);
    const { code, stderr } = await host.disco("rollback");
    assertEquals([code, host.exists("/etc/a")], [1, false], stderr);
    assertEquals((await host.disco("owed")).code, 1);
    host.write("/usr/bin/systemctl", SYSTEMD, 0o755);
    new Scene(host).balls({ a: { "files/etc/b": "b\n" } });
    assertEquals((await new Scene(host).dance()).code, 0);
    assertEquals(host.read("/run/units/cron.service"), "active\n");
  });

  it("restores the record of delivered files", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const one = { "files/etc/a/1": "1\n", "purge": "/etc/a/*\n" };
    await scene.balls({ a: one }).dance();
    const before = host.read("/var/disco/delivered.json");
    await scene.balls({ a: { ...one, "files/etc/a/2": "2\n" } }).dance();
    const after = host.read("/var/disco/delivered.json");
    await scene.rollback().ok();
    assertEquals(host.read("/var/disco/delivered.json"), before);
    // What a person makes there now is that person's.
    host.write("/etc/a/2", "mine\n");
    scene.balls({ a: one });
    await scene.dance();
    assertEquals([host.read("/etc/a/2"), after === before], ["mine\n", false]);
  });

  it("needs no force for logs and caches, and names and keeps what force takes away", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const files = { "files/var/log/app/log": "1\n", "files/etc/a.d/x": "x\n" };
    await scene.ball("a", files).dance();
    host.write("/var/log/app/log", "1\n2\n");
    await scene.rollback().ok().says("by programs of their own: /var/log/app");

    await scene.ball("a", files).dance();
    host.write("/etc/a.d/mine", "mine\n");
    await scene.rollback().exits(1);
    const forced = await scene.rollback("--force").ok().warns("taken away: /etc/a.d");
    const [id] = /[0-9TZ]+-[0-9a-f]{6}(?=: \d+ operations)/.exec(forced.stdout)!;
    await scene.rollback(id).ok();
    assertEquals(host.read("/etc/a.d/mine"), "mine\n");
  });
});

/** Fails the ball's own check of the connection. */
const RISKY: BallFiles = { "files/etc/risky": "new\n" };

describeOnHost("a dance that wants to be confirmed", () => {
  it("is not undone, nor merged again, by a dance beside it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: RISKY });
    await scene.danceInWords("--confirm", "1h").ok();
    const beside = await scene.danceInWords();
    assertEquals([beside.code, host.exists("/etc/risky")], [5, true]);
    assertStringIncludes(beside.stderr, "waits for its confirmation");
    await scene.disco("confirm").ok();
    await scene.danceInWords().ok();
    assertEquals(host.read("/etc/risky"), "new\n");
    assertEquals(await host.settled(3000).then((all) => all.length), 1, "the watcher is left");
  });

  it("stays out of later dances once nobody did, until it changes or a person says so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: RISKY, b: { "files/etc/b": "b\n" } });
    await scene.danceInWords("--confirm", "1s").ok();
    await host.run(["sh", "-c", "until [ ! -e /etc/risky ]; do sleep 0.1; done"]);
    const next = await scene.dance();
    assertEquals([next.code, host.exists("/etc/risky")], [1, false]);
    assertStringIncludes(next.stderr, "nobody confirmed its merge");

    scene.balls({ a: { "files/etc/risky": "better\n" } });
    await scene.dance().ok();
    assertEquals(host.read("/etc/risky"), "better\n");
    scene.balls({ b: { "files/etc/b": "b\n" } });
    await scene.dance().exits(1);
    await scene.disco("confirm").ok();
    await scene.dance().ok();
    assertEquals(host.read("/etc/b"), "b\n");
  });

  for (const [command, stays] of [["test -e /etc/risky", true], ["test 1 = 2", false]] as const) {
    it(`is ${stays ? "confirmed" : "undone"} by a command: ${command}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls({ a: RISKY });
      const options = ["--confirm", "1h", "--confirm-by", command];
      const { code, stdout, stderr } = await scene.danceInWords(...options);
      assertEquals([code, host.exists("/etc/risky")], [stays ? 0 : 1, stays], stdout + stderr);
      assertEquals((await scene.disco("confirm")).code, stays ? 1 : 0);
    });
  }
});
