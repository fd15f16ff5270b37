import { assert, assertEquals, assertThrows } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import {
  commandLine,
  knownCommands,
  parsePolicy,
  type Rule,
  ruleFor,
  SHIM_FOLDER,
  shimFor,
  shippedRules,
  type Verdict,
  verdictText,
} from "../../lib/effects/mod.ts";

describe("a policy", () => {
  it("is lines of command, first words and verdict", () => {
    const rules = parsePolicy("# all\n\nip * add effect # why\n  mount\tdeny \n", "p");
    assertEquals(rules, [
      { command: "ip", words: ["*", "add"], verdict: "effect", file: "p", line: 3 },
      { command: "mount", words: [], verdict: "deny", file: "p", line: 4 },
    ]);
  });

  it("can say of an effect that it reads its input, or prints nothing", () => {
    const rules = parsePolicy("a effect+silent\nb c effect+input+silent\nd run+effect", "p");
    assertEquals(rules.map(({ verdict, traits }) => [verdict, traits]), [
      ["effect", ["silent"]],
      ["effect", ["input", "silent"]],
      ["run+effect", undefined],
    ]);
    assertEquals(rules.map(verdictText), ["effect+silent", "effect+input+silent", "run+effect"]);
  });

  for (
    const [line, why] of [
      ["mount", "expected"],
      ["effect", "expected"],
      ["mount perhaps", "expected"],
      ["mount effect+loud", "expected"],
      ["mount run+silent", "expected"],
      ["mount effect+", "expected"],
      ["-x effect", '"-x"'],
      ["a/b effect", '"a/b"'],
      ["mount $(id) effect", '"$(id)"'],
      ["mount 'a effect", `"'a"`],
      ["mount [ab] effect", '"[ab]"'],
      ["mount a;b effect", '"a;b"'],
    ] as const
  ) {
    it(`with "${line}" is refused, with file and line`, () => {
      const parse = () => parsePolicy(`# one\n${line}\n`, "/etc/p.conf");
      const { message } = assertThrows(parse, DiscoError, '"/etc/p.conf", line 2: ');
      assertEquals(message.includes(why), true, message);
    });
  }
});

/** Command lines, and what the shipped policy makes of them. */
const CASES: [argv: string, verdict: Verdict][] = [
  ["systemctl restart x", "effect"],
  ["systemctl -q restart x", "effect"],
  ["systemctl daemon-reload", "effect"],
  ["systemctl", "host"],
  ["systemctl --failed", "host"],
  ["systemctl cat x", "deny"],
  ["systemctl is-enabled x", "run"],
  ["systemctl --quiet is-enabled x", "run"],
  ["systemctl is-active x", "host"],
  ["systemctl is-active --quiet x", "host"],
  ["systemctl enable x", "run"],
  ["systemctl enable --now x", "run+effect"],
  ["systemctl --now enable x", "run+effect"],
  ["systemctl enable x --now", "run+effect"],
  ["systemctl --version", "run"],
  ["systemctl is-enabledx", "effect"],
  ["sysctl -n a", "host"],
  ["sysctl a", "host"],
  ["sysctl -w a=1", "effect"],
  ["sysctl a=1", "effect"],
  ["sysctl -p", "effect"],
  ["sysctl --system", "effect"],
  ["ip addr", "host"],
  ["ip -4 addr", "host"],
  ["ip addr show dev lo", "host"],
  ["ip addr add 192.0.2.1/24 dev lo", "effect"],
  ["ip -4 link set lo up", "effect"],
  ["ip route replace default via 192.0.2.1", "effect"],
  ["ip monitor", "deny"],
  ["service x status", "host"],
  ["service x restart", "effect"],
  ["service status restart", "effect"],
  ["mount", "host"],
  ["mount -l", "host"],
  ["mount -a", "effect"],
  ["mount /mnt", "effect"],
  ["swapon", "host"],
  ["swapon --show=NAME", "host"],
  ["swapon -a", "effect"],
  ["swapon /swap", "effect"],
  ["hostnamectl", "host"],
  ["hostnamectl set-hostname x", "deny"],
  ["hostnamectl --transient set-hostname x", "effect"],
  ["hostnamectl hostname", "host"],
  ["hostnamectl hostname x", "deny"],
  ["timedatectl", "host"],
  ["timedatectl set-timezone UTC", "deny"],
  ["timedatectl set-ntp true", "deny"],
  ["timedatectl set-time 12:00", "effect"],
  ["localectl", "host"],
  ["localectl set-locale C.UTF-8", "deny"],
  ["systemctl add-wants a b", "run"],
  ["systemctl preset x", "run"],
  ["systemctl mask x", "run"],
  ["systemctl revert x", "run"],
  ["systemctl set-property x CPUQuota=1%", "deny"],
  ["systemctl set-property --runtime x CPUQuota=1%", "effect"],
  ["systemctl list-machines", "deny"],
  ["systemctl log-level", "deny"],
  ["systemctl log-level debug", "effect"],
  ["systemd-run --wait x", "deny"],
  ["systemd-run --unit=a x", "effect"],
  ["iptables -S", "deny"],
  ["iptables -C INPUT -j DROP", "deny"],
  ["iptables -A INPUT -j DROP", "effect"],
  ["iptables -vnL", "deny"],
  ["iptables -t nat -vL", "deny"],
  ["iptables-restore", "effect"],
  ["iptables-restore --test", "deny"],
  ["ip netns exec a id", "deny"],
  ["ip netns add a", "effect"],
  ["nft list ruleset", "deny"],
  ["nft -c -f /etc/nftables.conf", "deny"],
  ["nft -f /etc/nftables.conf", "effect"],
  ["firewall-cmd --query-port=80/tcp", "deny"],
  ["firewall-cmd --reload", "effect"],
  ["ufw status", "deny"],
  ["ufw allow 22", "effect"],
  ["modprobe -n x", "run"],
  ["modprobe -nv x", "run"],
  ["modprobe x", "effect"],
  ["cryptsetup isLuks /dev/sda", "deny"],
  ["mdadm --detail --scan", "deny"],
  ["sfdisk -d /dev/sda", "deny"],
  ["sfdisk /dev/sda", "effect"],
  ["chrt -i 0 make", "run"],
  ["chrt -p 1", "effect"],
  ["kill -0 5", "deny"],
  ["kill -s 0 5", "deny"],
  ["kill -9 5", "effect"],
  ["pkill -0 x", "deny"],
  ["pkill -HUP x", "effect"],
  ["nginx -s reload", "effect"],
  ["nginx -t", "run"],
  ["nginx", "effect"],
  ["losetup -d /dev/loop0", "effect"],
  ["losetup /dev/loop0 /x", "effect"],
  ["wipefs -a /dev/sda", "effect"],
  ["wipefs -af /dev/sda", "effect"],
  ["networkctl reload", "effect"],
  ["resolvectl dns eth0 192.0.2.1", "effect"],
  ["ip link set lo up", "effect"],
  ["ip -b -", "effect"],
  ["ip xfrm state add a", "effect"],
  ["tc qdisc add dev a root", "effect"],
  ["docker compose up -d", "effect"],
  ["virsh start x", "effect"],
  ["virsh domrename a b", "deny"],
  ["apachectl configtest", "run"],
  ["apachectl graceful", "effect"],
  ["postfix reload", "effect"],
  ["postfix check", "run"],
  ["docker ps", "deny"],
  ["docker restart x", "effect"],
  ["psql -c x", "deny"],
  ["systemd-tmpfiles --create x.conf", "run+effect"],
  ["systemd-sysusers x.conf", "run"],
  ["df -h /var", "host"],
  ["ss -ltn", "host"],
  ["lsblk", "host"],
  ["hostname -I", "host"],
  ["hostname x", "effect"],
  ["hostname", "run"],
  ["update-grub", "effect"],
  ["update-initramfs -u", "run"],
  ["mkinitramfs -o /boot/x", "run"],
  ["dracut --force", "effect"],
  ["dracut --force --no-hostonly", "run"],
  ["depmod -a", "run"],
  ["ldconfig", "run"],
  ["newaliases", "run"],
  ["grub-install /dev/sda", "effect"],
  ["udevadm control --reload-rules", "effect"],
  ["udevadm trigger", "effect"],
  ["udevadm trigger --subsystem-match=net", "effect"],
  ["netplan apply", "effect"],
  ["netplan generate", "run+effect"],
  ["supervisorctl restart x", "effect"],
  ["supervisorctl reread", "effect"],
  ["podman restart x", "effect"],
  ["podman rm -f x", "effect"],
  ["ifconfig", "host"],
  ["ifconfig eth0", "host"],
  ["ifconfig eth0 up", "effect"],
  ["mount -t tmpfs none /mnt", "effect"],
];

/** They make files of files, which are changes; without a line of their own they would be put off. */
const MAKE_FILES = [
  ...["update-initramfs", "mkinitramfs", "depmod", "ldconfig", "newaliases"],
  "systemd-sysusers",
];

/** What an administrator adds, and what it comes to. */
const OWN =
  "umount run\nmount run\nmount -a deny\nsystemctl restart deny\nsystemctl restart a.service run\n";
const OWN_CASES: [argv: string, verdict: Verdict][] = [
  ["mount /mnt", "run"],
  ["mount -a", "deny"],
  ["systemctl restart x", "deny"],
  ["systemctl restart a.service", "run"],
  ["systemctl restart axservice", "deny"],
  ["systemctl stop x", "effect"],
];

describe("the verdict on a command line, of the rules and of the shim alike", () => {
  let folder: string;
  beforeEach(() => {
    folder = Deno.makeTempDirSync();
    Deno.mkdirSync(`${folder}/bin`);
    Deno.mkdirSync(`${folder}/real`);
    stub("bin/disco-effect", "effect");
    stub("bin/disco-ask", "host");
    Deno.writeTextFileSync(`${folder}/bin/disco-deny`, "#!/bin/sh\nexit 126\n", { mode: 0o755 });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  function stub(path: string, verdict: string): void {
    const text =
      `#!/bin/sh\necho ${verdict}; case $1 in --rule=*) shift ;; esac; printf '%s\\0' "$@"\n`;
    Deno.writeTextFileSync(`${folder}/${path}`, text, { mode: 0o755 });
  }

  /** The verdict that a shim comes to, and the words it passed on. */
  function ofShim(rules: readonly Rule[], argv: readonly string[]): [string, string[]] {
    const [command = "", ...args] = argv;
    stub(`real/${command}`, "run");
    const shim = shimFor(command, rules, `${folder}/real/${command}`);
    Deno.writeTextFileSync(`${folder}/shim`, shim.replaceAll(SHIM_FOLDER, folder));
    const { code, stdout } = new Deno.Command("/bin/sh", { args: [`${folder}/shim`, ...args] })
      .outputSync();
    if (code === 126) return ["deny", []];
    const text = new TextDecoder().decode(stdout);
    const [verdict = "", words = ""] = splitOnce(text, "\n");
    return [words.includes("\0effect\n") ? "run+effect" : verdict, words.split("\0").slice(0, -1)];
  }

  const shipped = shippedRules();
  const own = [...shipped, ...parsePolicy(OWN, "own")];
  for (const [rules, cases, whose] of [[shipped, CASES, "shipped"], [own, OWN_CASES, "own"]]) {
    for (const [line, verdict] of cases as typeof CASES) {
      it(`${line}: ${verdict} (${whose} policy)`, () => {
        const argv = line.split(" ");
        assertEquals(ruleFor(rules as Rule[], argv)?.verdict ?? "run", verdict);
        assertEquals(ofShim(rules as Rule[], argv)[0], verdict);
      });
    }
  }

  it("in the strict mode, too, is to run for what only makes files", () => {
    const known = knownCommands(shipped);
    for (const command of MAKE_FILES) assert(known.includes(command), command);
    // The control.
    assert(!known.includes("nosuch"));
  });

  it("does not depend on where the command lies", () => {
    assertEquals(ruleFor(shipped, ["/usr/bin/umount"])?.verdict, "effect");
    assertEquals(ruleFor(shipped, ["/mount/perl"]), undefined);
  });

  it("stops a unit by name after the merge, for which its file may be gone by then", () => {
    for (const line of ["disable --now x y", "--now disable x y", "mask x y --now"]) {
      const [verdict, words] = ofShim(shipped, ["systemctl", ...line.split(" ")]);
      assertEquals([verdict, words.slice(-3)], ["run+effect", ["stop", "x", "y"]]);
    }
    // The control: the file of one that is enabled is there.
    const [, words] = ofShim(shipped, ["systemctl", "enable", "--now", "x"]);
    assertEquals(words.slice(-3), ["enable", "--now", "x"]);
  });

  it("leaves the arguments as they are, whatever they hold", () => {
    const words = ["a b", "", "*", "$(id)", "'", "\n", "-x y", "\\"];
    assertEquals(ofShim(shipped, ["umount", ...words]), ["effect", ["umount", ...words]]);
    assertEquals(ofShim(own, ["umount", ...words]), ["run", words]);
  });
});

describe("effects", () => {
  for (
    const [argv, line] of [
      [["a", "--b=c/d.e"], "a --b=c/d.e"],
      [["a b"], "'a b'"],
      [["a", ""], "a ''"],
      [["it's"], `'it'\\''s'`],
      [["$(id)", "*"], "'$(id)' '*'"],
    ] as const
  ) {
    it(`are shown as a person would type them: ${line}`, () => {
      assertEquals(commandLine(argv), line);
      const { stdout } = new Deno.Command("/bin/sh", { args: ["-c", `printf '%s\\0' ${line}`] })
        .outputSync();
      assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), [...argv]);
    });
  }
});

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + by.length)];
}
