import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { answers, itWith, serve } from "./support.ts";
import { assertNothingLeft, assertUnchanged, stateOf } from "../host/unchanged.ts";
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
      host.write("/run/rsyncd.conf", `${host.read("/run/rsyncd.conf")}[all]\npath = /run\n`);
      // A daemon reads its configuration for each connection.
      const { code, stderr } = await scene.danceFrom("--server", address, "--node", "n");
      assertEquals([code, host.read("/etc/a"), host.read("/etc/b")], [0, "a\n", "b\n"], stderr);
    });
  }

  it("uses the address, the name and the rsync of the settings", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    host.write("/etc/disco/server/uri", await serve(host, GIVEN));
    host.write("/etc/disco/client/node", "n");
    host.write("/etc/disco/client/cmds/rsync", "/run/my-rsync --no-motd");
    // It is between walls: what it says is all that it can do besides.
    const wrapper = '#!/bin/sh\n[ "$1" = --no-motd ] && shift && exec rsync --exclude /a/b "$@"\n';
    host.write("/run/my-rsync", wrapper, 0o755);
    host.write(`${GIVEN}/balls/a/b`, "not fetched");
    const { code, stderr } = await scene.danceFrom();
    assertEquals([code, host.read("/etc/b")], [0, "b\n"], stderr);
    assertEquals(host.exists("/var/disco/localstore/a/scripts/10-do"), true);
    assertEquals(host.exists("/var/disco/localstore/a/b"), false);
  });

  it("comes without what the server must not decide", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    await host.run(["mknod", `${GIVEN}/balls/a/files/etc/null`, "c", "1", "3"]);
    const before = stateOf(host);
    for (const server of [GIVEN, await serve(host, GIVEN)]) {
      await scene.danceFrom("--server", server, "--node", "n").exits(1).warns("files/etc/null");
      await assertUnchanged(host, before);
    }
  });

  it("that is away keeps what is here as it is", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    await scene.dance().ok();
    const before = stateOf(host);
    await scene.danceFrom("--server", "rsync://127.0.0.1:1/disco", "--node", "n").exits(1);
    await assertUnchanged(host, before);
  });

  itWithSshd(
    "by a daemon that ssh starts in an account's home, as the original has it",
    async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      const ssh = await serveSsh(host);
      host.write(
        "/etc/passwd",
        `${host.read("/etc/passwd")}balls:x:4711:4711::/run/balls:/bin/sh\n`,
      );
      host.write("/etc/shadow", `${host.read("/etc/shadow")}balls:*:20000:0:99999:7:::\n`);
      const modules = { disco: "", parameters: "/parameters", groups: "/groups", a: "/balls/a" };
      const config = Object.entries(modules).map(([name, path]) =>
        `[${name}]\npath = ${GIVEN}${path}`
      );
      host.write("/run/balls/rsyncd.conf", `use chroot = no\n${config.join("\n")}\n`);
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
        host.write("/etc/disco/server/layout", layout);
        host.write("/etc/disco/client/cmds/rsync", command);
        const { code, stderr } = await scene.disco("fetch", "--server", server, ...node);
        assertEquals([code, stderr], [0, ""], `${command} ${server}`);
        assertEquals(host.read("/var/disco/localstore/a/files/etc/a"), "a\n");
      }
      const { code, stderr } = await scene.danceFrom("--server", "127.0.0.1::", ...node);
      assertEquals([code, host.read("/etc/b")], [0, "b\n"], stderr);

      // A node that the universe does not list dances as "default".
      await host.run(["mkdir", "-p", `${GIVEN}/parameters/default/modules`]);
      host.write(`${GIVEN}/parameters/default/modules/a`, "");
      for (const [server, layout] of [["127.0.0.1::disco", "tree"], ["127.0.0.1::", "modules"]]) {
        host.write("/etc/disco/server/layout", layout!);
        const unlisted = await scene.disco("fetch", "--server", server!, "--node", "unlisted");
        const says = 'warning: the universe does not list "unlisted": it dances as "default"\n';
        assertEquals([unlisted.code, unlisted.stderr], [0, says], server);
      }

      // What the account may not read is not left out.
      host.write(`${GIVEN}/balls/a/files/etc/secret`, "s\n");
      await host.run(["chmod", "600", `${GIVEN}/balls/a/files/etc/secret`]);
      for (const [server, layout] of [["127.0.0.1::disco", "tree"], ["127.0.0.1::", "modules"]]) {
        host.write("/etc/disco/server/layout", layout!);
        await scene.disco("fetch", "--server", server!, ...node).exits(1).warns(
          "Permission denied",
        );
      }
      await host.run(["rm", `${GIVEN}/balls/a/files/etc/secret`]);

      // The control: an account that the server does not know.
      host.write("/etc/disco/client/cmds/rsync", rsync.replace("-l balls", "-l nobody-here"));
      await scene.disco("fetch", "--server", "127.0.0.1::", ...node).exits(1).warns(
        "the server refuses this node",
      ).warns("let it know the node's key, or user and password");
    },
  );

  itWithSshd(
    "by ssh, to which the host's key and its own are known, is the one by a path",
    async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      const ssh = await serveSsh(host);
      const server = ["--server", `ssh://root@127.0.0.1:8722${GIVEN}`, "--node", "n"];

      // The controls: a server whose key nobody knows, or another one, or that does not know ours.
      await host.run(["sh", "-ec", "cd /run/keys; ssh-keygen -q -t ed25519 -N '' -f other"]);
      const other = host.read("/run/keys/other.pub").split(" ").slice(0, 2).join(" ");
      host.write("/run/keys/changed", `[127.0.0.1]:8722 ${other}\n`);
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
        host.write("/etc/disco/client/cmds/ssh", command);
        const refused = await scene.danceFrom(...server);
        assertEquals([refused.code, host.exists("/etc/b")], [1, false], command);
        assertStringIncludes(refused.stderr, why);
        assertStringIncludes(refused.stderr, hint);
      }

      host.write("/etc/disco/client/cmds/ssh", known);
      const { code, stderr } = await scene.danceFrom(...server);
      assertEquals([code, host.read("/etc/b")], [0, "b\n"], stderr);
      assertEquals(host.mounts(), before);
    },
  );

  it("does not change a host between a dry run and its next", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    const server = await serve(host, GIVEN);
    const before = stateOf(host);
    for (let round = 0; round < 2; round++) {
      await scene.danceFrom("--noop", "--server", server, "--node", "n").ok();
      await assertUnchanged(host, before);
    }
    await scene.danceFrom("--server", server, "--node", "n").ok();
    await assertNothingLeft(host, before);
  });
});

/** Start sshd in the host for `root` and whoever has a home; the ssh that knows its own key. */
async function serveSsh(host: ThrowawayHost): Promise<string> {
  const setUp = [
    "mkdir -p /run/sshd /run/keys; cd /run/keys",
    "for key in host client; do ssh-keygen -q -t ed25519 -N '' -f $key; done",
    'echo "[127.0.0.1]:8722 $(cut -d" " -f1,2 host.pub)" >known',
  ];
  await host.run(["sh", "-ec", setUp.join("\n")]);
  const options = [
    ...["HostKey=/run/keys/host", "AuthorizedKeysFile=/run/keys/client.pub", "UsePAM=no"],
    ...["StrictModes=no", "PidFile=none", "ListenAddress=127.0.0.1", "Port=8722"],
    "PermitRootLogin=prohibit-password",
  ].flatMap((option) => ["-o", option]);
  host.spawn([SSHD, "-D", "-e", "-f", "/dev/null", ...options]);
  await answers(host, "8722");
  return "ssh -F none -i /run/keys/client -o GlobalKnownHostsFile=none -o BatchMode=yes";
}
