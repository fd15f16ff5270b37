import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Outcome, type ThrowawayHost } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

/** What the secret file holds. */
const SECRET = "hunter2-in-the-file";
const BALL = {
  permissions: "secret /etc/token\n",
  "scripts/10-write": `umask 077; echo ${SECRET} >/etc/token`,
};

/** Run `disco` at a terminal, as script(1) makes one. */
function atTerminal(host: ThrowawayHost, ...args: string[]): Promise<Outcome> {
  const line = host.discoArgv(...args).map((word) => `'${word}'`).join(" ");
  return host.exec(["script", "--quiet", "--return", "--command", line, "/dev/null"]);
}

/** Everything that DISCO keeps, as text. */
function kept(host: ThrowawayHost): Promise<string> {
  return host.run(["sh", "-c", "grep -rl hunter2-in-the-file /var/disco /run/disco || true"]);
}

describeOnHost("what a secret holds", () => {
  it("is in no output and in nothing that is kept", async () => {
    await using scene = await newScene();
    scene.ball("a", BALL);
    const outputs = [
      ["dance", "--noop", ...FROM_GIVEN],
      ["dance", "--noop", "--json", ...FROM_GIVEN],
      ["report"],
      ...["json", "html", "prometheus"].map((format) => ["report", "--format", format]),
      ["check", "a", "--verbose", ...FROM_GIVEN],
      ["check", "a", "--json", ...FROM_GIVEN],
    ];
    for (const words of outputs) {
      await scene.disco(...words).omits(SECRET);
    }
    await scene.disco("report", "--json").says("/etc/token");
  });

  it("is shown at a terminal where that is wished, and kept nowhere", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.ball("a", { ...BALL, "scripts/10-write": `echo ${SECRET} >/etc/token` });
    const options = ["--noop", "--show-secrets", ...FROM_GIVEN];
    const shown = await atTerminal(host, "dance", ...options);
    assertEquals(shown.code, 0, shown.stdout);
    assertStringIncludes(shown.stdout, `+${SECRET}`);
    // The control: without it nothing is shown there, either.
    const hidden = await atTerminal(host, "dance", "--noop", ...FROM_GIVEN);
    assertStringIncludes(hidden.stdout, "/etc/token: created");
    assert(!hidden.stdout.includes(SECRET), hidden.stdout);
    for (const stage of ["fetch", "fs-mount", "fs-chroot", "exec-render a", "exec-run a"]) {
      await scene.disco(...stage.split(" "), ...FROM_GIVEN).ok();
    }
    const diff = await atTerminal(host, "fs-diff", "--show-secrets", ...FROM_GIVEN);
    assertStringIncludes(diff.stdout, `+${SECRET}`);
    const places = (await kept(host)).split("\n");
    assertEquals(places.filter((path) => !path.includes("/localstore/")), [""]);
    await scene.disco("fs-unmount", ...FROM_GIVEN).ok();
  });

  it("is not shown to a pipe, a file or a machine", async () => {
    await using scene = await newScene();
    scene.ball("a", BALL);
    for (const more of [[], ["--json"]]) {
      await scene.danceInWords("--noop", "--show-secrets", ...more)
        .warns("is for a terminal").exits(3);
    }
  });
});

describeOnHost("a line secret", () => {
  const LINKS =
    "mkdir -p /srv/real /opt/rel/3 /srv/deep/er; ln -s real /srv/link; ln -s /opt/rel/3 /srv/current; " +
    "ln -s /opt/rel/tok /srv/token; ln -s b /srv/a; ln -s real/x /srv/b; ln -s /opt/rel/3 /srv/deep/er/l";
  /** Each with the file that it must hide, delivered or written. */
  const CASES: [line: string, path: string][] = [
    ["/srv/link/key", "/srv/link/key"],
    ["/srv/link/d/*", "/srv/link/d/key"],
    ["/bin/mykey", "/bin/mykey"],
    // The very path that it is written as, and both meanings in one.
    ["/srv/link/[x]/key*", "/srv/link/[x]/key*"],
    ["/etc/[y]", "/etc/[y]"],
    ["/srv/[d]/key*", "/srv/[d]/key1"],
    // What a wildcard matches is a link.
    ["/srv/*/key2", "/srv/current/key2"],
    ["/srv/tok*", "/opt/rel/tok"],
    ["/srv/li?k/key", "/srv/link/key3"],
    ["/srv/li?k/k*", "/srv/link/key3"],
    ["/srv/deep/**", "/opt/rel/3/deep"],
    // Links in a row, of which the last one leads nowhere yet.
    ["/srv/a", "/srv/real/x"],
    ["/srv/a/", "/srv/real/x"],
    // No name of a file is so long.
    [`/etc/${"[aA]".repeat(70)}`, `/etc/${"a".repeat(70)}`],
  ];
  const LINES = [...new Set(CASES.map(([line]) => line))];

  it("covers what it names: as a glob, as a path, and where links lead", async () => {
    await using scene = await newScene();
    await scene.sh(LINKS);
    const paths = [...new Set(CASES.map(([, path]) => path))];
    const files = Object.fromEntries(
      paths.map((path, i) => [`files${path}`, `TOPSECRET ${i}\n`]),
    );
    const ball = { ...files, "files/etc/plain": "open\n", "scripts/1": "ln -sfn other /srv/b" };
    // The control: without the lines each is shown.
    const open = await scene.ball("a", ball).dryRun();
    assertEquals(paths.filter((_, i) => !open.stdout.includes(`+TOPSECRET ${i}`)), [], open.stderr);

    const permissions = LINES.map((line) => `secret ${line}\n`).join("");
    for (const live of [false, true]) {
      const acted = scene.ball("a", { ...ball, permissions });
      const { code, stdout, stderr } = await (live ? acted.dance() : acted.dryRun());
      assertEquals(code, 0, stderr);
      assertEquals(stdout.includes("TOPSECRET"), false, stdout);
      assertStringIncludes(stdout, "+open");
    }
  });

  it("hides everything where it could lead to too much", async () => {
    await using scene = await newScene();
    await scene.sh("mkdir /srv/many; cd /srv/many; for i in {1..2100}; do ln -s /opt/$i $i; done");
    const ball = { "files/etc/plain": "open\n", permissions: "secret /srv/many/*\n" };
    const { stdout } = await scene.ball("a", ball).dryRun().ok()
      .warns("secret /srv/many/*: there is too much that it could lead to by links");
    assertEquals(stdout.includes("+open"), false, stdout);
  });
});
