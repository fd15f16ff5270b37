/**
 * What the author of a script can do instead of a command that is denied.
 *
 * @module
 */
import { basename } from "@std/path";
import { own } from "../text/own.ts";

const ONLY_ROOT =
  "only root may ask that: write the whole rule set to a file and ask for it to be " +
  "loaded, or do it in post/";
const DISKS = "the sandbox has no disks: do it in post/";
const ENGINE = "it would act outside of the sandbox, or ask there: do it in post/";
const DATABASE = "it would act on the live system at once: do it in post/";
const ASKS = "it asks the live system, and no effect can answer: look in post/";
const PROCESSES =
  "whether a process is there, pgrep knows; what else is to be known, look in post/";
const DROP_IN = "write a file in /etc/systemd/system/UNIT.d, and ask for systemctl daemon-reload";

/** By command, or command and first word; the longer one counts. */
const ADVICE: Readonly<Record<string, string>> = {
  "hostnamectl":
    "write /etc/hostname (or /etc/machine-info), and ask for disco-effect hostname NAME",
  "timedatectl":
    "link /etc/localtime to a file of /usr/share/zoneinfo and write /etc/timezone; enable a " +
    "unit of the time service; write /etc/adjtime",
  "localectl": "write /etc/locale.conf or /etc/default/locale, /etc/vconsole.conf or " +
    "/etc/default/keyboard",
  "systemctl set-property": DROP_IN,
  "systemctl edit": DROP_IN,
  "systemctl cat": "read the files in /etc/systemd/system and /usr/lib/systemd/system",
  "ip":
    "write its words out, such as ip link set and ip addr show; other questions belong into post/",
  "chattr":
    "the flag stays until the merge, and what is written before would be lost: take it away " +
    "and change the file in post/, or take it away by disco-effect in a dance of its own",
  "at": "write a timer of systemd or a file in /etc/cron.d",
  "batch": "write a timer of systemd or a file in /etc/cron.d",
  "firewall-cmd":
    "use firewall-offline-cmd, which changes files, and ask for firewall-cmd --reload; or " +
    "do it in post/",
  ...each(["iptables", "ip6tables", "iptables-save", "ip6tables-save", "ebtables"], ONLY_ROOT),
  ...each(["iptables-restore", "ip6tables-restore"], ONLY_ROOT),
  ...each(["arptables", "ipset", "nft", "ufw"], ONLY_ROOT),
  ...each(["blkid", "lvs", "vgs", "pvs", "lvdisplay", "vgdisplay", "pvdisplay"], DISKS),
  ...each(["cryptsetup", "mdadm", "parted", "sfdisk", "sgdisk", "fdisk", "gdisk"], DISKS),
  ...each(["wipefs", "zpool", "zfs", "grub-probe", "grub-mkconfig"], DISKS),
  ...each(["docker", "podman", "docker-compose", "virsh", "machinectl"], ENGINE),
  "lsof": "which processes there are, pgrep knows, and who listens, ss; what else, look in post/",
  "fuser": "which processes there are, pgrep knows, and who listens, ss; what else, look in post/",
  "losetup":
    "the sandbox has no loop devices: losetup --list is answered; to set one up, do it in post/",
  "mknod":
    "device nodes belong to the kernel and udev: link to /dev/null (ln -s), make the node in " +
    "post/, or write a rule for udev; mkfifo and mknod NAME p work",
  ...each(["kill", "killall", "pkill"], PROCESSES),
  ...each(["busctl", "networkctl", "resolvectl", "coredumpctl", "udevadm", "monit"], ASKS),
  ...each(["supervisorctl", "initctl", "sv", "start-stop-daemon", "efibootmgr", "hwclock"], ASKS),
  ...each(["psql", "mysql", "mariadb", "mysqladmin", "mongosh", "redis-cli"], DATABASE),
};

function each(commands: readonly string[], advice: string): Record<string, string> {
  return Object.fromEntries(commands.map((command) => [command, advice]));
}

/** What to do instead of a denied command line; undefined where nothing special is known. */
export function adviceFor(argv: readonly string[]): string | undefined {
  const [command = "", ...args] = argv;
  const name = basename(command);
  const word = args.find((arg) => !arg.startsWith("-"));
  return own(ADVICE, `${name} ${word}`) ?? own(ADVICE, name);
}
