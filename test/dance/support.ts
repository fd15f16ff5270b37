/**
 * What tests of dances share besides the scene: programs that hosts get, and looks at results.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { it } from "@std/testing/bdd";
import type { Result } from "../../mod.ts";
import { compareTrees, type ThrowawayHost, type Tree } from "../host/mod.ts";

/** The universe of the tests, as hosts see it too. */
export const UNIVERSE = fromFileUrl(new URL("../universe", import.meta.url));

/** "type mode owner:group" of a path of the host, as numbers. */
export function attributes(host: ThrowawayHost, path: string): string | undefined {
  const stat = host.lstat(path);
  return stat && `${stat.type} ${stat.mode.toString(8).padStart(4, "0")} ${stat.uid}:${stat.gid}`;
}

/** What a dance says of its changes, without the time at which it wrote them. */
export function changesOf({ changes }: Result): unknown[] {
  return changes.map((change) => ({
    ...change,
    after: change.after && { ...change.after, mtime: "" },
  }));
}

/** The paths of the changes. */
export function pathsOf({ changes }: Result): string[] {
  return changes.map(({ path }) => path);
}

/** Put a program into the host that writes down how it was called, a line each, in `/run/calls`. */
export function stub(host: ThrowawayHost, path: string, more = ""): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  host.write(path, `#!/bin/sh\necho "${name} $*" >>/run/calls\n${more}`, 0o755);
}

/** How the {@linkcode stub}s were called. */
export function calls(host: ThrowawayHost): string[] {
  return host.exists("/run/calls") ? host.read("/run/calls").trimEnd().split("\n") : [];
}

/** Paths that differ in more than these fields, printed as a tree prints them. */
export function differing(
  before: Tree,
  after: Tree,
  apart: readonly string[] = ["mtime"],
): string[] {
  const only = new RegExp(`: (${apart.join("|")}) \\S+ -> \\S+$`);
  const lines = compareTrees(before, after).filter((line) => !only.test(line));
  return [...new Set(lines.map((line) => line.replace(/: .*$/s, "")))].sort();
}

/** Programs of the host that the universe of the tests asks for: the same on every machine. */
export function stubServices(host: ThrowawayHost): void {
  const wants = "/etc/systemd/system/multi-user.target.wants";
  stub(
    host,
    "/usr/bin/systemctl",
    `[ "$1" != enable ] || { mkdir -p ${wants} && ln -s "/etc/systemd/system/$2" ${wants}; }\n`,
  );
  stub(host, "/usr/sbin/service");
  stub(host, "/usr/sbin/sysctl");
  // The real one runs hooks of packages, which write times into what they make.
  host.write(
    "/usr/sbin/update-ca-certificates",
    "#!/bin/sh\nln -s /usr/local/share/ca-certificates/example-root.crt /etc/ssl/certs/example-root.pem\n",
    0o755,
  );
}

/** Serve a folder of the host by an rsync daemon in the host; the address of its module. */
export async function serve(
  host: ThrowawayHost,
  folder: string,
  ...more: string[]
): Promise<string> {
  // The host's network is its own: nobody else can have the port.
  const port = "8730";
  const config = ["use chroot = no", "uid = 0", "gid = 0", "lock file = /run/rsyncd.lock"];
  host.write("/run/rsyncd.conf", [...config, "[disco]", `path = ${folder}`, ""].join("\n"));
  const argv = ["rsync", "--daemon", "--no-detach", "--config=/run/rsyncd.conf"];
  const daemon = host.spawn([...argv, `--port=${port}`, ...more], { timeout: 300_000 });
  await daemon.pid();
  await answers(host, port);
  return `rsync://127.0.0.1:${port}/disco`;
}

/** Wait until something in the host listens on a port. */
export async function answers(host: ThrowawayHost, port: string): Promise<void> {
  const attempt = `exec 3<>/dev/tcp/127.0.0.1/${port}`;
  await host.run(["bash", "-c", `until (${attempt}) 2>/dev/null; do sleep 0.02; done`]);
}

/** As `it`, and skipped where the machine, and with it a host, has no such program. */
export function itWith(program: string): typeof it | typeof it.ignore {
  try {
    Deno.statSync(program);
    return it;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return it.ignore;
    throw error;
  }
}
