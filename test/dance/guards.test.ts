import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { type BallFiles, FROM_GIVEN } from "../host/scene.ts";

/** Files that no package and no ball owns. */
async function fill(scene: Scene, folder: string, count: number): Promise<void> {
  await scene.sh(`mkdir -p ${folder} && cd ${folder} && seq ${count} | xargs touch`);
}

interface Scenario {
  readonly prepare?: (scene: Scene) => unknown;
  readonly ball: BallFiles;
  /** What is said; undefined where it is no matter. */
  readonly refused?: string;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "more than 200 paths": {
    prepare: (scene) => fill(scene, "/srv/data/deep", 300),
    ball: { "scripts/1": "rm -rf /srv/data" },
    refused: "302 paths would be deleted, more than 200: 302 at /srv/data [a]",
  },
  "fewer paths": {
    prepare: (scene) => fill(scene, "/srv/less", 100),
    ball: { "scripts/1": "rm -rf /srv/less" },
  },
  "a top-level directory": {
    prepare: (scene) => fill(scene, "/toplevel/data", 20),
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
    prepare: (scene) => scene.live({ "/etc/fstab": "# something\n" }),
    ball: { "scripts/1": ": >/etc/fstab" },
    refused: "/etc/fstab would become empty [a]",
  },
  "a critical file that is delivered empty": {
    ball: { "files/etc/fstab": "" },
  },
  "an account that something still belongs to": {
    prepare: (scene) => scene.sh("echo al:x:4711:0::/srv/al:/bin/sh >>/etc/passwd"),
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
    scene.live({ "/srv/keep": "" });
    for (const [what, { prepare, ball, refused }] of Object.entries(SCENARIOS)) {
      await prepare?.(scene);
      const dry = scene.ball("a", ball).dryRun().untouched();
      if (refused === undefined) dry.ok().omits("refused");
      else dry.fails(`error: A live run would be refused: ${refused}\n`);
      const { result } = await dry;
      assertEquals([result.changes.length > 0, result.ok], [true, refused === undefined], what);
    }
  });

  it("merges nothing, unless as much is allowed", async () => {
    await using scene = await newScene();
    scene.live({ "/srv/keep": "" });
    await fill(scene, "/srv/data/deep", 300);
    const refused = "302 paths would be deleted, more than 200: 302 at /srv/data [a]";
    await scene.ball("a", "rm -rf /srv/data").dance().fails(
      `error: Cannot merge: ${refused}\n`,
      "error:   what to do: if that is meant, pass --allow-deletions 302, or name the paths in " +
        'the file "purge" of the ball\n',
    ).mergesNothing().untouched();
    await scene.dance("--allow-deletions", "301")
      .warns("302 paths would be deleted, more than the 301 that are").untouched();
    // The control: what is allowed is merged.
    await scene.dance("--allow-deletions", "302").merges().ok().leaves({ "/srv/data": null });
  });

  it("is refused by the stages one by one, too, and said by fs-diff", async () => {
    await using scene = await newScene();
    await fill(scene, "/srv/data", 300);
    scene.ball("a", "rm -rf /srv/data");
    for (const stage of ["fetch", "plan", "fs-mount", "fs-chroot"]) {
      await scene.disco(stage, ...FROM_GIVEN).ok();
    }
    for (const stage of ["exec-render", "exec-run"]) {
      await scene.disco(stage, "a", ...FROM_GIVEN).ok();
    }
    const refused = "301 paths would be deleted, more than 200";
    await scene.disco("fs-diff", ...FROM_GIVEN).warns(`warning: fs-merge will refuse: ${refused}`);
    await scene.disco("fs-merge", ...FROM_GIVEN)
      .fails(`error: Cannot merge: ${refused}`);
    assert(scene.host.exists("/srv/data/1"));
    await scene.disco("fs-merge", ...FROM_GIVEN, "--allow-deletions", "301").ok()
      .leaves({ "/srv/data": null });
    await scene.disco("fs-unmount", ...FROM_GIVEN);
  });

  it("fails a check of the ball", async () => {
    await using scene = await newScene();
    await fill(scene, "/srv/data", 300);
    scene.ball("a", "rm -rf /srv/data");
    const refused = "a live run would be refused";
    await scene.checkInWords("a")
      .fails(`error: ${refused}: 301 paths would be deleted`).says(`report: failed: ${refused}`);
    await scene.checkInWords("a", "--allow-deletions", "301").ok();
  });

  it("is of other numbers where the setting says so", async () => {
    await using scene = await newScene();
    await fill(scene, "/srv/data", 3);
    await scene.settings({ deletions: "3\n" }).ball("a", "rm -rf /srv/data").dance()
      .warns("Cannot merge: 4 paths would be deleted, more than 3");
  });
});

describeOnHost("the removal of packages", () => {
  /** A package in dpkg's database, as if it had been installed. */
  const install = ({ host }: Scene, name: string, paths: readonly string[]) => {
    const block = `Package: ${name}\nStatus: install ok installed\nArchitecture: all\n` +
      "Version: 1\nMaintainer: N\nDescription: a test\n\n";
    host.write("/var/lib/dpkg/status", host.read("/var/lib/dpkg/status") + block);
    host.write(`/var/lib/dpkg/info/${name}.list`, ["/.", ...paths].join("\n") + "\n");
    host.write(`/var/lib/dpkg/info/${name}.md5sums`, "");
  };
  const sceneWithPackages = async () => {
    const scene = await newScene();
    const { host } = scene;
    host.mkdir("/var/lib/dpkg/info");
    if (!host.exists("/var/lib/dpkg/status")) host.write("/var/lib/dpkg/status", "");
    install(scene, "keeper", ["/usr/share/keeper"]);
    await fill(scene, "/usr/share/large", 300);
    install(scene, "large", [
      "/usr/share/large",
      ...Array.from({ length: 300 }, (_, i) => `/usr/share/large/${i + 1}`),
    ]);
    return scene;
  };

  it("is dpkg's matter: a package of 300 files needs no word", async () => {
    await using scene = await sceneWithPackages();
    await scene.ball("a", "dpkg --purge --force-all large").dance().merges().ok()
      .leaves({ "/usr/share/large": null });
    assert(scene.host.exists("/usr/share"));
  });

  it("is refused where dpkg did not do it", async () => {
    await using scene = await sceneWithPackages();
    for (
      const script of [
        "rm -rf /usr/share/large",
        "rm -rf /usr/share/large /var/lib/dpkg/info/large.*",
        "rm -rf /usr/share/large /var/lib/dpkg",
      ]
    ) {
      await scene.ball("a", script).dryRun().fails("paths would be deleted, more than 200");
    }
  });

  it("is refused where it is of many packages", async () => {
    await using scene = await sceneWithPackages();
    const names = Array.from({ length: 26 }, (_, i) => `small${i}`);
    for (const name of names) install(scene, name, [`/usr/share/${name}`]);
    const script = `dpkg --purge --force-all ${names.join(" ")}`;
    await scene.ball("a", script).dance()
      .warns("Cannot merge: 26 packages would be removed, more than 25");
    await scene.dance("--allow-deletions", "40").ok();
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
    const { stdout } = await scene.ball("a", BALL).danceInWords("--noop").ok();
    const lines = stdout.split("\n").filter((line) => /^[>c.]f/.test(line));
    assertEquals(lines.map((line) => line.match(/ (\/[^:]+):.*?(\(critical\))?$/)!.slice(1)), [
      ["/etc/sudoers.d/a", "(critical)"],
      ["/etc/aaa", undefined],
      ["/opt/own/x", undefined],
    ]);
    const { result } = await scene.dance().merges();
    const marked = result.changes.filter((change) => change.critical).map(({ path }) => path);
    assertEquals(marked.filter((path) => path !== "/etc/sudoers.d"), ["/etc/sudoers.d/a"]);
  });

  for (const guard of ["refuse", "ask"]) {
    it(`need --allow where the setting says ${guard}, and nobody can be asked`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.settings({ guard: `${guard}\n` })
        .live({ "/etc/disco/critical.d/own.conf": "# the node's own\n/opt/own\n" });
      host.mkdir("/etc/sudoers.d");
      host.mkdir("/opt/own");
      await scene.ball("a", BALL).dance().fails(
        "error: Cannot merge: 2 critical paths: /etc/sudoers.d/a, /opt/own/x would change, and " +
          `disco/client/guard is "${guard}"`,
        "what to do: pass --allow /etc/sudoers.d/a --allow /opt/own/x",
      ).untouched();
      const said = guard === "ask"
        ? "warning: a live run would ask about 2 critical paths"
        : "error: A live run would be refused: 2 critical paths";
      await scene.dryRun().warns(said);
      await scene.dance("--allow", "/etc/sudoers.d/*")
        .warns("1 critical path: /opt/own/x would change");
      await scene.dance("--allow", "/etc/sudoers.d", "--allow", "/opt/**").merges().ok();
    });
  }
});
