/** Effects that do not fit what their dance changes are refused before anything is merged. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { mountsOf } from "../../lib/dance/waiting_mounts.ts";
import { describeOnHost } from "../host/mod.ts";
import { dance, freshHost, FROM_GIVEN, give } from "./support.ts";

const TABLE = {
  fstab: [
    { source: "UUID=1", place: "/srv/x", isAutomatic: true },
    { source: "/dev/b", place: "/srv/on", isAutomatic: true },
    { source: "/dev/c", place: "/srv/hand", isAutomatic: false },
  ],
  mounted: [{ path: "/", source: "/dev/a" }, { path: "/srv/on", source: "/dev/b" }],
};

describe("the places of a command", () => {
  const cases: readonly [string, string[]][] = [
    ["mount -t tmpfs none /srv/y", ["/srv/y"]],
    ["/bin/mount -o ro,bind a /srv/y/", ["/srv/y"]],
    ["mount --target /srv/y /dev/z", ["/srv/y", "/dev/z"]],
    ["mount UUID=1", ["/srv/x"]],
    ["mount x", ["/srv/x"]],
    ["mount -a", ["/srv/x"]],
    ["mount --move /srv/a /srv/b", ["/srv/a", "/srv/b"]],
    ["mount -o remount,ro /srv/on", []],
    ["mount --make-rprivate /srv/on", []],
    ["mount.nfs host:/a /srv/n", ["/srv/n"]],
    ["umount -l /srv/on", ["/srv/on"]],
    ["umount /dev/b", ["/srv/on", "/srv/on"]],
    ["umount -a", ["/srv/on"]],
    ["systemctl start srv-x.mount", ["/srv/x"]],
    ["systemctl start srv-a\\x2db.mount", ["/srv/a-b"]],
    ["systemctl start srv-on.mount", []],
    ["systemctl stop srv-on.mount", ["/srv/on"]],
    ["systemctl enable --now srv-x.automount", ["/srv/x"]],
    ["systemctl enable srv-x.mount", []],
    ["systemctl restart web", []],
    ["swapon -a", []],
  ];
  for (const [command, places] of cases) {
    it(command, () => {
      assertEquals(mountsOf({ argv: command.split(" "), cwd: "/srv" }, TABLE), places);
    });
  }
});

describeOnHost("an effect that does not fit what its dance changes", () => {
  const refused: readonly [string, string][] = [
    ["umount /srv/x; rm -rf /srv/x/*", '"umount /srv/x" of scripts/10-do waits'],
    ["mount -t tmpfs none /srv/x && echo hi >/srv/x/f", "mount in an earlier dance"],
    [
      "echo 'none /srv/x tmpfs defaults' >>/etc/fstab; mount -a; echo hi >/srv/x/f",
      'changes "/srv/x/f" below "/srv/x"',
    ],
    [
      "mkdir /etc/gone; cd /etc/gone; sysctl -w q=1; cd /; rmdir /etc/gone; echo a >/etc/a",
      'runs in "/etc/gone" after the merge',
    ],
  ];
  for (const [script, message] of refused) {
    it(`is refused: ${script}`, async () => {
      await using host = await freshHost();
      host.write("/srv/x/old", "old\n");
      await give(host, { a: { "scripts/10-do": script } });
      for (const options of [["--noop"], []]) {
        const { code, stderr } = await host.disco("dance", ...FROM_GIVEN, ...options);
        assertEquals(code, 1, stderr);
        assertStringIncludes(stderr, message);
        assertStringIncludes(stderr, 'ball "a"');
      }
      assertEquals([host.exists("/srv/x/f"), host.read("/srv/x/old")], [false, "old\n"]);
    });
  }

  it("is carried out where it fits: a control", async () => {
    await using host = await freshHost();
    host.write("/srv/x/old", "old\n");
    const script = "umount /srv/x; chmod 700 /srv/x; mkdir /etc/stays; cd /etc/stays; " +
      "sysctl -w q=1; echo a >/etc/a";
    await give(host, { a: { "scripts/10-do": script } });
    const { code, result, stderr } = await dance(host, ...FROM_GIVEN, "--noop");
    assertEquals([code, result.effects.length], [0, 2], stderr);
  });
});
