/**
 * The attempts of the probe, what each would reach, and what stops it.
 *
 * @module
 */
import type { Wall } from "../../lib/sandbox/mod.ts";

/** Stops attempts in every sandbox, and cannot be left out as a wall can. */
export const BARRIERS = {
  root: "the union is the root of its mount namespace",
  union: "sockets are not seen through an overlay, nor mounted into it",
  powers: "no_new_privs, and a root without setuid",
  mounts: "what is mounted cannot be renamed",
} as const;

/** The name of a barrier. */
export type Barrier = keyof typeof BARRIERS;

/** One attempt. */
export interface Attempt {
  readonly what: string;
  /** Each of them alone stops it. */
  readonly by: readonly (Wall | Barrier)[];
  /** A capability that even the host needs for it. */
  readonly needs?: string;
  /** It concerns the terminal, which only the shell has; `open`: and there it is let through. */
  readonly shell?: "open" | "refused";
}

/** By the name that the probe has for it. */
export const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  // Processes.
  "kill-host": { what: "send a signal to a process of the host", by: ["pid", "landlock"] },
  "pidfd-signal": { what: "send a signal by pidfd_send_signal", by: ["pid", "landlock"] },
  "signal-group": {
    what: "signal what started the sandbox, as its group",
    by: ["session"],
    shell: "open",
  },
  "ptrace-host": { what: "trace a process of the host", by: ["pid", "capabilities", "landlock"] },
  "read-memory": {
    what: "read the memory of a process of the host",
    by: ["pid", "capabilities", "landlock"],
  },
  "take-descriptor": {
    what: "take an open file of it (pidfd_getfd)",
    by: ["pid", "capabilities", "landlock"],
  },
  "proc-root": { what: "go to /proc/PID/root", by: ["pid", "capabilities", "landlock"] },
  "proc-cwd": { what: "go to /proc/PID/cwd", by: ["pid", "capabilities", "landlock"] },
  setns: {
    what: "enter the host's mount namespace",
    by: ["pid", "capabilities", "seccomp", "landlock"],
  },
  nice: { what: "a higher priority", by: ["capabilities"] },
  realtime: { what: "real-time scheduling", by: ["capabilities"] },
  rlimit: { what: "raise a resource limit", by: ["capabilities"], needs: "sys_resource" },
  "core-dump": { what: "start the host's handler of crashes", by: ["cores"] },

  // Powers.
  setuid: { what: "gain capabilities from a setuid file", by: ["powers"] },
  "file-capability": { what: "gain them from capabilities of a file", by: ["powers"] },
  "trusted-attribute": { what: "set a trusted.* attribute", by: ["capabilities"] },
  immutable: { what: "chattr +i", by: ["capabilities"] },

  // The kernel.
  reboot: { what: "reboot(2)", by: ["capabilities", "seccomp"], needs: "sys_boot" },
  settimeofday: { what: "set the clock", by: ["capabilities", "seccomp"], needs: "sys_time" },
  adjtimex: { what: "tune the clock", by: ["capabilities", "seccomp"], needs: "sys_time" },
  "clock-adjtime": {
    what: "tune the clock by clock_adjtime",
    by: ["capabilities", "seccomp"],
    needs: "sys_time",
  },
  "init-module": {
    what: "load a kernel module",
    by: ["capabilities", "seccomp"],
    needs: "sys_module",
  },
  "finit-module": {
    what: "load a kernel module from a file",
    by: ["capabilities", "seccomp"],
    needs: "sys_module",
  },
  "delete-module": {
    what: "unload a kernel module",
    by: ["capabilities", "seccomp"],
    needs: "sys_module",
  },
  kexec: { what: "load another kernel", by: ["capabilities", "seccomp"], needs: "sys_boot" },
  syslog: {
    what: "the kernel's log (syslog(2))",
    by: ["capabilities", "seccomp"],
    needs: "syslog",
  },
  bpf: { what: "list the kernel's BPF programs", by: ["capabilities", "seccomp"] },
  perf: { what: "watch all processes (perf_event_open)", by: ["capabilities", "seccomp"] },
  acct: { what: "process accounting", by: ["capabilities", "seccomp"] },
  swapon: { what: "swap to a file", by: ["capabilities", "seccomp"] },
  quotactl: { what: "disk quotas", by: ["seccomp"] },
  userfaultfd: { what: "userfaultfd", by: ["seccomp"] },
  "io-uring": { what: "io_uring, which no filter sees into", by: ["seccomp"] },
  "add-key": { what: "add a key to a keyring", by: ["seccomp"] },
  keyctl: { what: "look at the user's keyring", by: ["seccomp"] },
  "request-key": { what: "ask for a key", by: ["seccomp"] },
  iopl: { what: "ports of the hardware (iopl)", by: ["capabilities"], needs: "sys_rawio" },
  ioperm: { what: "ports of the hardware (ioperm)", by: ["capabilities"], needs: "sys_rawio" },
  sethostname: { what: "rename the host", by: ["uts", "capabilities", "seccomp"] },
  setdomainname: { what: "set its NIS domain", by: ["uts", "capabilities", "seccomp"] },
  handle: { what: "open a file by its handle", by: ["capabilities", "seccomp", "covers"] },
  "call-i386": { what: "system calls by int 0x80", by: ["seccomp"] },
  "call-x32": { what: "system calls of the x32 ABI", by: ["seccomp"] },

  // Settings.
  "sysctl-vm": { what: "write /proc/sys/vm", by: ["proc"] },
  "sysctl-kernel": { what: "write /proc/sys/kernel", by: ["proc"] },
  "sysctl-fs": { what: "write /proc/sys/fs", by: ["proc"] },
  "sysctl-net": { what: "write /proc/sys/net", by: ["proc"] },
  "core-pattern": { what: "write core_pattern", by: ["proc"] },
  "hostname-file": { what: "write /proc/sys/kernel/hostname", by: ["proc"] },
  sysrq: { what: "write /proc/sysrq-trigger", by: ["proc"] },
  wakeup: { what: "write /proc/acpi/wakeup", by: ["proc"] },
  "proc-any": { what: "write any file of /proc that needs no capability", by: ["proc"] },
  kmsg: { what: "open /proc/kmsg", by: ["proc", "capabilities"], needs: "syslog" },
  kcore: { what: "open /proc/kcore", by: ["proc", "capabilities"], needs: "sys_rawio" },
  timers: { what: "read /proc/timer_list", by: ["proc"] },
  keys: { what: "read /proc/keys", by: ["proc"] },
  sysfs: { what: "write below /sys", by: ["sys"] },
  "sys-any": { what: "a mount in /sys that can be written", by: ["sys"] },
  debugfs: { what: "debugfs", by: ["sys"] },
  tracefs: { what: "tracefs", by: ["sys"] },
  bpffs: { what: "pinned BPF objects", by: ["sys"] },
  "cgroup-make": { what: "make a control group", by: ["sys"] },
  "cgroup-join": { what: "write cgroup.procs", by: ["sys"] },
  "cgroup-view": { what: "see the control groups above", by: ["cgroup"] },

  // Mounts and namespaces.
  "mount-tmpfs": { what: "mount a tmpfs", by: ["capabilities", "seccomp", "landlock"] },
  "mount-proc": { what: "mount another /proc", by: ["capabilities", "seccomp", "landlock"] },
  "mount-cgroup2": { what: "mount control groups", by: ["capabilities", "seccomp", "landlock"] },
  remount: { what: "remount /proc/sys for writing", by: ["capabilities", "seccomp", "landlock"] },
  unmask: { what: "unmount what covers /proc/sys", by: ["capabilities", "seccomp", "landlock"] },
  fsopen: { what: "fsopen", by: ["capabilities", "seccomp"] },
  "open-tree": { what: "open_tree", by: ["capabilities", "seccomp"] },
  "open-tree-attr": { what: "open_tree_attr", by: ["capabilities", "seccomp"] },
  "move-mount": { what: "move_mount", by: ["capabilities", "seccomp"] },
  fspick: { what: "fspick", by: ["capabilities", "seccomp"] },
  "mount-setattr": { what: "mount_setattr", by: ["capabilities", "seccomp"] },
  "pivot-root": { what: "pivot_root", by: ["capabilities", "seccomp", "landlock"] },
  "unshare-mount": { what: "a mount namespace", by: ["capabilities", "seccomp"] },
  "unshare-user": { what: "a user namespace, by unshare", by: ["seccomp"] },
  "clone-user": { what: "a user namespace, by clone", by: ["seccomp"] },
  "clone3-user": { what: "a user namespace, by clone3", by: ["seccomp"] },
  chroot: { what: "leave by chroot and fchdir", by: ["root"] },
  descriptor: { what: "leave by a leaked descriptor of /", by: ["descriptors"] },

  // Networks and sockets.
  "socket-systemd": { what: "talk to systemd's socket in /run", by: ["volatile"] },
  "socket-dbus": { what: "talk to the bus's socket in /run", by: ["volatile"] },
  "socket-docker": { what: "talk to docker's socket in /run", by: ["volatile"] },
  "socket-in-union": { what: "talk to a socket in /srv", by: ["union"] },
  "socket-in-readonly": { what: "talk to a socket in a read-only mount", by: ["union"] },
  "socket-mounted": { what: "talk to a socket that is mounted in /srv", by: ["union"] },
  "socket-abstract": { what: "talk to an abstract socket", by: ["network", "landlock"] },
  tcp: { what: "talk to a port of 127.0.0.1", by: ["network"] },
  vsock: { what: "AF_VSOCK, to the hypervisor", by: ["seccomp"] },
  packet: { what: "AF_PACKET, raw frames", by: ["capabilities", "seccomp"] },
  crypto: { what: "AF_ALG, the kernel's ciphers", by: ["seccomp"] },
  raw: { what: "raw IP", by: ["capabilities"] },
  audit: { what: "write records of the host's audit", by: ["seccomp"] },
  sctp: { what: "SCTP, which loads a module", by: ["seccomp"] },
  "other-families": { what: "any other family of sockets", by: ["seccomp"] },
  route: { what: "change a route of the host", by: ["network", "capabilities"] },

  // Places.
  "shared-memory": { what: "System V shared memory of the host", by: ["ipc"] },
  "message-queue": { what: "POSIX message queues of the host", by: ["ipc"] },
  "dev-shm": { what: "/dev/shm of the host", by: ["volatile"] },
  tmp: { what: "/tmp of the host", by: ["volatile"] },
  run: { what: "/run of the host", by: ["volatile"] },
  "make-device": { what: "make a block device", by: ["capabilities"] },
  "open-device": { what: "open a block device in /srv", by: ["devices"] },
  "open-host-device": { what: "open a block device in /dev", by: ["devices"] },
  "change-device": { what: "change the mode of the host's /dev/null", by: ["devices"] },
  "change-commands": { what: "change /run/disco/bin", by: ["service"] },
  "change-shims": { what: "change the shims", by: ["service"] },
  "change-host-commands": {
    what: "change the host's commands behind them",
    by: ["service", "covers"],
  },
  "change-ball": { what: "change the fetched ball", by: ["service", "covers"] },
  "change-time": { what: "change the host's time(1), which is mounted", by: ["service"] },
  "change-settings": { what: "change /etc/disco", by: ["service"] },
  "change-state": { what: "change /var/disco", by: ["service"] },
  "change-parameters": { what: "change a parameter", by: ["service", "covers"] },
  "replace-ask": { what: "put a link in the place of /run/disco/ask", by: ["mounts"] },
  "replace-effects": { what: "put a link in the place of /run/disco/effects", by: ["mounts"] },
  "replace-out": { what: "put a link in the place of /run/disco/out", by: ["mounts"] },
  type: { what: "type into the terminal (TIOCSTI)", by: ["seccomp"], shell: "refused" },
};

/** The walls among what stops it. */
export function wallsOf({ by }: Attempt): Wall[] {
  return by.filter((name): name is Wall => !Object.hasOwn(BARRIERS, name));
}

/** Where the probe goes: a script of a dry run, one of a live run, and a person's shell. */
export const LEVELS = ["dry", "live", "shell"] as const;

/** Whether it is let through by design: a live run has the host's network, a shell its terminal. */
export function isOpen({ by, shell }: Attempt, level: typeof LEVELS[number]): boolean {
  if (level === "shell") return shell === "open";
  return level === "live" && by.every((name) => name === "network");
}
