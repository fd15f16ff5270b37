/**
 * The processes and namespaces of a throw-away host: start them, end them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { lstat, mknod } from "../../lib/posix/mod.ts";

/** File systems that a host's root, or an image mounted in it, can have. */
export type ImageType = "ext4" | "xfs" | "btrfs";

/** What a host's root can be. */
export const ROOT_TYPES = ["tmpfs", "overlay", "ext4", "xfs", "btrfs"] as const;

/** One of them. */
export type RootType = typeof ROOT_TYPES[number];

/** The smallest image (MiB) that each file system's tools make without a fuss. */
export const IMAGE_SIZE: Record<ImageType, number> = { ext4: 64, xfs: 320, btrfs: 128 };

/** What to build. */
export interface HolderOptions {
  readonly root: RootType;
  /** Fully qualified. */
  readonly hostname: string;
  /** Folders (or files) of the machine that the host sees, read-only, at the same path. */
  readonly folders: readonly string[];
}

/** A host that is running. */
export interface Holder {
  /** Its own word, unlike that of any other host. */
  readonly id: string;
  /** Process 1 of the host, as the machine counts. */
  readonly pid: number;
  /** Its cgroup in the machine's tree, or empty where there is no cgroup 2 to write to. */
  readonly cgroup: string;
  /** End every process and mount of it; resolves when they are gone. */
  stop(): Promise<void>;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const LOOP_DEVICES = 32;
let count = 0;

/** Start a host; rejects with what its set-up printed if that fails. */
export async function startHolder(options: HolderOptions): Promise<Holder> {
  const id = `disco-host-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}-${++count}`;
  const cgroup = cgroupFor(id);
  const image = options.root === "tmpfs" || options.root === "overlay"
    ? 0
    : 2 * IMAGE_SIZE[options.root];
  const child = new Deno.Command("sh", {
    args: [
      fromFileUrl(new URL("hold.sh", import.meta.url)),
      ...[cgroup, "2g", options.root, `${image}m`, options.hostname, id],
      ...options.folders,
    ],
    clearEnv: true,
    env: { PATH },
    cwd: "/",
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const pid = await readPid(child);
  makeLoopNodes(pid);
  await isHolding(pid);
  return { id, pid, cgroup, stop: () => stop(id, pid, child) };
}

async function readPid(child: Deno.ChildProcess): Promise<number> {
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    const pid = /^ready ([0-9]+)$/m.exec(said)?.[1];
    if (pid) return Number(pid);
  }
  const why = await new Response(child.stderr).text();
  await child.stdin.close();
  await child.status;
  throw new Error(`Cannot start a throw-away host: ${why.trim()}`);
}

/** The set-up says that it is ready just before it becomes the program that waits for the end. */
async function isHolding(pid: number): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (Deno.readTextFileSync(`/proc/${pid}/cmdline`) === "/bin/cat\0") return;
    await new Promise((done) => setTimeout(done, 2));
  }
  throw new Error("Cannot start a throw-away host: its process 1 does not wait");
}

async function stop(id: string, pid: number, child: Deno.ChildProcess): Promise<void> {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Promise.all([child.stderr.cancel(), child.stdin.abort(), child.status]);
  // The kernel lets go of loop devices a moment after the last mount.
  for (let i = 0; loopDevices(id).length > 0; i++) {
    if (i === 500) throw new Error(`Cannot end "${id}": a loop device is still in use`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** The loop devices of the machine that hold an image of this host. */
export function loopDevices(id: string): string[] {
  return [...Deno.readDirSync("/sys/block")].map(({ name }) => name).filter((name) => {
    if (!name.startsWith("loop")) return false;
    try {
      return Deno.readTextFileSync(`/sys/block/${name}/loop/backing_file`).includes(id);
    } catch (error) {
      // Not in use, or (ENODEV) just let go of.
      const { code } = error as { code?: string };
      if (code === "ENOENT" || code === "ENODEV") return false;
      throw error;
    }
  });
}

/** New loop devices appear in the machine's /dev only: make their nodes beforehand. */
function makeLoopNodes(pid: number): void {
  for (let n = 0; n < LOOP_DEVICES; n++) {
    const path = `/proc/${pid}/root/dev/loop${n}`;
    if (!lstat(path)) mknod(path, "block", 0o660, `7:${n}`);
  }
}

/** A folder below the test process's own cgroup, which exists where cgroup 2 is writable. */
function cgroupFor(id: string): string {
  const mount = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").find((line) =>
    line.includes(" - cgroup2 ")
  );
  const own = /^0::(.*)$/m.exec(Deno.readTextFileSync("/proc/self/cgroup"))?.[1];
  const [, , , root, folder, flags] = mount?.split(" ") ?? [];
  if (own === undefined || root !== "/" || !flags?.split(",").includes("rw")) return "";
  return `${folder}${own === "/" ? "" : own}/${id}`;
}
