import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { pathsOf } from "../dance/support.ts";

/** Words of the account tools, and whether they are refused while a process runs as the user. */
const WORDS: readonly (readonly [line: string, isRefused: boolean])[] = [
  ["userdel busy", true],
  ["userdel -r busy", true],
  ["userdel -- busy", true],
  ["deluser --quiet busy", true],
  ["usermod -l other busy", true],
  ["usermod busy -u 4242", true],
  ["usermod -md/srv/home busy", true],
  ["usermod --login=other busy", true],
  ["usermod -c words -d /srv/home busy", true],
  ["usermod -s /bin/sh busy", false],
  ["usermod -c '-l' busy", false],
  ["usermod -aG games busy", false],
  ["usermod -L busy", false],
  ["userdel -f busy", false],
  ["deluser busy games", false],
  ["userdel idle", false],
  ["usermod -l other idle", false],
];

describeOnHost("the account tools, while a process runs as the user", () => {
  it("refuse what they refuse on the live system, in the same words", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["useradd", "-m", "busy"]);
    await host.run(["useradd", "-m", "idle"]);
    await host.run(["usermod", "-aG", "games", "busy"]);
    const running = host.spawn(["setpriv", "--reuid=busy", "--clear-groups", "sleep", "600"]);
    await running.pid();
    await scene.sh("until pgrep -u busy >/dev/null; do sleep 0.05; done");
    const tries = WORDS.map(([line]) =>
      `(${line}) 2>/srv/errors; echo "$? ${line}" >>/srv/codes
cat /srv/errors >>/srv/said`
    );
    // Each begins with the accounts of the host.
    const text = tries.map((one) =>
      `${one}; for f in passwd shadow group gshadow subuid subgid; do
  [ ! -e /srv/$f ] || cp /srv/$f /etc/$f; done`
    ).join("\n");
    const keep = "cp /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/sub[ug]id /srv\n";
    const { result } = await scene.ball("a", keep + text).dryRun().ok();
    const codes = result.changes.find(({ path }) => path === "/srv/codes")!.diff!.split("\n")
      .filter((line) => /^\+\d/.test(line));
    assertEquals(codes.map((line) => line.startsWith("+8 ")), WORDS.map(([, refused]) => refused));
    const said = result.changes.find(({ path }) => path === "/srv/said")!.diff!;
    assertStringIncludes(said, "userdel: user busy is currently used by process ");
    // The control: the live system refuses, too.
    const plain = await scene.program("userdel", "busy").exits(8);
    assertStringIncludes(said, plain.stderr.trim());
  });

  it("past the shell they do not see it, and it is told when the changes are worked out", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["useradd", "-m", "busy"]);
    await host.run(["useradd", "-m", "idle"]);
    const running = host.spawn(["setpriv", "--reuid=busy", "--clear-groups", "sleep", "600"]);
    await running.pid();
    await scene.sh("until pgrep -u busy >/dev/null; do sleep 0.05; done");
    for (const line of ["/usr/sbin/userdel busy", "/usr/sbin/usermod -u 4321 busy"]) {
      // Control: by its path in bash it does see it, and refuses.
      await scene.ball("a", line).dryRun().fails().changes();
      const script = `perl -e 'system("${line}"); system("/usr/sbin/userdel idle")'`;
      const { result, stderr } = await scene.ball("a", script).dryRun();
      const told = result.notSimulated.map(({ ball, kind, what }) => [ball, kind, what]);
      assertEquals(told.length, 1, stderr);
      assertEquals(told[0]!.slice(0, 2), ["a", "processes"]);
      assertStringIncludes(told[0]![2]!, "user busy is removed or gets another number");
    }
  });

  it("go on when it has ended", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await host.run(["useradd", "-m", "busy"]);
    const { result, stderr } = await scene.ball("a", "userdel busy").dryRun();
    assertEquals(pathsOf(result).includes("/etc/passwd"), true, stderr);
  });
});
