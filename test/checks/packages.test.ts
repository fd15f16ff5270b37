/** Shipped checks whose tools come from Debian's packages, unpacked into a throw-away host. */
import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { BallFiles } from "../host/scene.ts";
import { type Debs, fetchDebs } from "../fidelity/debs.ts";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";

interface Case {
  readonly what: string;
  readonly packages: readonly string[];
  /** What its maintainer's scripts would have done, for bash. */
  readonly prepare?: string;
  readonly bad: BallFiles;
  readonly good: BallFiles;
  /** What is printed of the bad one. */
  readonly said: string;
  /** `failed` unless told. */
  readonly status?: "warned";
}

const HAPROXY = `defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend a
  bind 127.0.0.1:8080
`;

const site = (words: string) => ({ "files/etc/nginx/conf.d/a.conf": `${words}\n` });

const CASES: readonly Case[] = [
  {
    what: "visudo -c",
    packages: ["sudo"],
    prepare: "chmod 0440 /etc/sudoers",
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
  {
    what: "apache2ctl configtest",
    packages: ["apache2", "apache2-bin", "apache2-data", "libapr1", "libaprutil1"],
    prepare: "cd /etc/apache2/mods-enabled; for m in mpm_event authz_core; do " +
      "ln -s ../mods-available/$m.load .; done",
    bad: { "files/etc/apache2/conf-enabled/a.conf": "Nonsense on\n" },
    good: { "files/etc/apache2/conf-enabled/a.conf": "ServerName a.example.org\n" },
    said: "Invalid command 'Nonsense'",
  },
  {
    what: "named-checkconf",
    packages: [
      ...["bind9-utils", "bind9-libs", "libfstrm0", "libjemalloc2", "liblmdb0"],
      ...["libmaxminddb0", "libprotobuf-c1", "libuv1", "libnghttp2-14"],
    ],
    bad: { "files/etc/bind/named.conf": "options { nonsense yes; };\n" },
    good: { "files/etc/bind/named.conf": 'options { directory "/var/cache"; };\n' },
    said: "unknown option 'nonsense'",
  },
  {
    what: "haproxy -c",
    packages: ["haproxy", "liblua5.3-0", "libopentracing1", "libopentracing-c-wrapper0"],
    bad: { "files/etc/haproxy/haproxy.cfg": "global\n  nonsense\n" },
    good: { "files/etc/haproxy/haproxy.cfg": HAPROXY },
    said: "unknown keyword 'nonsense'",
  },
  {
    what: "postfix check",
    packages: ["postfix"],
    prepare: "groupadd -r postdrop; useradd -r -d /var/spool/postfix postfix; " +
      "cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf; " +
      "cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf; chown -R postfix /var/lib/postfix",
    bad: { "scripts/1": "echo 'mail_owner = nobody-here' >>/etc/postfix/main.cf" },
    good: { "scripts/1": "echo 'myhostname = a.example.org' >>/etc/postfix/main.cf" },
    said: "nobody-here",
  },
  {
    what: "crontab -n",
    packages: ["cron", "cron-daemon-common"],
    prepare: "groupadd -r crontab",
    bad: { "files/etc/cron.d/a": "61 * * * * root true\n" },
    good: { "files/etc/cron.d/a": "MAILTO=root\n*/5 * * * * root true\n@daily root true\n" },
    said: "bad minute",
  },
  {
    what: "xmllint --noout",
    packages: ["libxml2-utils", "libxml2"],
    bad: { "files/etc/a/a.xml": "<a><b></a>\n" },
    good: { "files/etc/a/a.xml": "<a><b/></a>\n" },
    said: "Opening and ending tag mismatch",
    status: "warned",
  },
];

/** All packages are fetched in one go. */
const PACKAGES = [...new Set(CASES.flatMap(({ packages }) => packages))];

/** As it is installed, without what its maintainer's scripts do. */
async function unpack(host: ThrowawayHost, debs: Debs, packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    host.write("/srv/package.deb", Deno.readFileSync(debs.get(name)!));
    const script = "dpkg --fsys-tarfile /srv/package.deb | tar -xC / --keep-directory-symlink";
    await host.run(["bash", "-o", "pipefail", "-ec", `${script}; rm /srv/package.deb`]);
  }
}

describeOnHost("a shipped check of a package", () => {
  for (const { what, packages, prepare = "", bad, good, said, status = "failed" } of CASES) {
    it(`fails a tree that must fail, and passes one that must not: ${what}`, async (t) => {
      const debs = await fetchDebs(PACKAGES);
      if (typeof debs === "string") {
        console.log(`${t.name}: skipped, ${debs}`);
        return;
      }
      await using scene = await newScene();
      const { host } = scene;
      await unpack(host, debs, packages);
      await scene.sh(prepare);
      const refused = await scene.ball("a", bad).dryRun().warns(said)
        .exits(status === "failed" ? 1 : 0);
      const found = refused.result.checks?.map(({ status }) => status);
      assertEquals(found, [status]);
      const passed = await scene.ball("a", good).dryRun().ok();
      assertEquals(passed.result.checks?.map(({ status }) => status), ["passed"]);
    });
  }

  it("of nginx is not tried where a name must be resolved", async (t) => {
    const debs = await fetchDebs(PACKAGES);
    if (typeof debs === "string") {
      console.log(`${t.name}: skipped, ${debs}`);
      return;
    }
    await using scene = await newScene();
    const { host } = scene;
    await unpack(host, debs, ["nginx", "nginx-common"]);
    const files = site("server { listen 81; location / { proxy_pass http://backend.invalid; } }");
    const { result } = await scene.ball("a", files).dryRun().warns("host not found in upstream")
      .ok();
    assertEquals(result.checks?.map(({ status }) => status), ["not-tried"]);
  });
});
