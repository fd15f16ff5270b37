/**
 * Effects that change files by themselves, on the live system after the merge: those changes are neither
 * shown before nor undone, so that they are named at least.
 *
 * @module
 */
import { parsePolicy, ruleFor } from "./policy.ts";

/** Command lines as in a policy, and what they change. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "/boot/grub/grub.cfg": ["update-grub", "update-grub2"],
  "the initramfs in /boot": ["dracut"],
  "the file that it is told": ["grub-mkconfig"],
  "/boot/grub and the boot sector or the EFI partition": ["grub-install"],
  "variables of the firmware": ["efibootmgr"],
  "/etc/ufw": ["ufw"],
  "/etc/firewalld": ["firewall-cmd --permanent", "firewall-cmd --runtime-to-permanent"],
  "/etc/NetworkManager/system-connections": [
    ...["add", "modify", "delete", "import", "clone", "edit"].flatMap((verb) => [
      `nmcli c* ${verb}`,
      `nmcli d* ${verb}`,
    ]),
    "nmcli d* wifi",
  ],
  "/var/lib/systemd/linger": ["loginctl enable-linger", "loginctl disable-linger"],
  "/var/lib/snapd": ["snap"],
  "/var/lib/docker": ["docker", "docker-compose"],
  "/var/lib/containers": ["podman"],
  "/etc/libvirt": ["virsh define", "virsh undefine", "virsh edit", "virsh net-define"],
  "/etc/wireguard": ["wg-quick save", "wg-quick down"],
  "/etc/lvm": ["lvcreate", "lvextend", "lvresize", "lvremove", "lvchange", "vgcreate", "vgextend"]
    .concat(["vgremove", "vgchange", "pvcreate", "pvremove"]),
  "/etc/adjtime": ["hwclock"],
  "/var/lib/machines": ["machinectl"],
  "/var/spool/postfix": ["postsuper"],
  // In a script these run, and their files are changes; they are effects as reactions, or with
  // disco-effect.
  "/etc/ld.so.cache": ["ldconfig"],
  "/etc/aliases.db": ["newaliases"],
  "/etc/passwd, /etc/group and their shadows": ["systemd-sysusers"],
};

const RULES = Object.entries(WRITES).map(([files, lines]) => ({
  files,
  rules: parsePolicy(lines.map((line) => `${line} effect`).join("\n"), "writes"),
}));

/** Which files an effect changes by itself; undefined where none are known. */
export function writesOf(argv: readonly string[]): string | undefined {
  return RULES.find(({ rules }) => ruleFor(rules, argv) !== undefined)?.files;
}
