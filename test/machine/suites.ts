/**
 * The systems that DISCO is tried on, and what is installed there.
 *
 * @module
 */

/** A release of Debian. */
export interface Suite {
  /** As Debian's archive names it. */
  readonly suite: string;
  readonly title: string;
  /** Its own kernel, as features.ts shows it. */
  readonly kernel: RegExp;
}

/** Each has the kernel that its users run. */
export const SUITES: readonly Suite[] = [
  { suite: "bookworm", title: "Debian 12", kernel: /^kernel: 6\.1\./ },
  { suite: "trixie", title: "Debian 13", kernel: /^kernel: 6\.12\./ },
];

/** What a system needs to boot, what DISCO calls (see tasks/setup), and what the tests configure. */
export const PACKAGES: readonly string[] = [
  ...["linux-image-amd64", "initramfs-tools", "kmod", "udev", "systemd", "systemd-sysv", "dbus"],
  ...["rsync", "util-linux", "bash", "time", "diffutils", "bubblewrap", "hostname", "procps"],
  ...["attr", "acl", "openssh-client", "openssh-server", "iproute2", "e2fsprogs", "strace"],
  ...["cron", "nginx-light"],
];
