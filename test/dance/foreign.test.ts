import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

const FUSE = fromFileUrl(new URL("../host/fuse.pl", import.meta.url));

/** Mount a file system of a user of the host, and wait for it; the process that serves it. */
async function mountFuse(
  host: ThrowawayHost,
  at: string,
  options: string,
  user = 1000,
): Promise<string> {
  await host.run(["mkdir", "-p", at]);
  await host.run(["rm", "-f", "/run/ready"]);
  // Its server goes on when this ends.
  const command = `setsid perl ${FUSE} ${at} ${user} "${options}" >/run/ready 2>&1 </dev/null &
    pid=$!; until grep -q . /run/ready; do sleep 0.05; done; cat /run/ready; echo $pid`;
  const [ready, pid = ""] = (await host.run(["bash", "-c", command])).split("\n");
  assertEquals(ready, "ready");
  return pid;
}

/** What the report says of a place. */
function said(result: { notSimulated: { kind: string; what: string }[] }, path: string) {
  return result.notSimulated.filter(({ kind, what }) => kind === "place" && what.includes(path))
    .map(({ what }) => what);
}

const LISTEN = `perl -MIO::Socket::UNIX -e '
  my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die "$!";
  open my $f, ">", "/run/listens"; close $f;
  while (my $c = $s->accept) { print $c "host\\n"; close $c }'`;
const CONNECT = `perl -MIO::Socket::UNIX -e '
  my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]); print $s ? scalar <$s> : "$!\\n"'`;

describeOnHost("a place that is not this machine's own", () => {
  it("keeps no dance from going on, whatever it answers", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await mountFuse(host, "/home/alice/private", "");
    const server = await mountFuse(host, "/home/alice/dead", "allow_other");
    await scene.sh(`kill -9 ${server}; while [ -e /proc/${server} ]; do sleep 0.05; done`);
    await scene.sh("mkdir -p /srv/chroot/proc /srv/file; mount -t proc proc /srv/chroot/proc");
    await scene.sh("echo live >/srv/a; touch /srv/b; mount --bind /srv/a /srv/b");
    scene.ball("a", {
      "files/etc/new": "new\n",
      "scripts/1": `{ cat /srv/b; ls -A /srv/chroot/proc | wc -l; ls -A ~alice/private | wc -l
          echo x >/home/alice/private/x || echo refused; } >/etc/seen 2>/dev/null
          echo done >/home/alice/own`.replace("~alice", "/home/alice"),
    });
    const { result } = await scene.dryRun()
      .changes("+ /etc/new", "+ /etc/seen", "+ /home/alice/own").untouched().ok();
    assertMatch(said(result, "/home/alice/private")[0]!, /fuse/);
    assertMatch(said(result, "/home/alice/dead")[0]!, /fuse/);
    assertMatch(said(result, "/srv/chroot/proc")[0]!, /is empty here.*proc belongs to the kernel/);
    assertMatch(said(result, "/srv/b")[0]!, /a file is mounted here/);
    const { diff } = result.changes[1]!;
    assertEquals(diff!.split("\n").slice(3), ["+live", "+0", "+0", "+refused", ""]);
    await scene.dance().merges().ok();
  });

  it("has no socket that leads to a program of the host", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await mountFuse(host, "/srv/fuse", "allow_other", 0);
    for (const at of ["/srv/fuse/s", "/srv/s"]) {
      await host.run(["rm", "-f", "/run/listens"]);
      await host.run([
        ...["bash", "-c"],
        `setsid ${LISTEN} ${at} >/dev/null 2>&1 </dev/null & until [ -e /run/listens ]; do sleep 0.05; done`,
      ]);
      // The control: on the host it answers.
      assertEquals(await host.run(["bash", "-c", `${CONNECT} ${at}`]), "host\n");
    }
    const script = `{ ${CONNECT} /srv/fuse/s; ${CONNECT} /srv/s; } >/etc/heard\n`;
    const { result, stderr } = await scene.ball("a", script).dryRun();
    const heard = result.changes[0]?.diff?.split("\n").slice(3);
    assertEquals(heard, ["+Connection refused", "+Connection refused", ""], stderr);
  });
});
