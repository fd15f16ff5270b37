import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { calls, changesOf, pathsOf, serve, stubServices, UNIVERSE } from "./support.ts";
import { GIVEN } from "../host/scene.ts";

/** For each node what `stat -c "%A %U:%G"` says of some of what it must have, and its effects. */
const NODES = {
  "web1.example.org": {
    paths: {
      "/etc/nginx/sites-available/site.conf": "-rw-r--r-- root:root",
      "/etc/nginx/sites-enabled/site.conf": "lrwxrwxrwx root:root",
      "/etc/status": "drwxr-x--- root:status",
      "/etc/status/config.json": "-rw-r----- root:status",
      "/var/lib/status": "drwxr-x--- status:status",
      "/opt/status/status.py": "-rwxr-xr-x root:root",
      "/etc/sudoers.d/10-team": "-r--r----- root:root",
      "/etc/ssh/sshd_config.d/50-hardening.conf": "-rw------- root:root",
      "/home/ada/.ssh": "drwx------ ada:ada",
      "/home/ada/.ssh/authorized_keys": "-rw------- ada:ada",
      "/home/linus": "drwxr-xr-x linus:linus",
      "/var/log/site": "drwxr-x--- root:adm",
      "/var/log/site/README": "-rw-r----- root:adm",
      "/etc/systemd/system/multi-user.target.wants/status.service": "lrwxrwxrwx root:root",
    },
    effects: [
      "systemctl daemon-reload",
      "systemctl restart status.service",
      "systemctl reload nginx",
      "sysctl -p /etc/sysctl.d/60-tuning.conf",
      "systemctl restart ssh",
    ],
  },
  "db1.example.org": {
    paths: {
      "/usr/local/sbin/backup": "-rwxr-x--- root:root",
      "/etc/backup": "drwx------ root:root",
      "/etc/backup/passphrase": "-rw------- root:root",
      "/home/deploy": "drwxr-xr-x deploy:deploy",
      "/srv/modes/0000": "---------- root:root",
      "/srv/modes/2755": "-rwxr-sr-x root:root",
      "/srv/modes/4755": "-rwsr-xr-x root:root",
      "/srv/modes/folder-1777": "drwxrwxrwt root:root",
      "/srv/modes/folder-2775": "drwxrwsr-x root:root",
      "/srv/modes/folder-0700/file": "-r--r--r-- nobody:nogroup",
      "/srv/modes/owned": "-rw----r-- status:status",
      "/srv/modes/rendered": "-rw-rw---- root:adm",
      "/srv/tree/fifo": "prw-r--r-- root:root",
      "/srv/tree/names/new\nline": "-rw-r--r-- root:root",
      "/srv/tree/links/dangling": "lrwxrwxrwx root:root",
      "/usr/bin/tree-tool": "-rwxr-xr-x root:root",
      "/usr/lib/tree/data": "-rw-r--r-- root:root",
    },
    effects: [
      "service legacy restart",
      "sysctl -p /etc/sysctl.d/60-tuning.conf",
      "systemctl restart ssh",
    ],
  },
};

describeOnHost("a node of the universe of the tests", () => {
  for (const [node, { paths, effects }] of Object.entries(NODES)) {
    it(`${node} becomes what it must be, by a path and by a daemon, and stays so`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      stubServices(host);
      const server = await serve(host, UNIVERSE);
      const local = scene.from("--server", UNIVERSE, "--node", node);
      const served = scene.from("--server", server, "--node", node);

      const byPath = await local.dryRun().untouched().ok();
      const byDaemon = await served.dryRun().untouched().ok();
      assertEquals(changesOf(byDaemon.result), changesOf(byPath.result));
      assertEquals(calls(host), [], "an effect was carried out in a dry run");

      const live = await served.dance().ok();
      assertEquals(await statOf(host, Object.keys(paths)), Object.entries(paths));
      assertEquals(Object.keys(paths).filter((path) => !pathsOf(live.result).includes(path)), []);
      assertEquals(calls(host), effects);

      for (const from of [served, local]) await from.dance().changes().untouched().ok();
      assertEquals(calls(host), effects, "an effect was carried out although nothing had changed");
    });
  }

  it("all.example.org, with every ball, becomes what it must be, and stays so", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stubServices(host);
    await host.run(["cp", "-a", UNIVERSE, GIVEN]);
    scene.live({ [`${GIVEN}/parameters/all.example.org/nginx/proxy`]: "http://127.0.0.1:8042" });
    const all = scene.from("--server", GIVEN, "--node", "all.example.org");
    // What a terminal would obey is shown, not sent.
    // deno-lint-ignore no-control-regex
    const controls = /[\x00-\x08\x0b-\x1f\x7f]/;
    // The same word twice, in layers of three balls; a dance delivers the first anew each time.
    await all.danceInWords().omits(controls).ok().leaves({
      "/etc/disco-test/layers": "1\n2\n3\n",
      "/etc/disco-test/precedence": "ball ball\ncommon common\ndb db\nnode node\nweb web\n",
      "/etc/disco-test-shebang": "run by awk\n",
      "/etc/disco-test-nested": "run by bash indeed\n",
    });
    for (const line of ["stdin 0", "no terminal", "uid 0", "home /root", "ball environment"]) {
      assertStringIncludes(host.read("/etc/disco-test-environment"), `${line}\n`);
    }
    await all.dance().changes().untouched().ok();
  });
});

async function statOf(host: ThrowawayHost, paths: string[]): Promise<string[][]> {
  const listing = await host.run(["stat", "--printf", "%A %U:%G\\0", ...paths]);
  return listing.split("\0").filter(Boolean).map((line, i) => [paths[i]!, line]);
}
