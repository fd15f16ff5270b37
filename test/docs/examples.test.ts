/**
 * The recipes of docs/cookbook.md: each is danced dry and live, and a second run changes nothing.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { lintBall } from "../../lib/lint/mod.ts";
import { run } from "../../lib/process/run.ts";
import { calls, differing, pathsOf, stub } from "../dance/support.ts";
import { describeOnHost, newScene, type Scene, type ThrowawayHost } from "../host/mod.ts";
import { packageFor } from "./package.ts";

const BALLS = fromFileUrl(new URL("../../universe/balls", import.meta.url));
const EXAMPLES = fromFileUrl(new URL("../../examples", import.meta.url)).replace(/\/$/, "");

interface Recipe {
  /** The standard balls that its universe holds, too. */
  readonly standard?: readonly string[];
  /** The node to dance as; `node.example.net`, which dances as `default`, unless told. */
  readonly node?: string;
  readonly prepare?: (host: ThrowawayHost) => void | Promise<void>;
  /** Paths that must be among the changes; with `only`, no others may be. */
  readonly changes: readonly string[];
  readonly only?: boolean;
  /** What is carried out after the merge. */
  readonly effects?: readonly string[];
  /** Effects that only a dry run has, because it cannot do the work itself. */
  readonly dryEffects?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, string>>;
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  motd: { changes: ["/etc/motd"], only: true },
  reload: {
    prepare: (host) => stub(host, "/usr/sbin/nginx"),
    changes: ["/etc/nginx/conf.d/site.conf"],
    effects: ["systemctl reload nginx"],
  },
  user: {
    standard: ["entities", "groups", "packages", "users"],
    changes: ["/etc/passwd", "/etc/group", "/home/alice", "/home/alice/.ssh/authorized_keys"],
    modes: { "/home/alice/.ssh/authorized_keys": "600", "/home/alice/.ssh": "700" },
  },
  package: {
    standard: ["packages"],
    prepare: (host) => packageFor(host, "chrony"),
    changes: ["/etc/chrony/chrony.conf"],
    effects: ["systemctl restart chrony"],
    dryEffects: ["apt-get update", "apt-get install"],
    files: {
      "/etc/chrony/chrony.conf": "pool 0.debian.pool.ntp.org iburst\n",
      "/var/lib/dpkg/info/chrony.list": "/usr/sbin/chronyd",
    },
  },
  timer: {
    changes: [
      "/etc/systemd/system/backup.service",
      "/etc/systemd/system/backup.timer",
      "/etc/systemd/system/timers.target.wants/backup.timer",
      "/usr/local/sbin/backup",
    ],
    effects: ["systemctl daemon-reload", "systemctl restart backup.timer"],
    modes: { "/usr/local/sbin/backup": "755" },
  },
  sysctl: {
    // Its reaction does not apply here: in a throw-away host nothing can write the kernel's settings.
    changes: ["/etc/sysctl.d/90-kernel.conf"],
    only: true,
  },
  sudoers: {
    prepare: (host) => stub(host, "/usr/sbin/visudo"),
    changes: ["/etc/sudoers.d/operators"],
    modes: { "/etc/sudoers.d/operators": "440" },
  },
  firewall: {
    prepare: (host) => stub(host, "/usr/sbin/nft"),
    changes: ["/etc/nftables.conf"],
    only: true,
    effects: ["nft -f /etc/nftables.conf"],
    files: { "/etc/nftables.conf": '    tcp dport 443 accept comment "web"\n' },
  },
  cron: {
    changes: ["/etc/cron.d/cleanup", "/usr/local/sbin/cleanup"],
    modes: { "/etc/cron.d/cleanup": "644" },
  },
  secret: {
    changes: ["/etc/app", "/etc/app/token"],
    only: true,
    files: { "/etc/app/token": "0123456789abcdef\n" },
    modes: { "/etc/app/token": "640" },
  },
  group: {
    node: "web2.example.net",
    changes: ["/etc/issue.d/banner.issue", "/etc/site.conf"],
    files: { "/etc/site.conf": "name = shop\ndebug = yes\n" },
  },
  purge: { changes: ["/etc/snippets.d/10-base.conf", "/etc/snippets.d/20-extra.conf"] },
  check: { changes: ["/etc/app.d/app.json"] },
  container: {
    changes: ["/etc/containers/systemd/web.container", "/srv/site/index.html"],
    effects: ["systemctl daemon-reload", "systemctl restart web.service"],
  },
  line: {
    prepare: (host) => host.write("/etc/hosts", "127.0.0.1 localhost\n10.9.9.9 db.internal\n"),
    changes: ["/etc/hosts"],
    only: true,
    files: { "/etc/hosts": "127.0.0.1 localhost\n10.0.0.5 db.internal\n" },
  },
};

const UNIVERSE = "/run/universe";

/** Copy the universe of a recipe to where a test can change it. */
async function copy(host: ThrowawayHost, name: string): Promise<void> {
  await host.run(["cp", "-a", `${EXAMPLES}/${name}`, UNIVERSE]);
  host.mkdir(`${UNIVERSE}/balls`);
  for (const ball of RECIPES[name]?.standard ?? []) {
    await host.run(["cp", "-a", `${BALLS}/${ball}`, `${UNIVERSE}/balls/`]);
  }
}

/** A host where systemd seems to run, so that reactions to unit files and settings apply. */
async function prepared(
  name: string,
  { prepare, node }: Recipe = { changes: [] },
): Promise<Scene> {
  const scene = await newScene(node ? { hostname: node } : {});
  const { host } = scene;
  host.mkdir("/run/systemd/system");
  const wants = "/etc/systemd/system/timers.target.wants";
  const enable =
    `[ "$1" != enable ] || { mkdir -p ${wants} && ln -sf "/etc/systemd/system/$2" ${wants}; }\n`;
  stub(host, "/usr/bin/systemctl", enable);
  await prepare?.(host);
  await copy(host, name);
  return scene.from("--server", UNIVERSE);
}

describe("the balls of a recipe", () => {
  for (const [name, { standard = [] }] of Object.entries(RECIPES)) {
    it(`${name} should have nothing to be found wrong`, async () => {
      const universe = await Deno.makeTempDir();
      try {
        const sources = [...standard.map((ball) => `${BALLS}/${ball}`), ...ownBalls(name)];
        if (sources.length > 0) await run(["cp", "-a", "--target-directory", universe, ...sources]);
        for (const { name: ball } of Deno.readDirSync(universe)) {
          const findings = await lintBall(`${universe}/${ball}`, ball);
          assertEquals(findings.filter(({ level }) => /error|warning/.test(level)), []);
        }
      } finally {
        await Deno.remove(universe, { recursive: true });
      }
    });
  }
});

function ownBalls(name: string): string[] {
  if (name === "user") return [];
  const folder = `${EXAMPLES}/${name}/balls`;
  return [...Deno.readDirSync(folder)].map((entry) => `${folder}/${entry.name}`);
}

describeOnHost("the recipe", () => {
  it("in each folder of examples/ should be in this table", () => {
    const folders = [...Deno.readDirSync(EXAMPLES)].map(({ name }) => name).sort();
    assertEquals(folders, Object.keys(RECIPES).sort());
  });

  for (const [name, recipe] of Object.entries(RECIPES)) {
    it(`${name} should be foreseen, be merged, and then change nothing`, async () => {
      await using scene = await prepared(name, recipe);
      const { host } = scene;
      const dry = await scene.dryRun().untouched().ok();
      const expected = recipe.effects ?? [];
      for (const [i, effect] of [...recipe.dryEffects ?? [], ...expected].entries()) {
        const found = dry.result.effects.map(({ argv }) => argv.join(" "));
        assert(found.some((line) => line.startsWith(effect)), `${i}: ${effect}: ${found}`);
      }

      const live = await scene.dance().effects(...expected).ok();
      const changed = pathsOf(live.result);
      if (recipe.only) assertEquals(changed, [...recipe.changes].sort());
      for (const path of recipe.changes) assert(changed.includes(path), `${path}: ${changed}`);
      const done = calls(host).filter((line) => expected.includes(line));
      assertEquals(done, expected);
      for (const [path, text] of Object.entries(recipe.files ?? {})) {
        assertStringIncludes(host.read(path), text);
      }
      for (const [path, mode] of Object.entries(recipe.modes ?? {})) {
        assertEquals((host.lstat(path)!.mode & 0o7777).toString(8), mode, path);
      }

      await scene.dance().changes().effects().ok();
    });
  }
});

describeOnHost("what the cookbook says of a recipe", () => {
  it("purge: what is delivered no more is removed", async () => {
    await using scene = await prepared("purge");
    const extra = "/etc/snippets.d/20-extra.conf";
    await scene.dance().ok();
    await scene.live({ [`${UNIVERSE}/balls/snippets/files${extra}`]: null }).dance()
      .changes(`- ${extra}`).ok().leaves({ [extra]: null });
  });

  it("check: a file that is wrong is not merged", async () => {
    await using scene = await prepared("check");
    const { host } = scene;
    host.write("/usr/bin/jq", '#!/bin/sh\nfor f; do :; done; grep -q port "$f"\n', 0o755);
    scene.live({ [`${UNIVERSE}/balls/app/files/etc/app.d/app.json`]: "{}" });
    await scene.dance()
      .fails("Cannot merge: the check jq --exit-status .port /etc/app.d/app.json")
      .leaves({ "/etc/app.d": null });
  });

  it("firewall: an undo loads the former rules", async () => {
    await using scene = await prepared("firewall");
    const { host } = scene;
    stub(host, "/usr/sbin/nft");
    scene.live({ "/etc/nftables.conf": "flush ruleset\n" });
    await scene.dance().ok();
    await scene.rollback().ok().leaves({ "/etc/nftables.conf": "flush ruleset\n" });
    const load = "nft -f /etc/nftables.conf";
    assertEquals(calls(host).filter((line) => line === load), [load, load]);
  });

  it("secret: its content is shown nowhere", async () => {
    await using scene = await prepared("secret");
    await scene.danceInWords("--diff", "full").says("/etc/app/token").omits("0123456789abcdef")
      .leaves({ "/etc/app/token": "0123456789abcdef\n" });
  });

  it("group: a node dances what its groups list", async () => {
    for (
      const [node, paths] of [
        ["db1.example.net", ["/etc/issue.d/banner.issue"]],
        ["web1.example.net", ["/etc/issue.d/banner.issue", "/etc/site.conf"]],
      ] as const
    ) {
      await using scene = await prepared("group", { node, changes: [] });
      const { result } = await scene.dryRun();
      for (const path of paths) assert(pathsOf(result).includes(path), `${node}: ${path}`);
      assertEquals(pathsOf(result).includes("/etc/site.conf"), node !== "db1.example.net");
    }
  });

  it("undo, and a plan that is approved before it is applied", async () => {
    await using scene = await prepared("motd");
    const { host } = scene;
    const before = host.tree();
    await scene.danceInWords("--noop", "--save", "/root/plan.json").ok();
    await scene.danceInWords("--plan", "/root/plan.json").ok();
    assertStringIncludes(host.read("/etc/motd"), "Welcome to node.example.net");
    await scene.rollback().ok();
    scene.live({ "/root/plan.json": null });
    assertEquals(differing(before, host.tree()), []);
  });
});
