import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { bootUnits } from "../../lib/init/mod.ts";
import { inOrder } from "../../lib/merge/order.ts";
import type { Operation } from "../../lib/merge/operation.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { names } from "../host/unchanged.ts";

const ARGV = ["/usr/bin/deno", "run", "-A", "/opt/di sco/mod.ts", "recover"];

describe("the boot units", () => {
  const units = bootUnits({ argv: ARGV, state: "/var/disco" });
  const textOf = (name: string) => units.find((unit) => unit.name === name)!.text;

  it("begin nothing where nothing is due, and wait for their own files", () => {
    for (const { text } of units) {
      assertMatch(text, /^ConditionDirectoryNotEmpty=\/var\/disco\/due$/m);
      assertMatch(
        text,
        /^RequiresMountsFor=\/var\/disco \/usr\/bin\/deno "\/opt\/di sco\/mod.ts"$/m,
      );
    }
  });

  it("recover files before local-fs.target, which a wrong fstab keeps from being reached", () => {
    const text = textOf("disco-recover.service");
    assertMatch(text, /^Before=local-fs\.target /m);
    assertMatch(text, /^WantedBy=local-fs\.target$/m);
    assertMatch(text, /^ExecStart=.* --early --wait$/m);
    assertEquals(text.includes("After=local-fs.target"), false);
  });

  it("carry out effects only when no start of a service has to wait for them", () => {
    const text = textOf("disco-due.service");
    assertMatch(text, /^After=sysinit\.target multi-user\.target$/m);
    assertMatch(text, /^DefaultDependencies=no$/m);
    assertMatch(text, /^ExecStart=.* --wait$/m);
    assertEquals(text.includes("--early"), false);
  });

  it("do not meet at the lock", () => {
    assertMatch(textOf("disco-recover-others.service"), /^After=disco-recover\.service /m);
    for (const { text } of units) assertMatch(text, / --wait$/m);
  });
});

describeOnHost("disco install", () => {
  it("enables the units, and removes what its first version had enabled", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const folder = "/etc/systemd/system";
    await host.run(["mkdir", "-p", `${folder}/sysinit.target.wants`]);
    await host.run([
      ...["ln", "-s", "../disco-recover.service"],
      `${folder}/sysinit.target.wants/disco-recover.service`,
    ]);
    await scene.disco("install").ok();
    const wanted = await names(host, `${folder}/sysinit.target.wants`);
    assertEquals(wanted.filter((name) => name.startsWith("disco")), [
      "disco-recover-others.service",
    ]);
    assertEquals(host.exists(`${folder}/local-fs.target.wants/disco-recover.service`), true);
    assertEquals(host.exists(`${folder}/multi-user.target.wants/disco-due.service`), true);
    assertStringIncludes(host.read(`${folder}/disco-recover.service`), "recover");
  });
});

/** A systemd that knows one unit by a file, and has ended its boot in emergency mode. */
const EMERGENCY = `#!/bin/sh
case "$*" in
  show*emergency.target) echo ActiveState=active ;;
  show*)
    echo LoadState=loaded
    echo "ActiveState=$(cat /run/units/web.service)"
    echo UnitFileState=enabled ;;
  *) echo "systemctl $*" >>/run/calls ;;
esac
`;

describeOnHost("recovery early at boot", () => {
  it("undoes what was not confirmed, and leaves services to a later call", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/run/systemd/system");
    host.mkdir("/run/units");
    scene.live({ "/run/units/web.service": "active\n" });
    host.write("/usr/bin/systemd-run", '#!/bin/sh\necho "armed $*" >>/run/calls\n', 0o755);
    host.write("/usr/bin/systemctl", EMERGENCY, 0o755);
    const ball = { "files/etc/risky": "new\n", "scripts/1": "systemctl restart web" };
    await scene.ball("a", ball).dance("--confirm", "20s").ok();
    assertStringIncludes(host.read("/run/calls"), "--timer-property=AccuracySec=1s");
    assertStringIncludes(host.read("/run/calls"), "systemctl restart web\n");

    // A boot: what was armed is gone, and the deadline is still ahead.
    scene.live({ "/run/calls": "" });
    await scene.disco("recover", "--early", "--quiet").ok();
    assertMatch(host.read("/run/calls"), /armed .*--on-active=/);
    assertEquals(host.read("/run/calls").includes("default"), false);

    await host.run(["sleep", "20"]);
    scene.live({ "/run/calls": "", "/run/units/web.service": "inactive\n" });
    await scene.disco("recover", "--early", "--quiet").says("nobody confirmed generation").ok()
      .leaves({ "/etc/risky": null });
    // Words for the journal, with --quiet, too.
    assertEquals(host.read("/run/calls").includes("start web"), false);
    assertStringIncludes(
      host.read("/run/calls"),
      "systemctl daemon-reload\nsystemctl --no-block default\n",
    );
    await scene.disco("recover", "--quiet").ok();
    const starts = host.read("/run/calls").match(/^systemctl (re)?start web\.service$/mg);
    assertEquals(starts, ["systemctl start web.service"]);
    assertEquals(await names(host, "/var/disco/due"), []);
  });
});

describe("the order of the renames", () => {
  it("has what programs need to start last and together", () => {
    const operations = [
      ["swap", "/usr/lib/x86_64-linux-gnu/libc.so.6"],
      ["attributes", "/etc"],
      ["add", "/etc/a"],
      ["swap", "/usr/bin/dash"],
      ["swap", "/usr/lib64/ld-linux-x86-64.so.2"],
      ["delete", "/usr/bin/deno-notes"],
      ["swap", "/usr/lib/x86_64-linux-gnu/libcurl.so.4"],
    ].map(([kind, path]) => ({ kind, path }) as Operation);
    assertEquals(inOrder(operations).map(({ path }) => path), [
      "/etc/a",
      "/usr/bin/deno-notes",
      "/usr/lib/x86_64-linux-gnu/libcurl.so.4",
      "/usr/lib/x86_64-linux-gnu/libc.so.6",
      "/usr/bin/dash",
      "/usr/lib64/ld-linux-x86-64.so.2",
      "/etc",
    ]);
  });
});
