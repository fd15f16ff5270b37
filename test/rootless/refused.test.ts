import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { Outcome, ThrowawayHost } from "../host/mod.ts";
import {
  AS_USER,
  asUser,
  describeForUsers,
  discoArgv,
  ENV,
  stateWithout,
  userHost,
} from "./support.ts";
import { Scene } from "../host/mod.ts";
import { assertUnchanged } from "../host/unchanged.ts";

describeForUsers("without root", () => {
  it("a machine that has no user namespaces for users is named, and the setting", async () => {
    await using host = await userHost();
    const argv = [...AS_USER, ...discoArgv("dance", "--noop")];
    // The control.
    assertEquals((await inNamespace(host, "10", argv)).code, 0);
    const { code, stderr } = await inNamespace(host, "0", argv);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "Cannot make a dry run without root: this machine does not let");
    assertStringIncludes(stderr, "sysctl -w user.max_user_namespaces=10000; or run it with sudo");
  });

  it("a container whose /proc has covered parts is named", async () => {
    await using host = await userHost({ wholeProc: false });
    const before = stateWithout(host);
    for (const words of [["dance", "--noop"], ["check", "hello"]]) {
      const { code, stderr } = await asUser(host, words);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "no new /proc can be mounted here");
    }
    await assertUnchanged(host, before);
  });

  it("a missing unshare is named, with its package", async () => {
    await using host = await userHost();
    await host.run(["rm", "/usr/bin/unshare"]);
    const missing = await asUser(host, ["dance", "--noop"]);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, "apt-get install util-linux");
  });

  it("everything but dry runs and checks still needs root", async () => {
    await using host = await userHost();
    const before = stateWithout(host);
    const commands = [
      "dance --server embedded",
      "fetch",
      "fetch --noop",
      "plan",
      "rollback",
      "recover",
      "exec-shell",
      "fs-mount --noop",
    ];
    for (const words of commands.map((command) => command.split(" "))) {
      const { code, stderr } = await asUser(host, words);
      assertEquals(code, 1, words[0]);
      assertStringIncludes(stderr, "this needs root, and the user id is 4711");
    }
    await assertUnchanged(host, before);
    // The control: what only writes DISCO's own files may write them to a folder of the user's.
    for (const words of [["fetch", "--server", "embedded"], ["plan"]]) {
      const { code, stderr } = await asUser(host, [...words, "--state", "/tmp/own"]);
      assertEquals(code, 0, stderr);
    }
  });

  it("nobody becomes a user by a variable", async () => {
    await using host = await userHost();
    const env = { DISCO_ROOTLESS: "4711:4711" };
    // A user is refused as before, and root merges as before.
    assertEquals((await asUser(host, ["dance", "--server", "embedded"], { env })).code, 1);
    const argv = host.discoArgv("dance", "--server", "embedded", "--json");
    const { code, stdout } = await host.exec(argv, { env, timeout: 120_000 });
    assertEquals([code, JSON.parse(stdout).merged], [0, true]);
    assertEquals((await new Scene(host).danceFrom("--noop")).result.changes, []);
  });

  it("a merge is refused in the namespace, too", async () => {
    await using host = await userHost();
    const before = stateWithout(host);
    const unshare = ["unshare", "--user", "--map-root-user", "--mount", "--"];
    const argv = [...AS_USER, ...unshare, ...discoArgv("dance", "--server", "embedded")];
    const env = { ...ENV, DISCO_ROOTLESS: "4711:4711" };
    const { code, stderr } = await host.exec(argv, { env, timeout: 120_000 });
    assertEquals(code, 1);
    assertStringIncludes(stderr, "this needs root, and the user id is 4711");
    await assertUnchanged(host, before);
  });

  it("a user without a home is told how to name a folder", async () => {
    await using host = await userHost();
    const { code, stderr } = await asUser(host, ["dance", "--noop"], { env: { HOME: "" } });
    assertEquals(code, 3);
    assertStringIncludes(stderr, "--state or DISCO_STATE");
  });
});

/** Outside: gives the namespace all ids. Inside: waits for that, and becomes root of it by exec(3). */
const LIMITED = `
most=$1
shift
unshare --user --mount sh -c 'while [ "$(id -u)" != 0 ]; do sleep 0.02; done; exec "$@"' sh \\
  sh -c 'echo "$0" >/run/whole/sys/user/max_user_namespaces && exec "$@"' "$most" "$@" &
while [ "$(readlink /proc/$!/ns/user)" = "$(readlink /proc/$$/ns/user)" ]; do sleep 0.02; done
echo 0 0 65536 >/proc/$!/gid_map
echo 0 0 65536 >/proc/$!/uid_map
wait $!
`;

/**
 * Run a program in a user namespace in which everybody is who they are, and that allows so many
 * namespaces below it: the limit is each namespace's own, and the machine's is not touched.
 */
function inNamespace(
  host: ThrowawayHost,
  most: string,
  argv: readonly string[],
): Promise<Outcome> {
  const options = { env: ENV, timeout: 120_000 };
  return host.exec(["sh", "-c", LIMITED, "sh", most, ...argv], options);
}
