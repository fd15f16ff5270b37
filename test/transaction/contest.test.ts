import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost } from "../host/mod.ts";
import { dance, hostWith } from "./scene.ts";

/** Give the universe another ball. */
function ball(host: ThrowawayHost, name: string, script: string, requires = ""): void {
  host.write(`/srv/universe/parameters/n/modules/${name}`, "");
  host.write(`/srv/universe/balls/${name}/scripts/do`, `${script}\n`);
  if (requires !== "") host.write(`/srv/universe/balls/${name}/requires`, `${requires}\n`);
}

/** Run a line of sh again and again beside something, as a user. */
async function beside<T>(host: ThrowawayHost, line: string, use: () => Promise<T>): Promise<T> {
  const as = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "sh", "-c"];
  const busy = host.spawn([...as, `while :; do ${line}; sleep 0.02; done`]);
  await busy.pid();
  try {
    return await use();
  } finally {
    await busy.kill("SIGKILL");
    await busy.outcome;
  }
}

/** A home with a file that its owner keeps changing. */
async function withHome(host: ThrowawayHost): Promise<void> {
  host.write("/home/u/.rc", "his\n");
  host.write("/home/u/spool/1", "1\n");
  await host.run(["chown", "-R", "1000:1000", "/home/u"]);
}

const APPEND = "echo theirs >>/home/u/.rc";
const OURS = "echo ours >>/home/u/.rc; sleep 0.2";

describeOnHost("a user who keeps changing a file that a ball changes", () => {
  it("fails that ball and what comes after it, and nothing else, where the dance keeps going", async () => {
    await using host = await hostWith("echo ours >/srv/other");
    ball(host, "rc", OURS);
    ball(host, "late", "echo ours >/srv/late", "after rc");
    await withHome(host);
    const { code, stdout } = await beside(
      host,
      APPEND,
      () => dance(host, "--keep-going", "--json"),
    );
    assertEquals(code, 1);
    const { balls, error, merged } = JSON.parse(stdout);
    const status = Object.fromEntries(
      balls.map((b: { name: string; status: string }) => [b.name, b.status]),
    );
    assertEquals([status, error, merged], [{ b: "ok", rc: "failed", late: "skipped" }, null, true]);
    assertMatch(
      balls.find((b: { name: string }) => b.name === "rc").error,
      /"\/home\/u\/\.rc" keeps being changed by others; its directory belongs to user 1000/,
    );
    assert(host.exists("/srv/other") && !host.exists("/srv/late"));
    assert(!host.read("/home/u/.rc").includes("ours"));
  });

  it("lets the dance fail after three tries otherwise, which names him", async () => {
    await using host = await hostWith(`echo ours >/srv/other; ${OURS}`);
    await withHome(host);
    const { code, stderr } = await beside(host, APPEND, () => dance(host));
    assertEquals([code, host.exists("/srv/other")], [1, false]);
    assertStringIncludes(stderr, 'Cannot merge "/home/u/.rc"');
    assertStringIncludes(stderr, "its directory belongs to user 1000");
  });

  for (
    const [what, line, script, look, expected] of [
      ["the mode of a log", APPEND, "chmod 640 /home/u/.rc", "stat -c %a /home/u/.rc", "640"],
      [
        "the owner of a busy directory",
        "echo >/home/u/spool/$$; rm /home/u/spool/$$",
        "chown 0:1000 /home/u/spool",
        "stat -c %u:%g /home/u/spool",
        "0:1000",
      ],
    ] as const
  ) {
    it(`does not keep ${what} from being changed`, async () => {
      await using host = await hostWith(`${script}; sleep 0.2`);
      await withHome(host);
      const { code, stdout, stderr } = await beside(host, line, () => dance(host));
      assertEquals(code, 0, stderr);
      assert(!stdout.includes("(2 of 3)"), stdout);
      assertEquals((await host.run(["sh", "-c", look])).trim(), expected);
    });
  }
});
