import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { calls, stub } from "./support.ts";

/** Commands of the host that are not on every machine; each writes down its words, and what it reads. */
const COMMANDS = [
  ...["nft", "iptables", "iptables-restore", "ip6tables-restore", "ipset"],
  ...["mdadm", "sfdisk", "ufw"],
  ...["systemctl", "hostnamectl", "timedatectl", "firewall-cmd", "docker", "ip", "sudo"],
];

/** What would be taken for an answer, and must fail instead; with what is to be done. */
const REFUSED: readonly (readonly [script: string, advice: string])[] = [
  ["nft list ruleset >/etc/nftables.conf", "post/"],
  ["mdadm --detail --scan >/etc/mdadm.conf", "post/"],
  ["sfdisk -d /dev/sda >/srv/backup", "post/"],
  ["set -e; iptables -C INPUT -j DROP", "post/"],
  ["set -e; iptables -S", "post/"],
  ["set -e; systemctl cat x", "/etc/systemd/system"],
  ["set -e; hostnamectl set-hostname other", "/etc/hostname"],
  ["set -e; timedatectl set-timezone UTC", "/etc/localtime"],
  ["firewall-cmd --query-port=80/tcp", "firewall-offline-cmd"],
  ["x=$(docker run -d x) && echo $x >/etc/id", "/dev/null"],
  ["set -o pipefail; ufw allow 22 | cat", "/dev/null"],
  ["nft -f <(echo flush ruleset)", "standard input"],
  ["echo flush ruleset >/tmp/rules; nft -f /tmp/rules", "standard input"],
];

/** Scripts that go on after they were refused something, and end with 0. */
const IGNORED: readonly (readonly [script: string, what: string])[] = [
  ["nft list ruleset | grep -c . >/srv/count || true", "nft list ruleset"],
  ["iptables -C INPUT -j DROP || iptables -A INPUT -j DROP", "iptables -C INPUT -j DROP"],
  ["if docker ps -q x; then echo up; else echo down; fi >/srv/state", "docker ps -q x"],
  ["sfdisk -d /dev/sda >/srv/backup; true", "sfdisk -d /dev/sda"],
  ["hostnamectl set-hostname other\necho done", "hostnamectl set-hostname other"],
  ['x=$(docker run -d x); echo "id=$x" >/etc/id', "docker run -d x"],
  [
    "systemctl stop a; systemctl is-active -q a && echo up >/srv/state; true",
    "systemctl is-active -q a: stop a.service waits for the merge",
  ],
];

/** What loads rules and the like, and how it is called after the merge. */
const KEPT = [
  "iptables-restore </etc/rules.v4",
  "nft -f - <<END\nflush ruleset\nEND",
  "printf 'two\\n' | ipset restore",
  "load() { ip6tables-restore; }; load <<<six",
  "echo y | ufw enable",
  "iptables -A INPUT -j DROP >/dev/null 2>&1 || true",
  "x=$(systemctl restart a) || exit 1",
  "systemctl restart a 2>&1 | cat",
  "while read -r unit; do systemctl restart $unit; done <<<$'one\\ntwo'",
  "sudo systemctl stop three; sudo -n A=1 ip link set x up",
].join("\n");
const CALLED = [
  ...["iptables-restore ", "> *filter", "nft -f -", "> flush ruleset", "ipset restore", "> two"],
  ...["ip6tables-restore ", "> six", "ufw enable", "> y", "iptables -A INPUT -j DROP"],
  ...["systemctl restart a", "systemctl restart one", "systemctl restart two"],
  ...["systemctl stop three", "ip link set x up"],
];

describeOnHost("a command that has not run", () => {
  it("is no answer: what waits for one fails", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const command of COMMANDS) stub(host, `/usr/sbin/${command}`);
    const name = (i: number) => `b${i + 10}`;
    for (const [i, [script]] of REFUSED.entries()) scene.ball(name(i), script);
    const { result, stderr } = await scene.dance("--keep-going").changes().effects();
    for (const [i, [script, advice]] of REFUSED.entries()) {
      const { status } = result.balls.find((one) => one.name === name(i))!;
      const denied = result.notSimulated.filter((one) => one.ball === name(i));
      assertEquals([status, denied.map(({ kind }) => kind)], ["failed", ["denied"]], script);
      const [, what = ""] = stderr.split(`warning: ${name(i)}/scripts/do was refused (denied): `);
      assertStringIncludes(what.split("\n")[1]!, advice, script + stderr);
    }
    assertEquals(calls(host), []);
  });

  it("gets after the merge what it was given, and nothing that was not its own", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const reads = "sed 's/^/> /' >>/run/calls\n";
    for (const command of COMMANDS) stub(host, `/usr/sbin/${command}`, reads);
    const { result } = await scene.ball("a", {
      "files/etc/rules.v4": "*filter\n",
      "scripts/1": KEPT,
    }).dance().ok();
    assertEquals(calls(host), CALLED);
    assertEquals(result.effects.at(-1)!.environment, ["A"]);
    const told = "ufw enable (with 2 bytes of input; changes /etc/ufw, which is neither shown nor";
    await scene.danceInWords("--noop").warns(`warning: Would execute: ${told}`);
  });

  it("makes no true answer of one that is over by then", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl", '[ "$1" != is-active ] || echo active\n');
    scene.balls({
      a: { "scripts/1": "systemctl stop one", "scripts/2": "sh -c 'systemctl is-active one; :'" },
      b: {
        "scripts/1": "sh -c 'systemctl is-active one || echo $?'; systemctl is-active two",
        requires: "a",
      },
    });
    const { result } = await scene.dryRun().ok();
    const { stdout } = await scene.danceInWords("--noop");
    const told = result.notSimulated.filter(({ kind }) => kind === "question");
    assertEquals(told.map(({ ball }) => ball), ["a", "b"]);
    assertStringIncludes(told[0]!.what, "stop one.service waits for the merge");
    // The control: of another unit it is known.
    assertEquals(stdout.match(/b\/1: (126|active)\n/g), ["b/1: 126\n", "b/1: active\n"]);
  });

  it("is not taken for an answer, nor for a failure, by a script that goes on", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const command of COMMANDS) stub(host, `/usr/sbin/${command}`);
    for (const [i, [script, what]] of IGNORED.entries()) {
      for (const options of i === 0 ? [["--noop"], []] : [["--noop"]]) {
        await scene.ball("a", script).dance(...options)
          .fails(`scripts/do went on after a command was refused: ${what}`)
          .leaves({ "/srv/count": null, "/srv/state": null, "/etc/id": null });
      }
    }
    // The control: where the ball's own policy lets it run in the sandbox, it has its answer.
    await scene.ball("a", {
      "scripts/1": "docker ps -q x && echo up >/srv/state",
      "parameters/a/restricted.d/own": "docker ps run\n",
    }).dance().ok().leaves({ "/srv/state": "up\n" });
  });
});
