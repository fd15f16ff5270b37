import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { criticalChanges, criticalGlobs, parseCritical } from "../../lib/guards/mod.ts";
import { change, file, other } from "../changes/entries.ts";

const SHIPPED = criticalGlobs({ etc: "/nowhere", params: "/nowhere" });
const isCritical = (path: string) =>
  criticalChanges([change("created", null, file(), { path })], SHIPPED).length === 1;

describe("the shipped list of critical paths", () => {
  const critical = [
    ...["/etc/passwd", "/etc/sudoers.d/x", "/etc/pam.d/common-auth", "/etc/ssh/sshd_config.d/a"],
    ...["/etc/ssh/ssh_host_rsa_key", "/etc/fstab", "/boot/vmlinuz-6.1", "/etc/resolv.conf"],
    ...["/etc/netplan/50-x.yaml", "/root/.ssh/authorized_keys", "/var/lib/dpkg/info/sudo.list"],
    ...["/usr/lib/x86_64-linux-gnu/libc.so.6", "/var/lib/dpkg/info/libc6:amd64.list"],
  ];
  const others = [
    ...["/etc/passwd-", "/etc/motd", "/srv/etc/passwd", "/etc/ssh/ssh_config", "/bootx"],
    ...["/var/lib/dpkg/info/nginx.list", "/var/lib/dpkg/info/sudo.md5sums"],
  ];
  it("should have what a machine needs, and no more", () => {
    assertEquals(critical.filter((path) => !isCritical(path)), []);
    assertEquals(others.filter(isCritical), []);
  });

  it("should cover a directory that goes with what is below it", () => {
    const gone = { ...change("deleted", other("directory"), null, { path: "/etc" }), contained: 9 };
    const empty = change("deleted", other("directory"), null, { path: "/etc" });
    assertEquals(criticalChanges([gone, empty], SHIPPED), [gone]);
  });
});

describe("parseCritical", () => {
  it("should take globs and comments", () => {
    assertEquals(parseCritical("# of ours\n\n /opt/own/ \n/srv/*\n", "x"), ["/opt/own", "/srv/*"]);
  });

  it("should name file and line of what is no path", () => {
    assertThrows(
      () => parseCritical("/a\nb\n", "critical.d/own"),
      DiscoError,
      'Cannot parse "critical.d/own", line 2: expected an absolute path, found "b"',
    );
  });
});
