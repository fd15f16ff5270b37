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
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
import { packageFor } from "./package.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";

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
const SERVER = ["--server", UNIVERSE];

/** Copy the universe of a recipe to where a test can change it. */
async function copy(host: ThrowawayHost, name: string): Promise<void> {
  await host.run(["cp", "-a", `${EXAMPLES}/${name}`, UNIVERSE]);
  host.mkdir(`${UNIVERSE}/balls`);
  for (const ball of RECIPES[name]?.standard ?? []) {
    await host.run(["cp", "-a", `${BALLS}/${ball}`, `${UNIVERSE}/balls/`]);
  }
}

/** A host where systemd seems to run, so that reactions to unit files and settings apply. */
async function prepared({ prepare, node }: Recipe): Promise<ThrowawayHost> {
  const { host } = await newScene(node ? { hostname: node } : {});
  host.mkdir("/run/systemd/system");
  const wants = "/etc/systemd/system/timers.target.wants";
  stub(
    host,
    "/usr/bin/systemctl",
    `[ "$1" != enable ] || { mkdir -p ${wants} && ln -sf "/etc/systemd/system/$2" ${wants}; }\n`,
  );
  await prepare?.(host);
  return host;
}

function lines(effects: readonly { readonly argv: readonly string[] }[]): string[] {
  return effects.map(({ argv }) => argv.join(" "));
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
      await using host = await prepared(recipe);
      await copy(host, name);
      const before = stateOf(host);

      const dry = await new Scene(host).danceFrom("--noop", ...SERVER);
      assertEquals(dry.code, 0, dry.stderr);
      await assertUnchanged(host, before);
      const expected = recipe.effects ?? [];
      for (const [i, effect] of [...recipe.dryEffects ?? [], ...expected].entries()) {
        const found = lines(dry.result.effects);
        assert(found.some((line) => line.startsWith(effect)), `${i}: ${effect}: ${found}`);
      }

      const live = await new Scene(host).danceFrom(...SERVER);
      assertEquals(live.code, 0, live.stderr);
      const changed = pathsOf(live.result);
      if (recipe.only) assertEquals(changed, [...recipe.changes].sort());
      for (const path of recipe.changes) assert(changed.includes(path), `${path}: ${changed}`);
      assertEquals(lines(live.result.effects), expected);
      const done = calls(host).filter((line) => expected.includes(line));
      assertEquals(done, expected);
      for (const [path, text] of Object.entries(recipe.files ?? {})) {
        assertStringIncludes(host.read(path), text);
      }
      for (const [path, mode] of Object.entries(recipe.modes ?? {})) {
        assertEquals((host.lstat(path)!.mode & 0o7777).toString(8), mode, path);
      }

      const again = await new Scene(host).danceFrom(...SERVER);
      assertEquals(again.code, 0, again.stderr);
      assertEquals([pathsOf(again.result), lines(again.result.effects)], [[], []]);
    });
  }
});

describeOnHost("what the cookbook says of a recipe", () => {
  it("purge: what is delivered no more is removed", async () => {
    await using host = await prepared({ changes: [] });
    await copy(host, "purge");
    assertEquals((await new Scene(host).danceFrom(...SERVER)).code, 0);
    await host.run(["rm", `${UNIVERSE}/balls/snippets/files/etc/snippets.d/20-extra.conf`]);
    const { code, result } = await new Scene(host).danceFrom(...SERVER);
    assertEquals([code, pathsOf(result)], [0, ["/etc/snippets.d/20-extra.conf"]]);
    assert(!host.exists("/etc/snippets.d/20-extra.conf"));
  });

  it("check: a file that is wrong is not merged", async () => {
    await using host = await prepared({ changes: [] });
    host.write("/usr/bin/jq", '#!/bin/sh\nfor f; do :; done; grep -q port "$f"\n', 0o755);
    await copy(host, "check");
    host.write(`${UNIVERSE}/balls/app/files/etc/app.d/app.json`, "{}");
    const { code, stderr } = await new Scene(host).danceFrom(...SERVER);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "Cannot merge: the check jq --exit-status .port /etc/app.d/app.json",
    );
    assert(!host.exists("/etc/app.d"));
  });

  it("firewall: an undo loads the former rules", async () => {
    await using host = await prepared({ changes: [] });
    stub(host, "/usr/sbin/nft");
    host.write("/etc/nftables.conf", "flush ruleset\n");
    await copy(host, "firewall");
    assertEquals((await new Scene(host).danceFrom(...SERVER)).code, 0);
    const undo = await host.disco("rollback");
    assertEquals(undo.code, 0, undo.stderr);
    assertEquals(host.read("/etc/nftables.conf"), "flush ruleset\n");
    const load = "nft -f /etc/nftables.conf";
    assertEquals(calls(host).filter((line) => line === load), [load, load]);
  });

  it("secret: its content is shown nowhere", async () => {
    await using host = await prepared({ changes: [] });
    await copy(host, "secret");
    const { stdout, stderr } = await host.disco(
      "dance",
      "--diff",
      "full",
      ...SERVER,
    );
    assertStringIncludes(stdout, "/etc/app/token");
    assert(!`${stdout}${stderr}`.includes("0123456789abcdef"));
    assertEquals(host.read("/etc/app/token"), "0123456789abcdef\n");
  });

  it("group: a node dances what its groups list", async () => {
    for (
      const [node, paths] of [
        ["db1.example.net", ["/etc/issue.d/banner.issue"]],
        ["web1.example.net", ["/etc/issue.d/banner.issue", "/etc/site.conf"]],
      ] as const
    ) {
      await using host = await prepared({ node, changes: [] });
      await copy(host, "group");
      const { result } = await new Scene(host).danceFrom("--noop", ...SERVER);
      for (const path of paths) assert(pathsOf(result).includes(path), `${node}: ${path}`);
      assertEquals(pathsOf(result).includes("/etc/site.conf"), node !== "db1.example.net");
    }
  });

  it("undo, and a plan that is approved before it is applied", async () => {
    await using host = await prepared({ changes: [] });
    await copy(host, "motd");
    const before = stateOf(host);
    const saved = await host.disco("dance", "--noop", ...SERVER, "--save", "/root/plan.json");
    assertEquals(saved.code, 0, saved.stderr);
    const applied = await host.disco("dance", ...SERVER, "--plan", "/root/plan.json");
    assertEquals(applied.code, 0, applied.stderr);
    assertStringIncludes(host.read("/etc/motd"), "Welcome to node.example.net");
    const undone = await host.disco("rollback");
    assertEquals(undone.code, 0, undone.stderr);
    await host.run(["rm", "/root/plan.json"]);
    assertEquals(differing(before.tree, host.tree()), []);
  });
});
