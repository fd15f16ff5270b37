/**
 * Questions whose answer an effect that waits will change, by what both are about: a mount, a link of
 * the network, a setting of the kernel.
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
    asking: ["mount", "findmnt", "df", "lsblk", "blkid", "swapon", "losetup"],
    changing: [
      ...["mount", "umount", "swapon", "swapoff", "losetup", "mkswap", "mkfs", "mkfs.ext4"],
      ...["mkfs.xfs", "mkfs.btrfs", "mkfs.vfat", "tune2fs", "e2label", "xfs_admin", "resize2fs"],
      "xfs_growfs",
    ],
    isSame: nameTheSame,
  },
  { asking: ["sysctl"], changing: ["sysctl"], isSame: isSetting },
  { asking: ["loginctl"], changing: ["loginctl"], isSame: nameTheSame },
  { asking: ["hostnamectl"], changing: ["hostnamectl", "hostname"] },
  {
    asking: ["hostname"],
    changing: ["hostnamectl", "hostname", "ip", "ifconfig", "ifup", "ifdown"],
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

/** Whether both name the same link, mount point or device. */
function nameTheSame(question: readonly string[], effect: readonly string[]): boolean {
  const names = namesIn(effect);
  return namesIn(question).some((name) => names.includes(name));
}

function namesIn(argv: readonly string[]): string[] {
  return argv.slice(1).filter((word) => !word.startsWith("-") && !GRAMMAR.includes(word))
    .map((word) => word.replace(/(?<=.)\/+$/, ""));
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
