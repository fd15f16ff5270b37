/** Each shipped reaction: what sets it off, what does not, and where it does not apply. */
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { matchesGlob } from "../../lib/ball/mod.ts";
import { loadLines } from "../../lib/on_change/mod.ts";
import { reactionsTo, SHIPPED_REACTIONS } from "../../lib/reactions/mod.ts";
import { changed, groundWithout } from "./support.ts";

const LINES = loadLines("reactions", SHIPPED_REACTIONS, {
  etc: "/nowhere",
  params: "/nowhere",
  balls: [],
});

const RELOAD = "systemctl daemon-reload";
const MODULES = "systemctl restart systemd-modules-load.service";
const SYSCTL = "sysctl --system";
const UDEV = "udevadm control --reload";
const SSH = [
  "systemctl try-reload-or-restart ssh.service",
  "systemctl try-reload-or-restart sshd.service",
  "rc-service --ifstarted sshd reload",
];
const [DEBIAN, OTHERS, OPENRC_SSH] = [
  "/usr/lib/systemd/system/ssh.service",
  "/usr/lib/systemd/system/sshd.service",
  "/etc/init.d/sshd",
];

/** A path, what its change sets off where everything is there, one that sets nothing off, and what is needed. */
const CASES: readonly [path: string, lines: string[], other: string, needs: string[][]][] = [
  ["/etc/ld.so.conf.d/a.conf", ["ldconfig"], "/etc/ld.so.conf.d/a.conf.bak", [LIVE("ldconfig")]],
  ["/etc/ld.so.conf", ["ldconfig"], "/etc/ld.so.conf.x", [LIVE("ldconfig")]],
  ...["/etc", "/usr/lib", "/usr/local/lib"].flatMap((folder): typeof CASES => [
    [`${folder}/sysusers.d/a.conf`, ["systemd-sysusers a.conf"], `${folder}/sysusers.d/README`, [
      LIVE("systemd-sysusers"),
    ]],
    [
      `${folder}/tmpfiles.d/a.conf`,
      ["systemd-tmpfiles --create a.conf"],
      `${folder}/tmpfiles.d/README`,
      [LIVE("systemd-tmpfiles")],
    ],
    [`${folder}/systemd/system/a.service`, [RELOAD], `${folder}/systemd/user/a.service`, [
      ["systemd"],
      LIVE("systemctl"),
    ]],
    [
      `${folder}/udev/rules.d/1.rules`,
      [UDEV],
      `${folder}/udev/rules.d/README`,
      [["udev"], LIVE("udevadm")],
    ],
  ]),
  ["/lib/systemd/system/a.service", [RELOAD], "/lib/systemd/a", [["systemd"]]],
  ["/lib/udev/rules.d/1.rules", [UDEV], "/lib/udev/a", [["udev"]]],
  ["/etc/systemd/system/a.service.d/10.conf", [RELOAD], "/etc/systemd/logind.conf", [["systemd"]]],
  ["/etc/systemd/system/b.target.wants/a.service", [RELOAD], "/etc/systemd", [["systemd"]]],
  ["/etc/systemd/system.control/a.slice.d/1.conf", [RELOAD], "/etc/a", [["systemd"]]],
  ["/etc/systemd/system-generators/a", [RELOAD], "/etc/a", [["systemd"]]],
  ["/usr/lib/systemd/system-generators/a", [RELOAD], "/usr/lib/systemd/a", [["systemd"]]],
  ["/etc/init.d/a", [RELOAD], "/etc/init.d", [["systemd"]]],
  ["/etc/fstab", [RELOAD], "/etc/fstab.d/x", [["systemd"]]],
  ["/etc/crypttab", [RELOAD], "/etc/crypttab.bak", [["systemd"]]],
  ["/etc/aliases", ["newaliases"], "/etc/aliases.d/a", [["/etc/aliases.db"], LIVE("newaliases")]],
  ["/etc/modules", [MODULES], "/etc/modules.x", [["systemd"]]],
  ["/etc/modules-load.d/a.conf", [MODULES], "/etc/modules-load.d/README", [["systemd"]]],
  ["/usr/lib/modules-load.d/a.conf", [MODULES], "/usr/lib/modules-load.d/x", [["systemd"]]],
  ["/etc/sysctl.conf", [SYSCTL, "rc-service sysctl restart"], "/etc/sysctl.conf~", [["kernel"]]],
  ["/etc/sysctl.d/1.conf", [SYSCTL, "rc-service sysctl restart"], "/etc/sysctl.d/x", [["kernel"]]],
  ["/usr/lib/sysctl.d/1.conf", [SYSCTL], "/usr/lib/sysctl.d/x", [["systemd"], LIVE("sysctl")]],
  ["/usr/local/lib/sysctl.d/1.conf", [SYSCTL], "/usr/local/lib/sysctl.d/x", [["kernel"]]],
  ["/etc/ssh/sshd_config", SSH, "/etc/ssh/ssh_config", [
    ["systemd", "openrc"],
    [DEBIAN, OTHERS, OPENRC_SSH],
  ]],
  ["/etc/ssh/sshd_config.d/a.conf", SSH, "/etc/ssh/sshd_config.d/a", [["systemd", "openrc"]]],
];

/** A program, wherever it could be. */
function LIVE(name: string): string[] {
  return ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    .map((folder) => `${folder}/${name}`);
}

function react(path: string, ...missing: string[]): string[] {
  return reactionsTo(changed(path), LINES, groundWithout(...missing))
    .map(({ argv }) => argv.join(" "));
}

describe("a shipped reaction", () => {
  for (const [path, lines, other, needs] of CASES) {
    it(`to ${path} is set off by it, and only where it is needed`, () => {
      assertEquals(react(path), lines);
      assertEquals(react(other).filter((line) => lines.includes(line)), []);
      for (const missing of needs) assertEquals(react(path, ...missing), [], missing.join());
    });
  }

  it("is one of those above, each of them", () => {
    const untried = LINES.filter(({ glob }) => !CASES.some(([path]) => matchesGlob(glob, path)));
    assertEquals(untried.map(({ glob }) => glob), []);
  });

  it("is not needed where the dance itself brings what it would make", () => {
    const both = (...paths: string[]) => reactionsTo(changed(...paths), LINES, groundWithout());
    assertEquals(both("/etc/ld.so.conf.d/a.conf", "/etc/ld.so.cache"), []);
    assertEquals(both("/etc/aliases", "/etc/aliases.db"), []);
    assert(both("/etc/ld.so.conf.d/a.conf", "/etc/aliases.db").length > 0, "the control");
  });
});
