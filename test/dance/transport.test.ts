import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { answers, itWith, serve } from "./support.ts";
import { GIVEN } from "../host/scene.ts";

const SOME = { a: { "files/etc/a": "a\n", "scripts/10-do": "echo b >/etc/b\n" } };
const SSHD = "/usr/sbin/sshd";
const itWithSshd = itWith(SSHD);

describeOnHost("a dance from a server", () => {
  for (
    const [what, address] of [
      ["rsync://", "rsync://127.0.0.1:8730/disco"],
      ["a folder of the module", "rsync://127.0.0.1:8730/all/universe"],
    ] as const
  ) {
    it(`by ${what} is the one by a path`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      await serve(host, GIVEN);
      scene.live({ "/run/rsyncd.conf": `${host.read("/run/rsyncd.conf")}[all]\npath = /run\n` });
      // A daemon reads its configuration for each connection.
      await scene.from("--server", address, "--node", "n").dance().ok()
        .leaves({ "/etc/a": "a\n", "/etc/b": "b\n" });
    });
  }

  it("uses the address, the name and the rsync of the settings", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    host.write("/etc/disco/server/uri", await serve(host, GIVEN));
    scene.settings({ node: "n", "cmds/rsync": "/run/my-rsync --no-motd" });
    // It is between walls: what it says is all that it can do besides.
    const wrapper = '#!/bin/sh\n[ "$1" = --no-motd ] && shift && exec rsync --exclude /a/b "$@"\n';
    host.write("/run/my-rsync", wrapper, 0o755);
    scene.live({ [`${GIVEN}/balls/a/b`]: "not fetched" });
    await scene.from().dance().ok().leaves({
      "/etc/b": "b\n",
      "/var/disco/localstore/a/scripts/10-do": "echo b >/etc/b\n",
      "/var/disco/localstore/a/b": null,
    });
  });

  it("comes without what the server must not decide", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    await host.run(["mknod", `${GIVEN}/balls/a/files/etc/null`, "c", "1", "3"]);
    for (const server of [GIVEN, await serve(host, GIVEN)]) {
      await scene.from("--server", server, "--node", "n").dance()
        .fails("files/etc/null").untouched();
    }
  });

  it("that is away keeps what is here as it is", async () => {
    await using scene = await newScene();
    await scene.balls(SOME).dance().ok();
    await scene.from("--server", "rsync://127.0.0.1:1/disco", "--node", "n").dance()
      .fails().untouched();
  });

  itWithSshd(
    "by a daemon that ssh starts in an account's home, as the original has it",
    async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      const ssh = await serveSsh(scene);
      scene.live({
        "/etc/passwd": `${host.read("/etc/passwd")}balls:x:4711:4711::/run/balls:/bin/sh\n`,
        "/etc/shadow": `${host.read("/etc/shadow")}balls:*:20000:0:99999:7:::\n`,
      });
      const modules = { disco: "", parameters: "/parameters", groups: "/groups", a: "/balls/a" };
      const config = Object.entries(modules).map(([name, path]) =>
        `[${name}]\npath = ${GIVEN}${path}`
      );
      scene.live({ "/run/balls/rsyncd.conf": `use chroot = no\n${config.join("\n")}\n` });
      const shell = `'${ssh} -o UserKnownHostsFile=/run/keys/known -p 8722 -l balls'`;
      const rsync = `rsync --rsh ${shell}`;
      const node = ["--node", "n"];
      for (
        const [server, layout, command] of [
          ["balls@127.0.0.1::disco", "tree", rsync],
          ["balls@127.0.0.1::disco", "tree", `rsync -e ${shell}`],
          ["balls@127.0.0.1::disco", "tree", `rsync --rsh=${shell}`],
          ["rsync://balls@127.0.0.1/disco", "tree", rsync],
          ["rsync://balls@127.0.0.1/disco", "tree", `rsync -e ${shell}`],
          ["127.0.0.1::disco", "tree", rsync],
          ["someone@127.0.0.1::", "modules", rsync],
          ["someone@127.0.0.1::", "modules", `rsync -e ${shell}`],
        ] as const
      ) {
        await host.run(["rm", "-rf", "/var/disco/localstore", "/var/disco/universe"]);
        scene.live({ "/etc/disco/server/layout": layout }).settings({ "cmds/rsync": command });
        const { stderr } = await scene.disco("fetch", "--server", server, ...node).ok()
          .leaves({ "/var/disco/localstore/a/files/etc/a": "a\n" });
        assertEquals(stderr, "", `${command} ${server}`);
      }
      await scene.from("--server", "127.0.0.1::", ...node).dance().ok()
        .leaves({ "/etc/b": "b\n" });

      // A node that the universe does not list dances as "default".
      await host.run(["mkdir", "-p", `${GIVEN}/parameters/default/modules`]);
      scene.live({ [`${GIVEN}/parameters/default/modules/a`]: "" });
      for (const [server, layout] of [["127.0.0.1::disco", "tree"], ["127.0.0.1::", "modules"]]) {
        host.write("/etc/disco/server/layout", layout!);
        const unlisted = await scene.disco("fetch", "--server", server!, "--node", "unlisted")
          .ok();
        const says = 'warning: the universe does not list "unlisted": it dances as "default"\n';
        assertEquals(unlisted.stderr, says, server);
      }

      // What the account may not read is not left out.
      scene.live({ [`${GIVEN}/balls/a/files/etc/secret`]: "s\n" });
      await host.run(["chmod", "600", `${GIVEN}/balls/a/files/etc/secret`]);
      for (const [server, layout] of [["127.0.0.1::disco", "tree"], ["127.0.0.1::", "modules"]]) {
        host.write("/etc/disco/server/layout", layout!);
        await scene.disco("fetch", "--server", server!, ...node).fails("Permission denied");
      }
      await host.run(["rm", `${GIVEN}/balls/a/files/etc/secret`]);

      // The control: an account that the server does not know.
      host.write("/etc/disco/client/cmds/rsync", rsync.replace("-l balls", "-l nobody-here"));
      await scene.disco("fetch", "--server", "127.0.0.1::", ...node)
        .fails("the server refuses this node", "let it know the node's key, or user and password");
    },
  );

  itWithSshd(
    "by ssh, to which the host's key and its own are known, is the one by a path",
    async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      const ssh = await serveSsh(scene);
      const far = scene.from("--server", `ssh://root@127.0.0.1:8722${GIVEN}`, "--node", "n");

      // The controls: a server whose key nobody knows, or another one, or that does not know ours.
      await scene.sh("cd /run/keys; ssh-keygen -q -t ed25519 -N '' -f other");
      const other = host.read("/run/keys/other.pub").split(" ").slice(0, 2).join(" ");
      scene.live({ "/run/keys/changed": `[127.0.0.1]:8722 ${other}\n` });
      const known = `${ssh} -o UserKnownHostsFile=/run/keys/known`;
      const before = host.mounts();
      for (
        const [command, why, hint] of [
          [
            `${ssh} -o UserKnownHostsFile=/dev/null`,
            "the server is an unknown host here: its key is not in known_hosts",
            "what to do: compare what ssh-keyscan HOST prints with the server's /etc/ssh/ssh_host_*_key.pub",
          ],
          [
            `${ssh} -o UserKnownHostsFile=/run/keys/changed`,
            "the server's host key is not the one that is known here: ",
            "what to do: compare it with the server's; if that is the new one, ssh-keygen -R HOST",
          ],
          [
            known.replace("/run/keys/client", "/run/keys/other"),
            "the server refuses this node: ",
            "what to do: let it know the node's key, or user and password",
          ],
        ] as const
      ) {
        await far.settings({ "cmds/ssh": command }).dance().fails(why, hint)
          .leaves({ "/etc/b": null });
      }

      await far.settings({ "cmds/ssh": known }).dance().ok().leaves({ "/etc/b": "b\n" });
      assertEquals(host.mounts(), before);
    },
  );

  it("does not change a host between a dry run and its next", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    const far = scene.from("--server", await serve(host, GIVEN), "--node", "n");
    for (let round = 0; round < 2; round++) await far.dryRun().untouched().ok();
    await far.dance().leavesNothing().ok();
  });
});

/** Start sshd in the host for `root` and whoever has a home; the ssh that knows its own key. */
async function serveSsh(scene: Scene): Promise<string> {
  const setUp = [
    "mkdir -p /run/sshd /run/keys; cd /run/keys",
    "for key in host client; do ssh-keygen -q -t ed25519 -N '' -f $key; done",
    'echo "[127.0.0.1]:8722 $(cut -d" " -f1,2 host.pub)" >known',
  ];
  const { host } = scene;
  await scene.sh(setUp.join("\n"));
  const options = [
    ...["HostKey=/run/keys/host", "AuthorizedKeysFile=/run/keys/client.pub", "UsePAM=no"],
    ...["StrictModes=no", "PidFile=none", "ListenAddress=127.0.0.1", "Port=8722"],
    "PermitRootLogin=prohibit-password",
  ].flatMap((option) => ["-o", option]);
  host.spawn([SSHD, "-D", "-e", "-f", "/dev/null", ...options]);
  await answers(host, "8722");
  return "ssh -F none -i /run/keys/client -o GlobalKnownHostsFile=none -o BatchMode=yes";
}
