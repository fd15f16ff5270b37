/**
 * Questions whose answer an effect that waits will change, by what both are about: a mount, a link of
 * the network, a setting of the kernel. A question that names nothing asks for all there is.
 *
 * @module
 */
import { basename } from "@std/path";

/** Commands that ask about a matter, and commands that change it. */
interface Matter {
  readonly asking: readonly string[];
  readonly changing: readonly string[];
  /** Whether one command line may change what the other asks for; without it, it always may. */
  readonly isSame?: (question: readonly string[], effect: readonly string[]) => boolean;
}

/** Words of command lines that name nothing. */
const GRAMMAR = [
  ...["link", "addr", "address", "route", "rule", "neigh", "show", "list", "get", "add"],
  ...["del", "set", "delete", "replace", "change", "flush", "dev", "type", "up", "down"],
  ...["via", "to", "from", "master", "default", "table", "name", "connection", "device"],
  ...["con", "modify", "reload", "status", "show-user", "auto", "none", "bind", "defaults"],
  ...["tmpfs", "ext4", "xfs", "btrfs", "bridge", "dummy", "vlan"],
];

/** What changes disks and what is on them. */
const DISKS = [
  ...["mkswap", "mkfs", "mkfs.ext4", "mkfs.xfs", "mkfs.btrfs", "mkfs.vfat", "tune2fs", "e2label"],
  ...["xfs_admin", "resize2fs", "xfs_growfs", "wipefs", "blkdiscard", "dd"],
  ...["parted", "sfdisk", "sgdisk", "fdisk", "partprobe", "partx"],
  ...["pvcreate", "vgcreate", "lvcreate", "lvextend", "lvremove", "mdadm", "cryptsetup"],
];

const MATTERS: readonly Matter[] = [
  {
    asking: ["ip", "ifconfig", "route", "networkctl", "nmcli", "bridge", "tc", "resolvectl"],
    changing: [
      ...["ip", "ifconfig", "route", "ifup", "ifdown", "nmcli", "networkctl", "bridge", "tc"],
      ...["brctl", "resolvectl"],
    ],
    isSame: nameTheSame,
  },
  {
    asking: ["mount", "findmnt", "mountpoint", "df", "lsblk", "blkid", "swapon", "losetup"],
    changing: ["mount", "umount", "swapon", "swapoff", "losetup", ...DISKS],
    isSame: nameTheSame,
  },
  { asking: ["lsattr"], changing: ["chattr"], isSame: nameTheSame },
  { asking: ["lsmod"], changing: ["modprobe", "insmod", "rmmod"] },
  { asking: ["sysctl"], changing: ["sysctl"], isSame: isSetting },
  { asking: ["loginctl"], changing: ["loginctl"], isSame: nameTheSame },
  {
    asking: ["hostnamectl", "hostname", "uname"],
    changing: ["hostnamectl", "hostname", "sysctl", "domainname"],
    isSame: (question, effect) => !hasAddresses(question) && changesName(effect),
  },
  {
    asking: ["hostname"],
    changing: ["ip", "ifconfig", "ifup", "ifdown"],
    isSame: hasAddresses,
  },
  { asking: ["timedatectl"], changing: ["timedatectl", "date", "hwclock"] },
];

/** The first of the effects that wait which may change what a question asks for. */
export function changesMatter(
  question: readonly string[],
  waiting: readonly (readonly string[])[],
): readonly string[] | undefined {
  const matters = MATTERS.filter(({ asking }) => asking.includes(question[0] ?? ""));
  return waiting.find((effect) =>
    matters.some(({ changing, isSame }) =>
      changing.includes(basename(effect[0] ?? "")) && (isSame?.(question, effect) ?? true)
    )
  );
}

/**
 * Whether both name the same link, mount point, file or device, or one of them what lies in the other,
 * or the question names nothing.
 */
function nameTheSame(question: readonly string[], effect: readonly string[]): boolean {
  const [asked, changed] = [namesIn(question), namesIn(effect)];
  return asked.length === 0 ||
    asked.some((a) => changed.some((b) => a === b || isPartOf(a, b) || isPartOf(b, a)));
}

/** `/dev/vdb1` of `/dev/vdb`, `/data/f` of `/data`. */
function isPartOf(whole: string, part: string): boolean {
  if (!whole.startsWith("/") || !part.startsWith(whole)) return false;
  return part[whole.length] === "/" ||
    (whole.startsWith("/dev/") && /^p?\d/.test(part.slice(whole.length)));
}

function namesIn(argv: readonly string[]): string[] {
  return argv.slice(1).filter((word) => !/^[-+=]/.test(word) && !GRAMMAR.includes(word))
    .map((word) => word.replace(/(?<=.)\/+$/, "").replace(/^(if|of)=/, ""));
}

/** `hostname -I` asks for addresses, `hostname` for the name. */
function hasAddresses(question: readonly string[]): boolean {
  return question.slice(1).some((word) => /^(-[Ii]|--(all-)?ip-address(es)?)$/.test(word));
}

function changesName([command = "", ...rest]: readonly string[]): boolean {
  return basename(command) !== "sysctl" ||
    keysIn(rest).some((key) => key === "kernel.hostname" || key === "kernel.domainname") ||
    !rest.some((word) => word.includes("="));
}

/** Whether both are about one setting; what loads files may change any. */
function isSetting(question: readonly string[], effect: readonly string[]): boolean {
  const set = keysIn(effect.filter((word) => word.includes("=")));
  const asked = keysIn(question);
  return set.length === 0 || asked.length === 0 || asked.some((key) => set.includes(key));
}

/** The names of settings, in the one of their two spellings (sysctl(8)). */
function keysIn(argv: readonly string[]): string[] {
  return argv.filter((word) => word !== "sysctl" && !word.startsWith("-"))
    .map((word) => word.replace(/=.*/s, "").trim().replaceAll("/", "."));
}
