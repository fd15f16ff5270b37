import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { Result } from "../../mod.ts";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { itWith, pathsOf } from "./support.ts";

/** A network of the host that is not the machine's: one interface, and nobody else on it. */
async function network(host: ThrowawayHost): Promise<void> {
  const lines = [
    "link add lan0 address 02:00:00:00:00:07 type bridge",
    "link set lan0 up",
    "addr add 192.0.2.7/24 dev lan0",
    "addr add 2001:db8::7/64 dev lan0 nodad",
    "route add default via 192.0.2.1 dev lan0",
    "route add 198.51.100.0/24 via 192.0.2.2 dev lan0",
  ];
  for (const line of lines) await host.run(["ip", ...line.split(" ")]);
}

/** The lines `WORD=...` of a new file. */
function said(result: Result, word: string): string[] {
  const lines = result.changes.flatMap(({ diff }) => diff?.split("\n") ?? []);
  return lines.filter((line) => line.startsWith(`+${word}=`)).map((l) => l.slice(word.length + 2));
}

describeOnHost("the /run of the sandbox", () => {
  const LOOK = `stat -c 'mode=%a %U:%G %F' /run/app /run/app/deep
find /run -mindepth 1 -path /run/disco -prune -o ! -type d -printf 'other=%p\\n'
find /run/user -printf 'user=%p\\n'
[ -d /run/universe/balls ] && echo universe=seen`;

  it("has the directories of the live one, empty, with owners and modes", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const [path, mode] of [["app", 0o2770], ["app/deep", 0o700], ["user/7/keyring", 0o700]]) {
      host.mkdir(`/run/${path}`, mode as number);
    }
    scene.live({ "/run/app/pid": "1\n" });
    await scene.sh("chown games:adm /run/app; chmod 2770 /run/app; mkfifo /run/app/fifo");
    const socket = "IO::Socket::UNIX->new(Local => '/run/app/s', Listen => 1)";
    await host.run(["perl", "-MIO::Socket::UNIX", "-e", socket]);
    const { result, stderr } = await scene.ball("a", `{ ${LOOK}\n} >/srv/seen`).dryRun().gaps();
    assertEquals(said(result, "mode"), ["2770 games:adm directory", "700 root:root directory"]);
    assertEquals(said(result, "other"), [], "files, sockets and links of the host's /run");
    assertEquals(said(result, "user"), ["/run/user", "/run/user/7"]);
    assertEquals(said(result, "universe"), ["seen"], stderr);
  });

  it("is not kept, and what is left there is told, unless tmpfiles.d describes it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/run/old");
    const files = {
      "files/usr/lib/tmpfiles.d/a.conf": "d /run/described 0750 root adm -\n",
      "scripts/1": "mkdir -p /run/old /run/described /run/lost/below; chown games /run/old\n" +
        "touch '/run/a\nb' /run/adduser /run/lock/x",
    };
    const dry = await scene.ball("a", files).dryRun()
      .warns("Would execute: systemd-tmpfiles --create a.conf")
      .effects("systemd-tmpfiles --create a.conf").leaves({ "/run/described": null });
    const told = dry.result.notSimulated.filter(({ kind }) => kind === "place")
      .map(({ what }) => what).sort();
    assertEquals(told, [
      "/run/a\\nb is not kept: add a line for it to tmpfiles.d",
      "/run/lost is not kept: add a line for it to tmpfiles.d",
      "/run/old is not kept: add a line for it to tmpfiles.d",
    ]);
    await scene.dance().ok().leaves({ "/run/lost": null });
    assertEquals(host.lstat("/run/described")?.mode, 0o750);
    // The control: what is as it was asks for nothing.
    await scene.dance().effects();
  });

  it("asks for nothing on a node without systemd-tmpfiles", async () => {
    await using scene = await newScene();
    const files = { "files/etc/tmpfiles.d/a.conf": "d /run/described\n" };
    const { result } = await scene.live({ "/usr/bin/systemd-tmpfiles": null })
      .ball("a", files).dryRun().effects();
    assertEquals(pathsOf(result).at(-1), "/etc/tmpfiles.d/a.conf");
  });

  itWith("/usr/sbin/sshd")("lets sshd test its configuration, which wants /run/sshd", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["ssh-keygen", "-A"]);
    // The control.
    await scene.ball("a", "/usr/sbin/sshd -t").dryRun().fails();
    host.mkdir("/run/sshd");
    await scene.dryRun().ok();
  });

  it("has the resolver's file where resolv.conf leads below /run, in both runs", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/run/systemd/resolve/stub-resolv.conf": "nameserver 127.0.0.53\n" });
    await host.run(["ln", "-sf", "../run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf"]);
    const dry = await scene.ball("a", "cat /etc/resolv.conf >/srv/seen").dryRun().gaps();
    assertStringIncludes(dry.result.changes[0]!.diff!, "+nameserver 127.0.0.53");
    await scene.dance().leaves({ "/srv/seen": "nameserver 127.0.0.53\n" });
  });
});

describeOnHost("the network of a dry run", () => {
  const SEEN = `ip() { /usr/sbin/ip "$@"; }; hostname() { /usr/bin/hostname "$@"; }
{ hostname -I; ip -o addr | awk '{ print $2, $3, $4 }'; ip route | sed 's/ linkdown//'
  ip -6 route | grep -v ^fe80: | sed 's/ linkdown//'; ip -o link | awk '{ print $1, $2, $(NF-2) }'
} >/srv/seen`;

  it("shows the interfaces, addresses and routes of the live one, also to templates", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    const files = { "scripts/1": SEEN, "templates/srv/template": "/usr/bin/hostname -I" };
    const dry = await scene.ball("a", files).dryRun().gaps().ok();
    const live = await scene.dance();
    const diffs = (danced: typeof dry) =>
      danced.result.changes.map(({ path, diff }) => [path, diff]);
    assertEquals(diffs(dry), diffs(live));
    assertStringIncludes(host.read("/srv/seen"), "default via 192.0.2.1 dev lan0");
    assertStringIncludes(host.read("/srv/seen"), "192.0.2.7 2001:db8::7");
    assertStringIncludes(host.read("/srv/template"), "192.0.2.7");
  });

  it("reaches nobody, at once, and says how often; a live one reaches the host", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    const listening = host.spawn([
      "perl",
      "-MIO::Socket::INET",
      "-e",
      "my $s = IO::Socket::INET->new(Listen => 9, LocalPort => 8099, ReuseAddr => 1) or die; " +
      "while (my $c = $s->accept) { print $c qq(reached\\n) }",
    ], { timeout: 120_000 });
    await listening.pid();
    const reach = (at: string) =>
      `{ read -r -t 5 x <&3; echo "at=${at} $x" >>/srv/x; } 3<>/dev/tcp/${at}/8099`;
    const script = ["192.0.2.7", "127.0.0.1", "192.0.2.1", "203.0.113.9"]
      .map((at) => `(${reach(at)}) || true`).join("\n");
    const files = { "scripts/1": script, "scripts/2": `(${reach("192.0.2.7")}) || true` };
    const dry = await scene.ball("a", files).dryRun();
    assertEquals(said(dry.result, "at"), []);
    const told = dry.result.notSimulated.map(({ script, what }) => `${script} ${what}`);
    assertEquals(told, [
      "scripts/1 connections or name look-ups, 4 times",
      "scripts/2 connections or name look-ups, 1 times",
    ]);
    // The control: with the host's network two of them are reached.
    scene.settings({ "noop/network": "yes" });
    await host.run(["ip", "route", "del", "default"]);
    await host.run(["ip", "route", "add", "unreachable", "192.0.2.1"]);
    const open = await scene.ball("a", script).dryRun();
    assertEquals(said(open.result, "at"), ["192.0.2.7 reached", "127.0.0.1 reached"]);
  });

  it("has the host's listeners where a script asks for them, in both runs", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    const ask = `ss -Hltn | awk '{ print "listens=" $4 }' | sort >/srv/seen`;
    const seen = async (...options: string[]) => {
      const { result } = await scene.ball("a", ask).dance(...options).gaps().ok();
      return said(result, "listens");
    };
    assertEquals(await seen("--noop"), [], "the control: nobody listens");
    const listening = host.spawn([
      "perl",
      "-MIO::Socket::INET",
      "-e",
      "my @s = map { IO::Socket::INET->new(Listen => 9, LocalAddr => $_, LocalPort => 8099) } " +
      "qw(192.0.2.7 127.0.0.1); open my $f, '>', '/run/ready'; sleep 600",
    ], { timeout: 120_000 });
    await listening.pid();
    await scene.sh("until [ -e /run/ready ]; do sleep 0.02; done");
    const listeners = ["127.0.0.1:8099", "192.0.2.7:8099"];
    assertEquals(await seen("--noop"), listeners);
    assertEquals(await seen(), listeners);
  });

  it("is told where ip is not installed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    await scene.sh("rm -f /usr/sbin/ip /usr/bin/ip");
    const { result } = await scene.ball("a", "hostname -I >/srv/seen").dryRun();
    assertEquals(result.notSimulated.map(({ what }) => what), [
      "scripts see no interface but lo, and no address of the host: " +
      "the program ip is not installed (package iproute2)",
    ]);
  });
});
