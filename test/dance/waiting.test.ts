/** Effects that do not fit what their dance changes are refused before anything is merged. */
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { mountsOf } from "../../lib/dance/waiting_mounts.ts";
import { describeOnHost, newScene } from "../host/mod.ts";

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
  const refused: [string, string][] = [
    ["umount /srv/x; rm -rf /srv/x/*", '"umount /srv/x" of scripts/do waits'],
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
  const REMOVED = "is carried out after the merge, and the dance has removed";
  refused.push(
    [
      "t=$(mktemp -p /var/tmp); echo conf >$t; disco-effect cp $t /run/applied; rm $t; echo a >/etc/a",
      REMOVED,
    ],
    [
      "echo conf >/etc/x.new; disco-effect install /etc/x.new /srv/x; mv /etc/x.new /etc/x",
      `${REMOVED} "/etc/x.new", which it names`,
    ],
    [
      "cd /etc; echo 1 >x.new; sysctl -p x.new; mv x.new x",
      `${REMOVED} "/etc/x.new", which it names`,
    ],
    [
      "echo 1 >/etc/x.new; disco-effect tool --file=/etc/x.new; mv /etc/x.new /etc/x",
      `${REMOVED} "/etc/x.new", which it names`,
    ],
    [
      "echo 1 >/etc/tool; chmod +x /etc/tool; disco-effect /etc/tool; rm /etc/tool; echo >/etc/a",
      `${REMOVED} "/etc/tool", which it names`,
    ],
  );
  for (const [script, message] of refused) {
    it(`is refused: ${script}`, async () => {
      await using scene = await newScene();
      scene.live({ "/srv/x/old": "old\n" }).ball("a", script);
      for (const options of [["--noop"], []]) {
        await scene.danceInWords(...options).fails(message, 'ball "a"')
          .leaves({ "/srv/x/f": null, "/srv/x/old": "old\n", "/etc/a": null });
      }
    });
  }

  it("is carried out where it fits: a control", async () => {
    await using scene = await newScene();
    const script = "umount /srv/x; chmod 700 /srv/x; mkdir /etc/stays; cd /etc/stays; " +
      "sysctl -w q=1; echo a >/etc/a";
    await scene.live({ "/srv/x/old": "old\n" }).ball("a", script).dryRun()
      .effects("umount /srv/x", "sysctl -w q=1").ok();
  });

  it("may name what is not there, what stays, and what it removes itself: a control", async () => {
    await using scene = await newScene();
    const script = [
      "echo 1 >/etc/stays; disco-effect tool /etc/stays /etc/nowhere /etc /var/run /etc/mtab",
      "ln -s /etc/nowhere /etc/link; ln -s /proc/mounts /etc/kernel; disco-effect tool /etc/kernel",
      "echo 1 >/etc/gone; disco-effect rm -f /etc/gone; rm /etc/gone",
      "cd /etc; echo 1 >app; systemctl restart app; pkill -x app; rm app",
      "echo 1 >late; mv late later; disco-effect tool late later; umount /srv/nothing",
    ].join("\n");
    const { result } = await scene.ball("a", script).dryRun().ok();
    assertEquals(result.effects.length, 7);
    assertEquals(JSON.stringify(result).includes('"needs"'), false);
  });
});
