/**
 * An ssh server on the loopback with keys of its own, for as long as a test needs it.
 *
 * @module
 */
import { join } from "@std/path";
import { run } from "../../lib/process/run.ts";
import { answers, freePort } from "./rsync_daemon.ts";

/** A running server; dispose of it with `await using`. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  /** A value for `disco/client/cmds/ssh`: a client that knows the server and its own key. */
  readonly command: string;
  readonly user: string;
}

/** Why there can be no ssh server here; undefined when there can. */
export function noSshServer(): string | undefined {
  if (Deno.uid() !== 0) return "sshd needs root";
  try {
    Deno.statSync("/usr/sbin/sshd");
  } catch {
    return "sshd is not installed";
  }
  return undefined;
}

/** Start a server that lets root in by a key made for it. */
export async function sshServer(): Promise<SshServer> {
  const temp = Deno.makeTempDirSync({ prefix: "disco-sshd-" });
  const at = (name: string) => join(temp, name);
  const port = freePort();
  for (const key of ["host", "client"]) {
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", at(key)]);
  }
  Deno.copyFileSync(at("client.pub"), at("authorized"));
  const hostKey = Deno.readTextFileSync(at("host.pub")).split(" ").slice(0, 2).join(" ");
  Deno.writeTextFileSync(at("known"), `[127.0.0.1]:${port} ${hostKey}\n`);
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("authorized")}`,
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "",
  ];
  Deno.writeTextFileSync(at("config"), config.join("\n"));
  // sshd wants a folder in /run, which a private mount namespace can give it.
  const inside = 'mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$@"';
  const child = new Deno.Command("unshare", {
    args: [
      ...["--mount", "--propagation", "private", "sh", "-c", inside, "sh"],
      ...["/usr/sbin/sshd", "-D", "-e", "-f", at("config")],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await answers(port, child);
  return {
    port,
    user: "root",
    command: `ssh -F none -i ${at("client")} -o IdentitiesOnly=yes ` +
      `-o UserKnownHostsFile=${at("known")} -o GlobalKnownHostsFile=none`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      Deno.removeSync(temp, { recursive: true });
    },
  };
}
