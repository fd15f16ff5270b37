import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";
import { type BallFiles, FROM_GIVEN, GIVEN } from "../host/scene.ts";

/** Files that no package and no ball owns. */
async function fill(host: ThrowawayHost, folder: string, count: number): Promise<void> {
  const make = `mkdir -p ${folder} && cd ${folder} && seq ${count} | xargs touch`;
  await host.run(["sh", "-c", make]);
}

interface Scenario {
  readonly prepare?: (host: ThrowawayHost) => Promise<void> | void;
  readonly ball: BallFiles;
  /** What is said; undefined where it is no matter. */
  readonly refused?: string;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "more than 200 paths": {
    prepare: (host) => fill(host, "/srv/data/deep", 300),
    ball: { "scripts/1": "rm -rf /srv/data" },
    refused: "302 paths would be deleted, more than 200: 302 at /srv/data [a]",
  },
  "fewer paths": {
    prepare: (host) => fill(host, "/srv/less", 100),
    ball: { "scripts/1": "rm -rf /srv/less" },
  },
  "a top-level directory": {
    prepare: (host) => fill(host, "/toplevel/data", 20),
    ball: { "scripts/1": "rm -rf /toplevel" },
    refused: "all of /toplevel would be deleted (22 paths)",
  },
  "everything in a top-level directory": {
    ball: { "scripts/1": "rm -rf /toplevel/*" },
    refused: "all of /toplevel would be deleted (21 paths)",
  },
  "what the ball's purge names": {
    ball: { "scripts/1": "rm -rf /srv/data", purge: "/srv/data\n" },
  },
  "a critical file that becomes empty": {
    prepare: (host) => host.write("/etc/fstab", "# something\n"),
    ball: { "scripts/1": ": >/etc/fstab" },
    refused: "/etc/fstab would become empty [a]",
  },
  "a critical file that is delivered empty": {
    ball: { "files/etc/fstab": "" },
  },
  "an account that something still belongs to": {
    prepare: (host) =>
      host.write("/etc/passwd", `${host.read("/etc/passwd")}al:x:4711:0::/srv/al:/bin/sh\n`),
    ball: { "scripts/1": "sed -i /^al:/d /etc/passwd\nmkdir /srv/al && chown 4711 /srv/al" },
    refused: 'account "al" would be gone, and /srv/al would still belong to it',
  },
  "an account": {
    ball: { "scripts/1": "sed -i /^al:/d /etc/passwd" },
  },
};

describeOnHost("mass deletion", () => {
  it("is what it is, as a dry run says", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/srv/keep", "");
    for (const [what, { prepare, ball, refused }] of Object.entries(SCENARIOS)) {
      await prepare?.(host);
      const before = stateOf(host);
      const { code, stderr, result } = await scene.ball("a", ball).dryRun();
      assertEquals(result.changes.length > 0, true, what);
      if (refused === undefined) assertEquals([code, stderr.includes("refused")], [0, false], what);
      else {
        assertStringIncludes(stderr, `error: A live run would be refused: ${refused}\n`, what);
        assertEquals([code, result.ok], [1, false], what);
      }
      await assertUnchanged(host, before);
    }
  });

  it("merges nothing, unless as much is allowed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/srv/keep", "");
    await fill(host, "/srv/data/deep", 300);
    const before = stateOf(host);
    const ball = { "scripts/1": "rm -rf /srv/data" };
    const live = await scene.ball("a", ball).dance();
    const refused = "302 paths would be deleted, more than 200: 302 at /srv/data [a]";
    assertStringIncludes(live.stderr, `error: Cannot merge: ${refused}\n`);
    assertStringIncludes(
      live.stderr,
      "error:   what to do: if that is meant, pass --allow-deletions 302, or name the paths in " +
        'the file "purge" of the ball\n',
    );
    assertEquals([live.code, live.result.merged], [1, false]);
    await scene.dance("--allow-deletions", "301").warns(
      "302 paths would be deleted, more than the 301 that are",
    );
    await assertUnchanged(host, before);
    // The control: what is allowed is merged.
    const allowed = await scene.dance("--allow-deletions", "302");
    assertEquals([allowed.code, allowed.result.merged], [0, true], allowed.stderr);
    assertEquals(host.exists("/srv/data"), false);
  });

  it("is refused by the stages one by one, too, and said by fs-diff", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await fill(host, "/srv/data", 300);
    scene.balls({ a: { "scripts/1": "rm -rf /srv/data" } });
    for (const stage of ["fetch", "plan", "fs-mount", "fs-chroot"]) {
      await scene.disco(stage, ...FROM_GIVEN).ok();
    }
    for (const stage of ["exec-render", "exec-run"]) {
      await scene.disco(stage, "a", ...FROM_GIVEN).ok();
    }
    const refused = "301 paths would be deleted, more than 200";
    await scene.disco("fs-diff", ...FROM_GIVEN).warns(`warning: fs-merge will refuse: ${refused}`);
    const merge = await scene.disco("fs-merge", ...FROM_GIVEN).warns(
      `error: Cannot merge: ${refused}`,
    );
    assertEquals([merge.code, host.exists("/srv/data/1")], [1, true]);
    const allowed = await scene.disco("fs-merge", ...FROM_GIVEN, "--allow-deletions", "301");
    assertEquals([allowed.code, host.exists("/srv/data")], [0, false], allowed.stderr);
    await scene.disco("fs-unmount", ...FROM_GIVEN);
  });

  it("fails a check of the ball", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await fill(host, "/srv/data", 300);
    scene.balls({ a: { "scripts/1": "rm -rf /srv/data" } });
    const check = await scene.disco("check", "a", ...FROM_GIVEN);
    const refused = "a live run would be refused";
    assertStringIncludes(check.stderr, `error: ${refused}: 301 paths would be deleted`);
    assertStringIncludes(check.stdout, `report: failed: ${refused}`);
    assertEquals(check.code, 1);
    await scene.disco("check", "a", ...FROM_GIVEN, "--allow-deletions", "301").ok();
  });

  it("is of other numbers where the setting says so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await fill(host, "/srv/data", 3);
    host.write("/etc/disco/client/deletions", "3\n");
    await scene.ball("a", { "scripts/1": "rm -rf /srv/data" }).dance().warns(
      "Cannot merge: 4 paths would be deleted, more than 3",
    );
  });
});

describeOnHost("the removal of packages", () => {
  /** A package in dpkg's database, as if it had been installed. */
  const install = (host: ThrowawayHost, name: string, paths: readonly string[]) => {
    const block = `Package: ${name}\nStatus: install ok installed\nArchitecture: all\n` +
      "Version: 1\nMaintainer: N\nDescription: a test\n\n";
    host.write("/var/lib/dpkg/status", host.read("/var/lib/dpkg/status") + block);
    host.write(`/var/lib/dpkg/info/${name}.list`, ["/.", ...paths].join("\n") + "\n");
    host.write(`/var/lib/dpkg/info/${name}.md5sums`, "");
  };
  const hostWithPackages = async () => {
    const { host } = await newScene();
    host.mkdir("/var/lib/dpkg/info");
    if (!host.exists("/var/lib/dpkg/status")) host.write("/var/lib/dpkg/status", "");
    install(host, "keeper", ["/usr/share/keeper"]);
    await fill(host, "/usr/share/large", 300);
    install(host, "large", [
      "/usr/share/large",
      ...Array.from({ length: 300 }, (_, i) => `/usr/share/large/${i + 1}`),
    ]);
    return host;
  };

  it("is dpkg's matter: a package of 300 files needs no word", async () => {
    await using host = await hostWithPackages();
    const { code, result, stderr } = await new Scene(host).ball("a", {
      "scripts/1": "dpkg --purge --force-all large",
    }).dance();
    assertEquals([code, result.merged], [0, true], stderr);
    assertEquals([host.exists("/usr/share/large"), host.exists("/usr/share")], [false, true]);
  });

  it("is refused where dpkg did not do it", async () => {
    await using host = await hostWithPackages();
    for (
      const script of [
        "rm -rf /usr/share/large",
        "rm -rf /usr/share/large /var/lib/dpkg/info/large.*",
        "rm -rf /usr/share/large /var/lib/dpkg",
      ]
    ) {
      const { code, stderr } = await new Scene(host).ball("a", { "scripts/1": script }).dance(
        "--noop",
      );
      assertStringIncludes(stderr, "paths would be deleted, more than 200", script);
      assertEquals(code, 1);
    }
  });

  it("is refused where it is of many packages", async () => {
    await using host = await hostWithPackages();
    const names = Array.from({ length: 26 }, (_, i) => `small${i}`);
    for (const name of names) install(host, name, [`/usr/share/${name}`]);
    const script = `dpkg --purge --force-all ${names.join(" ")}`;
    const { stderr } = await new Scene(host).ball("a", { "scripts/1": script }).dance();
    assertStringIncludes(stderr, "Cannot merge: 26 packages would be removed, more than 25");
    const allowed = await new Scene(host).dance("--allow-deletions", "40");
    assertEquals(allowed.code, 0, allowed.stderr);
  });
});

describeOnHost("critical paths", () => {
  const BALL: BallFiles = {
    "files/etc/aaa": "a\n",
    "files/etc/sudoers.d/a": "# nothing\n",
    "files/opt/own/x": "x\n",
  };

  it("are shown first and marked, and merged", async () => {
    await using scene = await newScene();
    scene.balls({ a: BALL });
    const { stdout } = await scene.danceInWords("--noop").ok();
    const lines = stdout.split("\n").filter((line) => /^[>c.]f/.test(line));
    assertEquals(lines.map((line) => line.match(/ (\/[^:]+):.*?(\(critical\))?$/)!.slice(1)), [
      ["/etc/sudoers.d/a", "(critical)"],
      ["/etc/aaa", undefined],
      ["/opt/own/x", undefined],
    ]);
    const { result } = await scene.dance();
    const marked = result.changes.filter((change) => change.critical).map(({ path }) => path);
    assertEquals(marked.filter((path) => path !== "/etc/sudoers.d"), ["/etc/sudoers.d/a"]);
    assertEquals(result.merged, true);
  });

  for (const guard of ["refuse", "ask"]) {
    it(`need --allow where the setting says ${guard}, and nobody can be asked`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      host.write("/etc/disco/client/guard", `${guard}\n`);
      host.write("/etc/disco/critical.d/own.conf", "# the node's own\n/opt/own\n");
      host.mkdir("/etc/sudoers.d");
      host.mkdir("/opt/own");
      const before = stateOf(host, ["/var/disco"]);
      const { code, stderr } = await scene.ball("a", BALL).dance();
      assertStringIncludes(
        stderr,
        "error: Cannot merge: 2 critical paths: /etc/sudoers.d/a, /opt/own/x would change, and " +
          `disco/client/guard is "${guard}"`,
      );
      assertStringIncludes(
        stderr,
        "what to do: pass --allow /etc/sudoers.d/a --allow /opt/own/x",
      );
      assertEquals(code, 1);
      await assertUnchanged(host, before);
      const dry = await scene.dryRun();
      const said = guard === "ask"
        ? "warning: a live run would ask about 2 critical paths"
        : "error: A live run would be refused: 2 critical paths";
      assertStringIncludes(dry.stderr, said);
      await scene.dance("--allow", "/etc/sudoers.d/*").warns(
        "1 critical path: /opt/own/x would change",
      );
      const all = await scene.dance("--allow", "/etc/sudoers.d", "--allow", "/opt/**");
      assertEquals([all.code, all.result.merged], [0, true], all.stderr);
    });
  }
});

describeOnHost("a universe that has lost most of itself", () => {
  const balls = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, {
      [`files/srv/${name}`]: `${name}\n`,
      purge: "/srv/**\n",
    }]));

  it("is refused, and deletes nothing", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(balls("a", "b", "c", "d"));
    await scene.dance().ok();
    const before = stateOf(host);
    scene.balls(balls("a"));
    for (const options of [["dance", "--noop"], ["fetch"], ["dance"]]) {
      const { code, stderr } = await scene.disco(...options as ["dance"], ...FROM_GIVEN);
      assertStringIncludes(
        stderr,
        `error: Cannot use what the universe "${GIVEN}" has for node "n": it lost 3 of 4 balls: ` +
          "b, c, d",
      );
      assertStringIncludes(stderr, "If that is meant, pass --allow-removals");
      assertEquals(code, 1);
      await assertUnchanged(host, before);
    }
    const allowed = await scene.dance("--allow-removals");
    assertEquals([allowed.code, host.exists("/srv/a"), host.exists("/srv/b")], [0, true, false]);
  });

  it("is refused where it does not list the node any more", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(balls("a"));
    host.write(`${GIVEN}/parameters/default/modules/a`, "");
    await scene.dance().ok();
    await host.run(["rm", "-r", `${GIVEN}/parameters/n`]);
    await scene.danceInWords().warns(
      'it does not list the node any more (it would dance as "default")',
    ).exits(1);
    await scene.danceInWords("--allow-removals").ok();
  });

  it("is refused where a group that is still named has no folder any more", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(balls("a"));
    host.write(`${GIVEN}/parameters/n/groups/web`, "");
    host.write(`${GIVEN}/groups/web/key`, "value\n");
    await scene.dance().ok();
    await host.run(["rm", "-r", `${GIVEN}/groups`]);
    host.mkdir(`${GIVEN}/groups`);
    await scene.danceInWords().warns(
      'it has no folder of group "web" any more, which is still named',
    ).exits(1);
  });
});
