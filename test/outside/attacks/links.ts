/**
 * Links, and other things, where a ball's script found directories.
 *
 * @module
 */
import type { Attack } from "../attack.ts";
import { SECRET } from "../scene.ts";

/** Programs that leave a mark on whatever machine they run. */
const PROGRAMS = `for name in sh prlimit bwrap unshare nsenter diff; do
  printf '#!/bin/bash\\n: >/run/was-run\\nexit 1\\n' >"$1/$name"; chmod 755 "$1/$name"
done
cp /bin/bash "$1/"`;
const AFTER = { requires: "a", "scripts/10": "true" };

/** Bash: what a script puts in the place of the mount point `/mnt/data` (it is moved away before). */
const IN_PLACE: Readonly<Record<string, string>> = {
  "a link to /usr/bin": "mkdir /mnt; ln -s /usr/bin /mnt/data",
  "a relative link": "mkdir /mnt; ln -s ../../../../../../../usr/bin /mnt/data",
  "a link to a folder with a link": "mkdir /mnt; ln -s /usr /srv/l; ln -s /srv/l/bin /mnt/data",
  "a link of the folder above": "mkdir -p /srv/x; ln -s /usr /srv/x/data; ln -s /srv/x /mnt",
  "a link to /proc/self/root": "mkdir /mnt; ln -s /proc/self/root/usr/bin /mnt/data",
  "a file": "mkdir /mnt; : >/mnt/data",
  "a FIFO": "mkdir /mnt; mkfifo /mnt/data",
  "a loop": "mkdir /mnt; ln -s data /mnt/data",
  "nothing": "true",
  "nothing of the folder above": "mkdir /mnt",
};

const mounts: Attack[] = Object.entries(IN_PLACE).map(([what, script]): Attack => ({
  what: `${what} in the place of a mount point, before the next ball is mounted`,
  modes: what === "a link to /usr/bin"
    ? ["dry", "live", "check", "shell", "stages"]
    : ["dry", "live"],
  balls: {
    a: { "scripts/10": `set -- /mnt/data\n${PROGRAMS}\nmv /mnt /mnt2; ${script}` },
    b: AFTER,
  },
  then: { holds: "[ ! -e /run/was-run ]", changes: /^\/mnt2?\b/ },
  // In one process, sandboxes start where they do not see what was mounted in the wrong place.
  ...what === "a link to /usr/bin" ? { control: "mounts by name", controlIn: "stages" } : {},
}));

const places: Attack[] = ["/run", "/tmp", "/dev", "/proc", "/sys", "/var", "/etc", "/usr"].map((
  path,
) => ({
  what: `a link in the place of ${path}`,
  modes: ["dry"],
  balls: {
    a: { "scripts/10": `mv ${path} /srv/away && ln -s /opt/tree ${path} || exit 0` },
    b: { requires: "a", "files/etc/x/y": "x\n", "files/var/x/y": "y\n", "scripts/10": "true" },
  },
  then: {},
}));

const delivered = { "files/srv/a/precious": "precious\n" };
const purge = (link: string): Attack => ({
  what: `a purge through ${link} link`,
  modes: ["dry", "live", "check", "stages"],
  earlier: [{
    a: { ...delivered, "scripts/10": "cp -p /etc/precious /srv/a/precious" },
  }],
  balls: {
    a: {
      purge: "/srv/a/precious\n",
      "scripts/10": `rm -rf /srv/a; ln -s ${link === "an absolute" ? "" : ".."}/etc /srv/a`,
    },
  },
  then: { changes: /^\/srv\b/ },
  // The host's file of the absolute one is another inode than the one that was delivered.
  ...link === "a relative" ? { control: "plain door" } : {},
});

/** What a diff would show if it went through a link; the balls write the old name first. */
const shown = (target: string, name: string): Attack => ({
  what: `a diff through a link to ${target}`,
  modes: ["dry", "live", "check", "shell", "stages"],
  balls: {
    // It leaves the link alone where it is: "check" runs it once more on top.
    a: { "scripts/10": `[ -L /srv/d ] || { mkdir -p /srv/d; echo mine >/srv/d/${name}; }` },
    b: { requires: "a", "scripts/10": `rm -rf /srv/d; ln -s ${target} /srv/d` },
  },
  then: { hides: new RegExp(SECRET), changes: /^\/srv\b/, code: [0] },
});

const diffs = [
  shown("/run/secret", "token"),
  shown("/etc", "shadow"),
  shown("/opt/tree", "secret"),
  shown("/root", "secret"),
  shown("/proc", "kmsg"),
  shown("/proc/self/root/root", "secret"),
  shown("../root", "secret"),
];

/** Delivery where a script has put links. */
const deliveries: Attack[] = [
  ["/opt/tree", "an absolute link"],
  ["../../../../../../opt/tree", "a relative link"],
  ["/proc/self/root/opt/tree", "a link through /proc"],
].map(([target, what]) => ({
  what: `a delivery through ${what} of an earlier ball`,
  modes: ["dry", "check"],
  balls: {
    a: { "scripts/10": `ln -s ${target} /srv/l` },
    b: {
      requires: "a",
      "files/srv/l/secret": "changed\n",
      "files/srv/l/new/file": "new\n",
      "templates/srv/l/t.eta": "<%= it.node %>\n",
      permissions: "0777 alice alice /srv/l/**\n0777 alice alice /srv/l\n",
    },
  },
  then: {},
}));

const resolver: Attack = {
  what: "resolv.conf becomes a link into /run, before a script with the network",
  modes: ["live"],
  balls: {
    a: { "scripts/10": "rm -f /etc/resolv.conf; ln -s /run/secret/token /etc/resolv.conf" },
    b: { requires: "a", "scripts/10": "cat /run/secret/token /etc/resolv.conf || true" },
  },
  then: { hides: new RegExp(SECRET), changes: /^\/etc\b/ },
};

/** Everything about links. */
export const LINKS: readonly Attack[] = [
  ...mounts,
  ...places,
  purge("an absolute"),
  purge("a relative"),
  ...diffs,
  ...deliveries,
  resolver,
];
