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
  it("covers what it names where links lead, and the very path that it is written as", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["sh", "-c", "mkdir /srv/real; ln -s real /srv/link"]);
    const ball = {
      "files/srv/link/key": "TOPSECRET\n",
      "files/srv/link/d/key": "TOPSECRET\n",
      "files/bin/mykey": "TOPSECRET\n",
      "files/srv/link/[x]/key*": "TOPSECRET\n",
      "files/etc/[y]": "TOPSECRET\n",
      "files/etc/plain": "open\n",
      "permissions": "secret /srv/link/key\nsecret /srv/link/d/*\nsecret /bin/mykey\n" +
        "secret /srv/link/[x]/key*\nsecret /etc/[y]\n",
    };
    const { code, stdout, stderr, result } = await scene.ball("a", ball).dance();
    assertEquals([code, result.merged], [0, true], stderr);
    assertEquals(stdout.includes("TOPSECRET"), false, stdout);
    assertStringIncludes(stdout, "+open");
  });
});
