import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
    await host.run(["sh", "-c", "chown games:adm /run/app; chmod 2770 /run/app"]);
    host.write("/run/app/pid", "1\n");
    await host.run(["mkfifo", "/run/app/fifo"]);
    await host.run([
      "perl",
      "-MIO::Socket::UNIX",
      "-e",
      "IO::Socket::UNIX->new(Local => '/run/app/s', Listen => 1)",
    ]);
    const script = `{ ${LOOK}\n} >/srv/seen`;
    const { result, stderr } = await scene.ball("a", { "scripts/1": script }).dryRun();
    assertEquals(said(result, "mode"), ["2770 games:adm directory", "700 root:root directory"]);
    assertEquals(said(result, "other"), [], "files, sockets and links of the host's /run");
    assertEquals(said(result, "user"), ["/run/user", "/run/user/7"]);
    assertEquals(said(result, "universe"), ["seen"], stderr);
    assertEquals(result.notSimulated, []);
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
    const dry = await scene.ball("a", files).dryRun();
    const told = dry.result.notSimulated.filter(({ kind }) => kind === "place")
      .map(({ what }) => what).sort();
    assertEquals(told, [
      "/run/a\\nb is not kept: add a line for it to tmpfiles.d",
      "/run/lost is not kept: add a line for it to tmpfiles.d",
      "/run/old is not kept: add a line for it to tmpfiles.d",
    ]);
    assertEquals(dry.result.effects.map(({ argv }) => argv.join(" ")), [
      "systemd-tmpfiles --create a.conf",
    ]);
    assertStringIncludes(dry.stderr, "Would execute: systemd-tmpfiles --create a.conf");
    assert(!host.exists("/run/described"));
    await scene.ball("a", files).dance().ok();
    assertEquals(host.lstat("/run/described")?.mode, 0o750);
    assert(!host.exists("/run/lost"));
    // The control: what is as it was asks for nothing.
    const again = await scene.ball("a", files).dance();
    assertEquals(again.result.effects, []);
  });

  it("asks for nothing on a node without systemd-tmpfiles", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["rm", "/usr/bin/systemd-tmpfiles"]);
    const files = { "files/etc/tmpfiles.d/a.conf": "d /run/described\n" };
    const { result } = await scene.ball("a", files).dryRun();
    assertEquals([pathsOf(result).at(-1), result.effects], ["/etc/tmpfiles.d/a.conf", []]);
  });

  itWith("/usr/sbin/sshd")("lets sshd test its configuration, which wants /run/sshd", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["ssh-keygen", "-A"]);
    const files = { "scripts/1": "/usr/sbin/sshd -t" };
    assertEquals((await scene.ball("a", files).dryRun()).code, 1, "the control");
    host.mkdir("/run/sshd");
    await scene.ball("a", files).dryRun().ok();
  });

  it("has the resolver's file where resolv.conf leads below /run, in both runs", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
    await host.run(["ln", "-sf", "../run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf"]);
    const files = { "scripts/1": "cat /etc/resolv.conf >/srv/seen" };
    const dry = await scene.ball("a", files).dryRun();
    assertEquals(dry.result.notSimulated, []);
    assertStringIncludes(dry.result.changes[0]!.diff!, "+nameserver 127.0.0.53");
    const live = await scene.ball("a", files).dance();
    assertEquals(host.read("/srv/seen"), "nameserver 127.0.0.53\n", live.stderr);
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
    const dry = await scene.ball("a", files).dryRun().ok();
    assertEquals(dry.result.notSimulated, []);
    const live = await scene.ball("a", files).dance();
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
    host.write("/etc/disco/client/noop/network", "yes");
    await host.run(["ip", "route", "del", "default"]);
    await host.run(["ip", "route", "add", "unreachable", "192.0.2.1"]);
    const open = await scene.ball("a", { "scripts/1": script }).dryRun();
    assertEquals(said(open.result, "at"), ["192.0.2.7 reached", "127.0.0.1 reached"]);
  });

  it("has the host's listeners where a script asks for them, in both runs", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    const ask = `ss -Hltn | awk '{ print "listens=" $4 }' | sort >/srv/seen`;
    const seen = async (...options: string[]) => {
      const { result, code, stderr } = await scene.ball("a", { "scripts/1": ask }).dance(
        ...options,
      );
      assertEquals([code, result.notSimulated], [0, []], stderr);
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
    await host.run(["sh", "-c", "until [ -e /run/ready ]; do sleep 0.02; done"]);
    const listeners = ["127.0.0.1:8099", "192.0.2.7:8099"];
    assertEquals(await seen("--noop"), listeners);
    assertEquals(await seen(), listeners);
  });

  it("is told where ip is not installed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await network(host);
    await host.run(["sh", "-c", "rm -f /usr/sbin/ip /usr/bin/ip"]);
    const { result } = await scene.ball("a", { "scripts/1": "hostname -I >/srv/seen" }).dance(
      "--noop",
    );
    assertEquals(result.notSimulated.map(({ what }) => what), [
      "scripts see no interface but lo, and no address of the host: " +
      "the program ip is not installed (package iproute2)",
    ]);
  });
});

describeOnHost("questions about disks", () => {
  it("are answered by the host, in a dry run", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.mountImage("/mnt/disk", "ext4");
    const device = (await host.run(["findmnt", "-no", "SOURCE", "/mnt/disk"])).trim();
    host.write("/run/secret", "no device");
    const questions = [
      `blkid -o value -s UUID ${device}`,
      `blkid ${device}`,
      `blkid -p -o export ${device}`,
      `lsblk -nro NAME,SIZE,MOUNTPOINT ${device}`,
      "df -P /mnt/disk",
      "df --output=source,size,target /",
      "df --output=size,target /srv",
      "findmnt -no SOURCE /mnt/disk",
      // Without what DISCO has mounted, or made of the options of mounts, for the dance.
      "findmnt -no OPTIONS /mnt/disk",
      "findmnt -rno TARGET,OPTIONS",
      "mount",
      "df -a --output=target",
    ];
    const script = questions.map((line, i) => `${line} >/srv/${i}`).join("\n") + `
echo "UUID=$(blkid -o value -s UUID ${device}) /data ext4 defaults 0 2" >>/etc/fstab`;
    const dry = await scene.ball("a", { "scripts/1": `set -e\n${script}` }).dryRun().ok();
    for (const [i, line] of questions.entries()) {
      const said = dry.result.changes.find(({ path }) => path === `/srv/${i}`)?.diff ?? "";
      const lines = said.split("\n").slice(3).map((text) => text.slice(1)).join("\n");
      assertEquals(lines.trimEnd(), (await host.run(line.split(" "))).trimEnd(), line);
    }
    const fstab = dry.result.changes.find(({ path }) => path === "/etc/fstab")!.diff!;
    assert(/^\+UUID=[0-9a-f-]{36} \/data/m.test(fstab), fstab);
  });

  it("has one device for the files and folders of a disk, so that du -x counts them", async () => {
    await using scene = await newScene({ root: "ext4" });
    const { host } = scene;
    await host.run([
      "bash",
      "-ec",
      "mkdir /srv/d; head -c 3000000 /dev/zero | tr '\\0' x >/srv/d/f",
    ]);
    const script =
      "du -sxk /srv/d | cut -f 1 >/etc/size; stat -c %d /srv/d /srv/d/f /etc | uniq | " +
      "wc -l >/etc/devices; echo x >/etc/new; stat -c %d /etc/new /etc | uniq | wc -l >>/etc/devices";
    await scene.ball("a", { "scripts/1": script }).dance().ok();
    assertEquals(host.read("/etc/size"), await host.run(["sh", "-c", "du -sxk /srv/d | cut -f 1"]));
    assertEquals(host.read("/etc/devices"), "1\n1\n");
  });

  it("about an image in a file are answered in the union, which may have made it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const uuid = "6f2b3d0e-54f1-4a1b-8c77-1f3a3c1f0001";
    const script = `set -e; truncate -s 8M /srv/disk; mkfs.ext4 -q -U ${uuid} /srv/disk
      blkid -s UUID -o value /srv/disk >/srv/by-name; cd /srv
      /usr/sbin/blkid -s UUID -o value disk >/srv/by-path; cp -a /srv/disk /tmp/x`;
    await scene.ball("a", { "scripts/1": script }).dance().ok();
    for (const name of ["by-name", "by-path"]) assertEquals(host.read(`/srv/${name}`), `${uuid}\n`);
  });

  it("are refused where they would do more than ask", async () => {
    await using scene = await newScene();
    const lines = [
      "blkid -c /srv/cache",
      "blkid -g",
      "/run/disco/bin/disco-ask blkid /etc/shadow",
      "blkid /dev/../etc/shadow",
    ];
    const script = lines.map((line) => `${line} && echo ran=${line} >>/srv/x`).join("\n");
    const { result, stderr } = await scene.ball("a", { "scripts/1": `${script}\ntrue` }).dance(
      "--noop",
    );
    assertEquals([said(result, "ran"), result.notSimulated.length], [[], 4], stderr);
  });
});
