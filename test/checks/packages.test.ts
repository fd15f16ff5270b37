/** Shipped checks whose tools come from Debian's packages, unpacked into a throw-away host. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { type BallFiles, danceBall, freshHost } from "../dance/support.ts";
import { type Debs, fetchDebs } from "../fidelity/debs.ts";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";

const PACKAGES = ["sudo", "logrotate", "libpopt0", "nginx", "nginx-common"];

interface Case {
  readonly what: string;
  readonly packages: readonly string[];
  readonly bad: BallFiles;
  readonly good: BallFiles;
  /** What is printed of the bad one. */
  readonly said: string;
}

const site = (words: string) => ({ "files/etc/nginx/conf.d/a.conf": `${words}\n` });

const CASES: readonly Case[] = [
  {
    what: "visudo -c",
    packages: ["sudo"],
    bad: { "files/etc/sudoers.d/a": "nobody may\n", permissions: "0440 - - /etc/sudoers.d/a\n" },
    good: {
      "files/etc/sudoers.d/a": "nobody ALL=(ALL) ALL\n",
      permissions: "0440 - - /etc/sudoers.d/a\n",
    },
    said: "syntax error",
  },
  {
    what: "logrotate -d",
    packages: ["logrotate", "libpopt0"],
    bad: { "files/etc/logrotate.d/a": "/var/log/a.log {\n  nonsense\n" },
    good: { "files/etc/logrotate.d/a": "/var/log/a.log {\n  daily\n  missingok\n}\n" },
    said: "nonsense",
  },
  {
    what: "nginx -t",
    packages: ["nginx", "nginx-common"],
    bad: site("server { listen 81; nonsense on; }"),
    good: site("server { listen 81; }"),
    said: 'unknown directive "nonsense"',
  },
];

/** As it is installed, without what its maintainer's scripts do. */
async function unpack(host: ThrowawayHost, debs: Debs, packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    host.write("/srv/package.deb", Deno.readFileSync(debs.get(name)!));
    const script = "dpkg --fsys-tarfile /srv/package.deb | tar -xC / --keep-directory-symlink";
    await host.run(["bash", "-o", "pipefail", "-ec", `${script}; rm /srv/package.deb`]);
  }
  // As its maintainer's script does.
  if (packages.includes("sudo")) await host.run(["chmod", "0440", "/etc/sudoers"]);
}

describeOnHost("a shipped check of a package", () => {
  for (const { what, packages, bad, good, said } of CASES) {
    it(`fails a tree that must fail, and passes one that must not: ${what}`, async (t) => {
      const debs = await fetchDebs(PACKAGES);
      if (typeof debs === "string") {
        console.log(`${t.name}: skipped, ${debs}`);
        return;
      }
      await using host = await freshHost();
      await unpack(host, debs, packages);
      const refused = await danceBall(host, bad, "--noop");
      assertEquals(refused.result.checks?.map(({ status }) => status), ["failed"], refused.stderr);
      assertStringIncludes(refused.stderr, said);
      const passed = await danceBall(host, good, "--noop");
      assertEquals(passed.code, 0, passed.stderr);
      assertEquals(passed.result.checks?.map(({ status }) => status), ["passed"], passed.stderr);
    });
  }

  it("of nginx is not tried where a name must be resolved", async (t) => {
    const debs = await fetchDebs(PACKAGES);
    if (typeof debs === "string") {
      console.log(`${t.name}: skipped, ${debs}`);
      return;
    }
    await using host = await freshHost();
    await unpack(host, debs, ["nginx", "nginx-common"]);
    const files = site("server { listen 81; location / { proxy_pass http://backend.invalid; } }");
    const { code, result, stderr } = await danceBall(host, files, "--noop");
    assertEquals([code, result.checks?.map(({ status }) => status)], [0, ["not-tried"]], stderr);
    assertStringIncludes(stderr, "host not found in upstream");
  });
});
