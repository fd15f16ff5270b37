/**
 * What the kernel of a machine can do of that which DISCO could use.
 *
 * @module
 */
import type { Machine } from "./machine.ts";

// Perl is on every Debian, and needs no headers for a system call.
const PROBE = String.raw`
use strict;
sub answer { printf "%s: %s\n", @_ }
my $how = pack "QQQ", 0x200000, 0, 0x14;        # O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS
my $path = "/etc";
answer "openat2", syscall(437, -100, $path, $how, 24) >= 0 ? "yes" : "no ($!)";
my $abi = syscall 444, 0, 0, 1;
answer "Landlock", $abi > 0 ? "ABI $abi" : "no ($!)";
my $type = "overlay";
my $overlay = syscall 430, $type, 0;
my ($key, $value) = ("lowerdir+", "/usr");
answer "lowerdir+", syscall(431, $overlay, 1, $key, $value, 0) == 0 ? "yes" : "no ($!)";
`;

const SHELL = String.raw`
mkdir /tmp/features; mount -t tmpfs none /tmp/features; cd /tmp/features
touch file
setfattr -n user.note -v x file 2>/dev/null && answer=yes || answer=no
echo "user attributes on tmpfs: $answer"
mkdir lower upper work merged; echo content >lower/file
options=lowerdir=lower,upperdir=upper,workdir=work
mount -t overlay none -o $options,metacopy=on,redirect_dir=on,index=off merged && chmod 600 merged/file
getfattr -n trusted.overlay.metacopy upper/file >/dev/null 2>&1 && answer=yes || answer=no
echo "metacopy: $answer"
umount merged; cd /; umount /tmp/features; rmdir /tmp/features
echo "control groups: $(stat -fc %T /sys/fs/cgroup)"
echo "unprivileged user namespaces: $(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || echo yes)"
`;

/** Lines "feature: answer". */
export async function featuresOf(machine: Machine): Promise<string[]> {
  const facts = [
    `kernel: ${(await machine.run(["uname", "-r"])).trim()}`,
    `systemd: ${(await machine.run(["systemctl", "--version"])).split("\n")[0]?.split(" ")[1]}`,
    `run by: ${machine.accelerator}`,
  ];
  const probed = await machine.run(["perl", "-e", PROBE]) + await machine.bash(SHELL);
  return [...facts, ...probed.trim().split("\n")];
}
