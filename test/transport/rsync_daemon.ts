/**
 * An rsync daemon on the loopback, for as long as a test needs it.
 *
 * @module
 */
import { join } from "@std/path";

/** A running daemon; dispose of it with `await using`. */
export interface RsyncDaemon extends AsyncDisposable {
  readonly port: number;
  /** `rsync://127.0.0.1:port`. */
  readonly host: string;
  /** The address of the module `disco`. */
  readonly uri: string;
}

/**
 * Serve the folder `dir`, read-only, as module `disco`; or each of `modules` (name: folder), which
 * may be nested in one another.
 */
export async function rsyncDaemon(
  dir: string,
  modules: Readonly<Record<string, string>> = { disco: dir },
): Promise<RsyncDaemon> {
  const temp = Deno.makeTempDirSync({ prefix: "disco-rsyncd-" });
  const port = freePort();
  const config = join(temp, "rsyncd.conf");
  Deno.writeTextFileSync(
    config,
    [
      "use chroot = no",
      "reverse lookup = no",
      "socket options = TCP_NODELAY",
      `lock file = ${join(temp, "lock")}`,
      ...(Deno.uid() === 0 ? ["uid = 0", "gid = 0"] : []),
      ...Object.entries(modules).flatMap(([name, path]) => [
        `[${name}]`,
        `path = ${path}`,
        "read only = yes",
      ]),
      "",
    ].join("\n"),
  );
  const child = new Deno.Command("rsync", {
    args: [
      "--daemon",
      "--no-detach",
      `--config=${config}`,
      "--address=127.0.0.1",
      `--port=${port}`,
      `--log-file=${join(temp, "log")}`,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await answers(port, child);
  const host = `rsync://127.0.0.1:${port}`;
  return {
    port,
    host,
    uri: `${host}/disco`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      Deno.removeSync(temp, { recursive: true });
    },
  };
}

/** A port on which nothing listens. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

/** Wait until something listens. */
export async function answers(port: number, child: Deno.ChildProcess): Promise<void> {
  let ended = false;
  child.status.then(() => ended = true);
  for (let attempt = 0; attempt < 200 && !ended; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  if (!ended) child.kill("SIGKILL");
  await child.status;
  throw new Error(`Cannot start a server for a test: nothing answers on port ${port}`);
}
