/**
 * The rows of init systems, by what the rest of DISCO asks of them.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname } from "@std/path";
import { PLACES } from "../../lib/ball/mod.ts";
import {
  bootUnits,
  INIT_SYSTEMS,
  initProgram,
  isServiceManager,
  isUnitPath,
  NAME_FIRST,
  NEEDED_INIT,
  OFFLINE,
  runningInit,
  SERVICE_MANAGERS,
  unitActionOf,
  unitsOfPaths,
} from "../../lib/init/mod.ts";
import { parseStates } from "../../lib/init/systemd.ts";

/** A root in which these paths are there, and the name of what runs in it. */
const ROOTS: readonly [paths: readonly string[], name: string][] = [
  [["/run/systemd/system"], "systemd"],
  [["/run/openrc/softlevel"], "openrc"],
  [["/run/systemd/system", "/run/openrc/softlevel"], "systemd"],
  [["/etc/init.d/cron"], "sysvinit"],
  // It is installed, and something else runs.
  [["/etc/systemd/system", "/run/systemd/netif", "/run/openrc/daemons"], "sysvinit"],
  [[], "sysvinit"],
];

/** What a command line does to units, and whether it may run twice. */
const COMMANDS: readonly [
  line: string,
  action: readonly [verb: string, ...units: string[]] | undefined,
  mayRepeat: boolean | undefined,
][] = [
  ["systemctl restart --no-block a b.socket", ["restart", "a.service", "b.socket"], true],
  ["/usr/bin/systemctl enable a@1", ["enable", "a@1.service"], true],
  ["systemctl stop a*", ["stop"], true],
  ["systemctl kill a", ["kill", "a.service"], false],
  ["systemctl --user start a", undefined, true],
  ["deb-systemd-invoke try-restart a", ["try-restart", "a.service"], true],
  ["service a reload", ["reload", "a.service"], true],
  ["service a rotate", ["rotate", "a.service"], false],
  ["invoke-rc.d --quiet a restart", ["restart", "a.service"], true],
  ["rc-service --ifstarted a reload", undefined, true],
  ["rc-service a zap", undefined, false],
  ["/etc/init.d/a start", ["start", "a.service"], undefined],
  ["start a", undefined, undefined],
];

/** What a changed path says. */
const PATHS: readonly [path: string, isUnit: boolean, units: readonly string[]][] = [
  ["/etc/systemd/system/a.service", true, ["a.service"]],
  ["/usr/lib/systemd/system/a.timer", true, ["a.timer"]],
  ["/etc/systemd/system/a.service.d/b.conf", true, ["a.service"]],
  ["/etc/systemd/system/b.target.wants/a.service", true, ["a.service"]],
  ["/etc/systemd/system/README", true, []],
  ["/etc/init.d/a", true, []],
  ["/etc/conf.d/a", false, []],
  ["/etc/systemd/journald.conf", false, []],
];

const words = (line: string) => line.split(" ");

describe("init systems", () => {
  for (const [paths, name] of ROOTS) {
    it(`should find ${name} where there is ${paths.join(", ") || "nothing"}`, () => {
      const root = Deno.makeTempDirSync();
      try {
        for (const path of paths) {
          Deno.mkdirSync(root + dirname(path), { recursive: true });
          Deno.writeTextFileSync(root + path, "");
        }
        assertEquals(runningInit(root).name, name);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    });
  }

  for (const [line, action, mayRepeat] of COMMANDS) {
    it(`should know what this does: ${line}`, () => {
      const found = unitActionOf(words(line));
      assertEquals(found && [found.verb, ...found.units], action && [...action]);
      const [program = "", ...rest] = words(line);
      assertEquals(initProgram(program)?.mayRepeat(rest), mayRepeat);
    });
  }

  for (const [path, isUnit, units] of PATHS) {
    it(`should know what it means that this changed: ${path}`, () => {
      assertEquals([isUnitPath(path), unitsOfPaths([path])], [isUnit, [...units]]);
    });
  }

  it("should stand in for what starts and stops services, and no more", () => {
    const managers = ["invoke-rc.d", "rc-service", "service", "systemctl"];
    assertEquals([...SERVICE_MANAGERS].sort(), managers);
    assertEquals([...NAME_FIRST].sort(), managers.slice(0, 3));
    assert(isServiceManager("/etc/init.d/a") && isServiceManager("/usr/sbin/service"));
    assert(!isServiceManager("deb-systemd-invoke") && !isServiceManager("/etc/init.d/a/b"));
  });

  it("should be named by reactions, which leave out programs that would reach nobody", () => {
    assertEquals([...PLACES], ["systemd", "openrc", "udev", "kernel"]);
    assertEquals(NEEDED_INIT, { systemctl: "systemd", "rc-service": "openrc" });
  });

  it("should have tools that look offline in a sandbox", () => {
    assertEquals(OFFLINE, { SYSTEMD_OFFLINE: "1" });
  });

  it("should have names of their own, and one that is taken where no other runs", () => {
    const names = INIT_SYSTEMS.map(({ name }) => name);
    assertEquals(new Set(names).size, names.length);
    assertEquals(INIT_SYSTEMS.map(({ mark }) => mark === undefined), [false, false, true]);
  });

  it("should bring units back where they can be asked only", () => {
    assertEquals(INIT_SYSTEMS.map(({ control }) => control), ["systemctl", undefined, undefined]);
  });

  it("should read the states of units, in their order", () => {
    const text = "ActiveState=active\nUnitFileState=enabled\nLoadState=loaded\n\n" +
      "LoadState=not-found\nActiveState=inactive\nUnitFileState=\n";
    assertEquals(parseStates(["a.service", "b.service", "c.service"], text), [
      { name: "a.service", active: "active", file: "enabled", load: "loaded" },
      { name: "b.service", active: "inactive", file: "", load: "not-found" },
    ]);
  });

  it("should have boot units that are enabled by a link to them", () => {
    const units = bootUnits({ argv: ["/bin/deno", "recover"], state: "/var/disco" });
    assertEquals(units.map(({ name }) => name), [
      "disco-recover.service",
      "disco-recover-others.service",
      "disco-due.service",
    ]);
    const wanting = ["local-fs", "sysinit", "multi-user"];
    units.forEach(({ name, path, text, links }, i) => {
      const folder = "/etc/systemd/system";
      assertEquals(path, `${folder}/${name}`);
      const link = `${folder}/${wanting[i]}.target.wants/${name}`;
      assertEquals([...links], [{ path: link, target: `../${name}` }]);
      assertMatch(text, new RegExp(`^WantedBy=${wanting[i]}\\.target$`, "m"));
    });
    assertEquals(units.flatMap(({ stale }) => stale), [
      "/etc/systemd/system/sysinit.target.wants/disco-recover.service",
    ]);
  });

  for (const init of INIT_SYSTEMS.filter(({ name }) => name !== "systemd")) {
    it(`should run something beside this process: ${init.name}`, async () => {
      const folder = Deno.makeTempDirSync();
      try {
        const script = 'echo done >"$1.new"; mv "$1.new" "$1"';
        await init.runLater("disco-test", 60, ["sh", "-c", script, "sh", `${folder}/said`]);
        for (let tries = 0; tries < 100 && !isThere(`${folder}/said`); tries++) {
          await new Promise((done) => setTimeout(done, 50));
        }
        assertEquals(Deno.readTextFileSync(`${folder}/said`), "done\n");
        await init.cancel("disco-test");
        assertEquals([await init.isUp(), await init.unitStates(["a.service"])], [true, []]);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    });
  }
});

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
