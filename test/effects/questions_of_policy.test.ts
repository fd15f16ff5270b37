import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  adviceFor,
  besides,
  parsePolicy,
  type Rule,
  ruleFor,
  shippedRules,
  whyNoQuestion,
} from "../../lib/effects/mod.ts";
import { SHIPPED_REACTIONS } from "../../lib/reactions/mod.ts";

/**
 * What people ask a machine in scripts, by what becomes of it; none of it may be taken for an effect that
 * has succeeded.
 */
const QUESTIONS = {
  // The live system knows, and tells everybody.
  host: `
    mount
    mount -l
    findmnt /
    df -h
    lsblk -f
    swapon --show
    swapon -s
    blkid
    blkid -o value -s UUID /dev/sda1
    losetup -a
    systemctl
    systemctl --failed
    systemctl list-units
    systemctl is-active x
    systemctl show -p MainPID x
    systemctl status x
    systemctl list-timers
    hostnamectl
    hostnamectl status
    hostnamectl hostname
    timedatectl
    timedatectl show
    localectl
    loginctl
    resolvectl
    ip addr
    ip -br a
    ip route get 192.0.2.1
    ss -ltn
    ifconfig
    route -n
    nmcli
    nmcli con show
    nmcli device status
    tc qdisc show
    sysctl -a
    sysctl -n kernel.ostype
    dmesg
    service x status
    rc-service x status
    busctl list
    runlevel
    brctl show
    hostname -I
    ip l
    brctl showmacs br0
    systemctl list-sockets
    systemctl list-jobs
    systemctl list-dependencies x
  `,
  // Only root may ask, or the sandbox would not know: it fails, and says what to do.
  deny: `
    losetup -f
    sfdisk -d /dev/sda
    sfdisk -l
    parted -l
    parted /dev/sda print
    fdisk -l
    mdadm --detail --scan
    mdadm -D /dev/md0
    cryptsetup isLuks /dev/sda1
    cryptsetup status x
    lvs
    vgs
    pvs
    iptables -S
    iptables -L -n
    iptables -vnL
    iptables -C INPUT -j DROP
    iptables-save
    iptables -t nat -S
    ip6tables -L
    ip6tables -C INPUT -j DROP
    ip6tables-save
    nft list ruleset
    nft -c -f /etc/nftables.conf
    iptables-restore --test
    nft -a list table inet x
    nft -j list ruleset
    ipset list
    ipset test a b
    firewall-cmd --query-port=80/tcp
    firewall-cmd --list-all
    firewall-cmd --state
    firewall-cmd --permanent --query-service=http
    ufw status
    ufw status numbered
    systemctl cat x
    ip netns exec a ip addr
    ethtool eth0
    kill -0 1
    pkill -0 x
    service --status-all
    docker ps
    docker inspect x
    podman ps
    podman volume exists x
    virsh list
    snap list
    supervisorctl status
    psql -c x
    postfix status
    postqueue -p
    rndc status
    monit status
    zpool list
    zfs list
    wg show
    machinectl list
    udevadm info /dev/sda
    systemd-run --wait id
    systemd-run -P id
    grub-probe /
    hwclock
    efibootmgr
    networkctl lldp
    networkctl cat x
    resolvectl dns
    resolvectl statistics
    busctl tree x
    machinectl show x
    udevadm test-builtin x
    start-stop-daemon --status --pidfile x
    sv check x
    kexec --status
    shutdown --show
    losetup /dev/loop0
    losetup -j x
    cryptsetup open --test-passphrase x
    mdadm -X x
    resize2fs -P x
    xfs_growfs -n x
    parted x unit s print
    parted x align-check y
    sfdisk --verify x
    sfdisk -n x
    sgdisk -v x
    sgdisk -E x
    wipefs x
    wipefs -n -a x
    zpool history
    zpool import
    zfs diff a
    zfs send a
    ip a s
    ip r s
    ip monitor
    ip xfrm state list
    ip vrf exec a id
    ebtables --Lc
    ipset --list
    nft get element x
    nmcli general hostname
    nmcli networking connectivity
    nmcli radio wifi
    tc qdisc
    tc monitor
    netplan ip leases x
    pg_ctl status
    pg_ctlcluster 15 main status
    rndc zonestatus x
    unbound-control stats
    docker compose ps
    docker compose exec a b
    docker service logs x
    docker system df
    docker cp a b
    podman save x
    docker wait x
    virsh net-list
    virsh dominfo x
    virsh nodeinfo
    snap services
    snap get x
    monit report
    losetup -jx
    nmcli monitor
  `,
  // They look at files, which the union has as they will be, or fail by themselves.
  run: `
    systemctl is-enabled x
    systemctl get-default
    modprobe -n x
    modprobe --show-depends x
    atq
    hostname
    nginx -t
    apachectl configtest
    udevadm verify
    service x configtest
    rc-service --exists x
    ufw --help
    iptables --help
    systemd-run --version
    reboot --help
    mount --help
    systemctl list-unit-files
    loginctl --version
    visudo -c
    sshd -t
  `,
} as const;

/** Effects that change files, and which. */
const WRITERS: readonly (readonly [line: string, files: string | undefined])[] = [
  ["ufw allow 22", "/etc/ufw"],
  ["update-grub", "/boot/grub/grub.cfg"],
  ["firewall-cmd --permanent --add-port=1/tcp", "/etc/firewalld"],
  ["firewall-cmd --reload", undefined],
  ["nmcli connection add type dummy", "/etc/NetworkManager/system-connections"],
  ["nmcli connection up x", undefined],
  ["systemctl restart x", undefined],
];

/** What runs in a script, where its files are changes, and changes them unseen as a reaction. */
const REACTIONS: readonly (readonly [line: string, files: string])[] = [
  ["ldconfig", "/etc/ld.so.cache"],
  ["newaliases", "/etc/aliases.db"],
  ["systemd-sysusers x.conf", "/etc/passwd"],
];

describe("the shipped policy", () => {
  for (const [verdict, lines] of Object.entries(QUESTIONS)) {
    for (const line of lines.trim().split(/\s*\n\s*/)) {
      it(`makes no effect of a question: ${line}: ${verdict}`, () => {
        const argv = line.split(" ");
        assertEquals(ruleFor(shippedRules(), argv)?.verdict ?? "run", verdict);
        if (verdict === "host") assertEquals(whyNoQuestion(argv), undefined);
      });
    }
  }

  it("has no rule that a later one hides", () => {
    const rules = shippedRules();
    assertEquals(rules.filter((rule) => isHidden(rule, rules)).map(lineOf), []);
    // The control.
    const hidden = parsePolicy("a list-x run\na list-* deny\na . run\n", "p");
    assertEquals(hidden.filter((rule) => isHidden(rule, hidden)).map(lineOf), ["a list-x run"]);
  });

  it("knows what to do instead where a command writes files or asks as root", () => {
    const denied = [
      "hostnamectl set-hostname x",
      "timedatectl set-timezone UTC",
      "nft list ruleset",
    ];
    for (const line of [...denied, "/usr/bin/localectl set-locale C", "psql -c x", "at now"]) {
      const argv = line.split(" ");
      assertEquals(ruleFor(shippedRules(), argv)?.verdict, "deny", line);
      assert(/post\/|\/etc\//.test(adviceFor(argv) ?? ""), line);
    }
    assertEquals(adviceFor(["systemctl", "restart", "x"]), undefined);
  });

  it("does not say of a question that it can be an effect", () => {
    const asked = [
      "lsof -i",
      "fuser /srv/x",
      "losetup -f",
      "killall -0 x",
      "pkill -0 x",
      "kill -0 7",
    ];
    for (const line of [...asked, "mknod /srv/null c 1 3", "udevadm info /dev/x", "hwclock"]) {
      const argv = line.split(" ");
      assertEquals(ruleFor(shippedRules(), argv)?.verdict, "deny", line);
      const advice = adviceFor(argv) ?? "";
      assertEquals(
        [advice.includes("post/"), advice.includes("disco-effect")],
        [true, false],
        line,
      );
    }
    // Control: fifos are no devices.
    assertEquals(ruleFor(shippedRules(), ["mknod", "/srv/fifo", "p"])?.verdict ?? "run", "run");
  });

  for (const [line, files] of WRITERS) {
    it(`${files ? `names ${files}` : "names no files"} for ${line}`, () => {
      const argv = line.split(" ");
      assertEquals(ruleFor(shippedRules(), argv)?.verdict, "effect");
      const told = files ? ` (changes ${files}, which is neither shown nor undone)` : "";
      assertEquals(besides({ argv }), told);
    });
  }

  for (const [line, files] of REACTIONS) {
    it(`lets ${line} run in a script, and names ${files} where it is a reaction`, () => {
      const argv = line.split(" ");
      assertEquals(ruleFor(shippedRules(), argv)?.verdict, "run");
      assertStringIncludes(besides({ argv }), ` (changes ${files}`);
      const reactions = Object.values(SHIPPED_REACTIONS).join("\n");
      assertMatch(reactions, new RegExp(`^/.* ${argv[0]}( |$)`, "m"));
    });
  }
});

/** Whether a rule never applies: other rules match its own words, and its words with more behind them. */
function isHidden(rule: Rule, rules: readonly Rule[]): boolean {
  const words = rule.words.filter((word) => word !== ".").map((word) => word.replaceAll("*", "x"));
  return [[], ["y", "z"]].every((more) =>
    ruleFor(rules, [rule.command, ...words, ...more])?.verdict !== rule.verdict
  );
}

function lineOf({ command, words, verdict }: Rule): string {
  return [command, ...words, verdict].join(" ");
}
