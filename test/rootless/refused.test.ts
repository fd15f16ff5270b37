import { it } from "@std/testing/bdd";
import {
  AS_USER,
  asUser,
  describeForUsers,
  discoArgv,
  ENV,
  OWN,
  sceneWithUser,
} from "./support.ts";

describeForUsers("without root", () => {
  it("a machine that has no user namespaces for users is named, and the setting", async () => {
    await using scene = await sceneWithUser();
    const argv = [...AS_USER, ...discoArgv("dance", "--noop")];
    // The control.
    await scene.program(...inNamespace("10", argv)).ok();
    await scene.program(...inNamespace("0", argv)).fails(
      "Cannot make a dry run without root: this machine does not let",
      "sysctl -w user.max_user_namespaces=10000; or run it with sudo",
    );
  });

  it("a container whose /proc has covered parts is named", async () => {
    await using scene = await sceneWithUser({ wholeProc: false });
    for (const words of [["dance", "--noop"], ["check", "hello"]]) {
      await asUser(scene).disco(...words).fails("no new /proc can be mounted here").untouched();
    }
  });

  it("a missing unshare is named, with its package", async () => {
    await using scene = await sceneWithUser();
    await asUser(scene.live({ "/usr/bin/unshare": null })).disco("dance", "--noop")
      .fails("apt-get install util-linux");
  });

  it("everything but dry runs and checks still needs root", async () => {
    await using scene = await sceneWithUser();
    const user = asUser(scene);
    const commands = [
      ...["dance --server embedded", "fetch", "fetch --noop", "plan", "rollback", "recover"],
      ...["exec-shell", "fs-mount --noop"],
    ];
    for (const command of commands) {
      await user.disco(...command.split(" "))
        .fails("this needs root, and the user id is 4711").untouched();
    }
    // The control: what only writes DISCO's own files may write them to a folder of the user's.
    await user.disco("fetch", "--server", "embedded", "--state", "/tmp/own").ok();
    await user.disco("plan", "--state", "/tmp/own").ok();
  });

  it("nobody becomes a user by a variable", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    const env = { DISCO_ROOTLESS: "4711:4711" };
    // A user is refused as before, and root merges as before.
    await asUser(scene, env).disco("dance", "--server", "embedded").fails();
    const start = (args: readonly string[]) =>
      host.spawn(host.discoArgv(...args), { env, timeout: 120_000 });
    await scene.with({ start, from: ["--server", "embedded"] }).dance().merges().ok();
    await scene.from().dryRun().changes();
  });

  it("a merge is refused in the namespace, too", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    const unshare = ["unshare", "--user", "--map-root-user", "--mount", "--"];
    const options = { env: { ...ENV, DISCO_ROOTLESS: "4711:4711" }, timeout: 120_000 };
    const start = (args: readonly string[]) =>
      host.spawn([...AS_USER, ...unshare, ...discoArgv(...args)], options);
    await scene.with({ start, own: OWN }).disco("dance", "--server", "embedded")
      .fails("this needs root, and the user id is 4711").untouched();
  });

  it("a user without a home is told how to name a folder", async () => {
    await using scene = await sceneWithUser();
    await asUser(scene, { HOME: "" }).disco("dance", "--noop")
      .warns("--state or DISCO_STATE").exits(3);
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
 * A program in a user namespace in which everybody is who they are, and that allows so many
 * namespaces below it: the limit is each namespace's own, and the machine's is not touched.
 */
function inNamespace(most: string, argv: readonly string[]): string[] {
  const env = Object.entries(ENV).map((entry) => entry.join("="));
  return ["env", ...env, "sh", "-c", LIMITED, "sh", most, ...argv];
}
