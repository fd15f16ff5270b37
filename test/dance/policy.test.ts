import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compareTrees, describeOnHost, newScene } from "../host/mod.ts";
import { markedPaths } from "../host/dances.ts";
import { calls, stub } from "./support.ts";

const UNIT = "[Service]\nExecStart=/bin/sleep 1\n[Install]\nWantedBy=multi-user.target\n";
const WANTS = "/etc/systemd/system/multi-user.target.wants/app.service";

describeOnHost("the policy of a dance", () => {
  it("comes from the node's parameters, and for one ball from that ball's", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/tool");
    // What a program asks for that the script calls is only reported where it is denied.
    const ask = { "scripts/1": "tool restart; sh -c 'tool look; :'; tool other\n" };
    scene.ball("b", ask).ball("a", {
      ...ask,
      "parameters/a/restricted.d/own": "# a default of the ball\ntool look deny\n",
    });
    scene.parameters({
      "restricted.d/tool": "tool restart effect\n",
      "b/restricted.d/tool": "tool * effect\ntool look run\n",
    });
    const { result } = await scene.dryRun().ok();
    const asked = result.effects.map(({ argv, ball }) => `${ball}: ${argv.join(" ")}`);
    assertEquals(asked, ["a: tool restart", "b: tool other"]);
    const denied = result.notSimulated.filter(({ kind }) => kind === "denied");
    assertEquals(denied.map(({ ball, what }) => `${ball}: ${what}`), ["a: tool look"]);
  });

  it("cannot be told by the server what a question to the live system is", async () => {
    await using scene = await newScene();
    scene.ball("a", { "scripts/1": "sh -c id", "parameters/restricted.d/own": "sh -c host\n" });
    await scene.danceInWords("--noop").fails('restricted.d/own", line 1: expected');
    // The control: the node's own file can.
    scene.live({ "/etc/disco/restricted.d/own.conf": "pgrep host\n" });
    await scene.ball("a", "pgrep -x cat").dryRun().ok();
  });

  it("with a mistake stops the dance, and names file and line", async () => {
    await using scene = await newScene();
    scene.live({ "/etc/disco/restricted.d/own.conf": "\nmount maybe\n" });
    await scene.disco("dance", "--noop")
      .fails('/etc/disco/restricted.d/own.conf", line 2: expected');
  });
});

describeOnHost("systemctl in a ball", () => {
  it("enables in the union, and starts after the merge", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/run/systemd/system");
    const files = {
      "files/etc/systemd/system/app.service": UNIT,
      "scripts/1": "systemctl enable --now app.service && systemctl is-enabled app.service",
    };
    const { result } = await scene.ball("a", files).dryRun()
      // The reaction to a new unit comes first.
      .effects("systemctl daemon-reload", "systemctl enable --now app.service").ok();
    assertEquals(result.changes.some(({ path }) => path === WANTS), true);
  });

  it("tells which units are enabled, as they will be", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const ask = `systemctl enable app.service
{ systemctl list-unit-files --no-legend app.service | tr -s ' ' | cut -d ' ' -f 1,2
  systemctl is-enabled app.service; systemctl get-default; hostname; } >/srv/seen`;
    const files = { "files/etc/systemd/system/app.service": UNIT, "scripts/1": ask };
    await scene.ball("a", files).dance().gaps().ok();
    const plain = await host.run(["sh", "-c", "systemctl get-default; hostname"]);
    assertEquals(host.read("/srv/seen"), `app.service enabled\nenabled\n${plain}`);
  });

  it("adds a wish as a link, which is a change, and undone", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/etc/systemd/system/app.service": UNIT });
    const before = host.tree(["/var/disco", "/run"]);
    const files = { "scripts/1": "systemctl add-wants multi-user.target app.service" };
    const { result } = await scene.ball("a", files).dance().ok();
    assertEquals(host.readlink(WANTS), "/etc/systemd/system/app.service");
    assertEquals(markedPaths(result.changes).at(-1), `+ ${WANTS}`);
    assertEquals(result.effects.filter(({ argv }) => argv.includes("add-wants")), []);
    await scene.rollback().ok();
    assertEquals(compareTrees(before, host.tree(["/var/disco", "/run"])), []);
  });
});

describeOnHost("a command that stands in the policy", () => {
  it("can be replaced by a package, and meets the policy again in the next script", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    const text = "#!/bin/sh\\necho NEW $*\\n";
    const files = {
      "scripts/1":
        `printf '${text}' >/usr/bin/new && chmod 755 /usr/bin/new; mv /usr/bin/new /usr/bin/systemctl`,
      "scripts/2": "systemctl restart x; systemctl --version",
      "scripts/3": `printf '${text}' >/usr/sbin/ufw; chmod 755 /usr/sbin/ufw`,
      "scripts/4": "ufw allow 22",
    };
    await scene.ball("a", files).dryRun()
      .changes("~ /usr/bin/systemctl", "+ /usr/sbin/ufw")
      .effects("systemctl restart x", "ufw allow 22").ok();
    await scene.danceInWords("--noop").says("a/2: NEW --version");
    assertEquals(calls(host), []);
  });

  it("is the real one for whom the policy lets it run", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/systemctl");
    await scene.ball("a", "systemctl enable x && cp /run/calls /etc/calls").dance().effects().ok()
      .leaves({ "/etc/calls": "systemctl enable x\n" });
  });
});

/** What Debian's maintainer scripts do, each in its way. */
const MAINTAINER = [
  "invoke-rc.d one start",
  "if [ -d /run/systemd/system ]; then deb-systemd-invoke restart two.service; fi",
  "/usr/sbin/invoke-rc.d three reload",
  "start-stop-daemon --start --exec /usr/bin/four",
];

describeOnHost("a maintainer script of a package", () => {
  it("asks for services after the merge", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["rm", "-f", "/usr/sbin/policy-rc.d"]);
    host.mkdir("/run/systemd/system");
    for (const path of ["/usr/sbin/invoke-rc.d", "/usr/sbin/start-stop-daemon"]) stub(host, path);
    // What it does, in short: ask policy-rc.d, then systemctl.
    host.write(
      "/usr/bin/deb-systemd-invoke",
      '#!/bin/sh\n/usr/sbin/policy-rc.d "$2" "$1"\n[ $? = 101 ] || systemctl "$1" "$2"\n',
      0o755,
    );
    const files = { "scripts/1": MAINTAINER.join("\n") };
    const asked = async () =>
      (await scene.ball("a", files).dryRun()).result.effects.map(({ argv }) => argv.join(" "));
    const services = ["systemctl restart two.service"];
    assertEquals(await asked(), [
      "invoke-rc.d one start",
      ...services,
      "invoke-rc.d three reload",
      "start-stop-daemon --start --exec /usr/bin/four",
    ]);
    // The control: where the node itself forbids the start of services, none is asked for.
    host.write("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755);
    assertEquals((await asked()).filter((line) => services.includes(line)), []);
    assertEquals(calls(host), []);
  });

  it("asks how a service is, of which nothing is told as a refusal", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["rm", "-f", "/usr/sbin/policy-rc.d"]);
    host.write("/etc/init.d/nginx", "#!/bin/sh\n[ -e /run/nginx-runs ] && exit 0\nexit 3\n", 0o755);
    // As nginx's own does it, and others.
    const script = `for ask in "--quiet nginx" nginx; do
  if invoke-rc.d $ask status >/dev/null 2>&1; then echo runs; else echo stopped; fi
done >/srv/seen`;
    const seen = async () => {
      const { result } = await scene.ball("a", script).dryRun().gaps().effects().ok();
      return result.changes[0]!.diff!.split("\n").filter((line) => /^\+\w/.test(line));
    };
    assertEquals(await seen(), Array(2).fill("+stopped"));
    // The control: it is the live system that answers.
    scene.live({ "/run/nginx-runs": "" });
    assertEquals(await seen(), Array(2).fill("+runs"));
  });
});
