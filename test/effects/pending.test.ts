import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { whyNotYet } from "../../lib/effects/mod.ts";

const WAITING = [
  "systemctl stop a",
  "service b start",
  "systemctl --quiet enable --now c.socket",
  "x d start",
]
  .concat("systemctl restart e", "systemctl reload g", "/usr/bin/systemctl start f");

/** Questions, and whether what waits decides about the answer. */
const CASES: readonly (readonly [line: string, isUnknown: boolean])[] = [
  ["systemctl is-active a", true],
  ["systemctl is-active --quiet a.service", true],
  ["systemctl is-active x a", true],
  ["systemctl show -p MainPID b", true],
  ["service b status", true],
  ["systemctl status c.socket", true],
  ["systemctl is-failed f", true],
  ["systemctl is-active c", false],
  ["systemctl is-active d", false],
  ["systemctl is-active e", true],
  ["systemctl is-active g", false],
  ["systemctl list-units a", false],
  ["journalctl -n 5 -u a", true],
  ["journalctl --unit=a.service", true],
  ["journalctl -u other", false],
  ["ss -ltn", true],
  ["systemctl is-active other", false],
  ["sysctl -n a", false],
];

/** Effects that wait, with questions, and whether the effect decides about the answer. */
const MATTERS: readonly (readonly [effect: string, line: string, isUnknown: boolean])[] = [
  ["sysctl -qw net.ipv4.ip_forward=1", "sysctl -n net.ipv4.ip_forward", true],
  ["sysctl -w net/ipv4/ip_forward=1", "sysctl net.ipv4.ip_forward", true],
  ["sysctl -w net.ipv4.ip_forward=1", "sysctl -n kernel.pid_max", false],
  ["sysctl -w net.ipv4.ip_forward=1", "sysctl -a", true],
  ["sysctl --system", "sysctl -n kernel.pid_max", true],
  ["ip link add dum0 type bridge", "ip -o addr show dev dum0", true],
  ["/usr/sbin/ip link set eth0 mtu 9000", "ip link show eth0", true],
  ["ip link add dum0 type bridge", "ip link show eth0", false],
  ["ip link add dum0 type bridge", "ip -br addr", true],
  ["mount /data", "findmnt /data/", true],
  ["mount /data", "df --output=size /data", true],
  ["mount /data", "findmnt /other", false],
  ["umount /data", "mount", true],
  ["umount /data", "df -h", true],
  ["mount /data", "mountpoint -q /data", true],
  ["mount /data", "mountpoint -q /other", false],
  ["parted -s /dev/vdb mklabel gpt", "lsblk -no NAME /dev/vdb", true],
  ["sfdisk /dev/vdb", "blkid /dev/vdb1", true],
  ["sfdisk /dev/nvme0n1", "blkid /dev/nvme0n1p2", true],
  ["sfdisk /dev/vdb", "blkid /dev/vdc1", false],
  ["chattr +i /etc/x", "lsattr /etc/x", true],
  ["chattr +i /etc/x", "lsattr -d /etc/y", false],
  ["chattr -R +i /etc/d", "lsattr /etc/d/f", true],
  ["modprobe br_netfilter", "lsmod", true],
  ["mkfs.ext4 /dev/vdb1", "blkid -o value -s UUID /dev/vdb1", true],
  ["mkfs.ext4 /dev/vdb1", "blkid -o value -s UUID /dev/vdb2", false],
  ["hostname new", "hostnamectl --static", true],
  ["hostnamectl set-hostname --transient new", "hostname", true],
  ["hostname new", "hostname -f", true],
  ["hostname new", "uname -n", true],
  ["hostname new", "hostname -I", false],
  ["ip addr add 192.0.2.1/24 dev eth0", "hostname -I", true],
  ["ip addr add 192.0.2.1/24 dev eth0", "hostname", false],
  ["sysctl -w kernel.hostname=new", "hostname", true],
  ["sysctl -w net.ipv4.ip_forward=1", "hostname", false],
  ["date -s 12:00", "timedatectl show", true],
  ["sysctl -p", "systemctl is-active a", false],
];

describe("a question about what an effect will change", () => {
  for (const [effect, line, isUnknown] of MATTERS) {
    it(`${isUnknown ? "is not answered yet" : "is answered"}: ${line}, after ${effect}`, () => {
      const why = whyNotYet(line.split(" "), () => [effect.split(" ")]);
      assertEquals(why !== undefined, isUnknown, why);
    });
  }
});

describe("a question about a unit that an effect will change", () => {
  for (const [line, isUnknown] of CASES) {
    it(`${isUnknown ? "is not answered yet" : "is none"}: ${line}`, () => {
      const waiting = WAITING.map((text) => text.split(" "));
      assertEquals(whyNotYet(line.split(" "), () => waiting) !== undefined, isUnknown);
      assertEquals(whyNotYet(line.split(" "), () => []), undefined);
    });
  }
});
