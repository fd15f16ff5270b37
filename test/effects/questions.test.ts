import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { whyNoQuestion } from "../../lib/effects/mod.ts";

const QUESTIONS = [
  "systemctl is-active nginx",
  "systemctl --quiet is-active nginx.service",
  "systemctl show nginx -p MainPID --value",
  "systemctl show --property=MainPID,SubState nginx",
  "systemctl list-units --type=service --all --no-pager",
  "journalctl -u nginx -n20",
  "service nginx status",
  "sysctl -n net.ipv4.ip_forward",
  "sysctl net/ipv4/ip_forward",
  "ip -4 addr show dev lo",
  "ip -br link",
  "ip route get 192.0.2.0/24",
  "systemctl --failed",
  "mount",
  "mount -l",
  "df -h /var",
  "df --output=avail /",
  "lsblk -o NAME,UUID -n",
  "findmnt -n -o SOURCE /",
  "findmnt -no OPTIONS /opt",
  "lsblk -dno UUID /dev/sda1",
  "ss -ltnp",
  "hostname -I",
  "invoke-rc.d --quiet nginx status",
  "swapon --show",
  "pgrep -xf /usr/sbin/nginx",
  "pgrep -f [n]ginx:.(master|worker)",
  "pidof -s nginx",
  "ps aux",
  "ps -eo pid,args --sort=-rss",
  "nmcli -t -f NAME connection show",
];

/** What would start a program, read a file, ask elsewhere, or change something. */
const ORDERS = [
  "systemctl status x -H other",
  "systemctl status x --host=other",
  "systemctl show --machine=m x",
  "systemctl status /dev/sda",
  "systemctl status ../x",
  "journalctl --file /etc/shadow",
  "journalctl -D var",
  "journalctl --vacuum-size=1",
  "journalctl --rotate",
  "service ../../srv/x status",
  "service x$(id) status",
  "sysctl -p/etc/sysctl.conf",
  "sysctl -Nqp x",
  "sysctl a b c=1",
  "sysctl --system",
  "sysctl /etc/passwd",
  "sysctl net/../../etc/passwd",
  "ip -batch /srv/x",
  "ip -b x",
  "ip -n other addr",
  "ip -netns other addr",
  "dmesg -c",
  "dmesg --clear",
  "pgrep -F /etc/shadow",
  "pgrep -xF/etc/shadow",
  "pgrep --pidf=/etc/shadow",
  "mount -o remount",
  "findmnt --tab-file /etc/shadow",
  "findmnt -F /etc/shadow",
  "findmnt --poll",
  "lsblk --sysroot /x",
  "ss -K",
  "ss -D /x",
  "ss -F /etc/shadow",
  "ss --kill",
  "netstat -c",
  "hostname -F /etc/shadow",
  "df --sync",
  "nmcli --ask x",
  "losetup -d /dev/loop0",
];

describe("a question to the live system", () => {
  for (const line of QUESTIONS) {
    it(`is let through: ${line}`, () => assertEquals(whyNoQuestion(line.split(" ")), undefined));
  }
  for (const line of ORDERS) {
    it(`is none: ${line}`, () => {
      assertEquals(typeof whyNoQuestion(line.split(" ")), "string", line);
    });
  }
});
