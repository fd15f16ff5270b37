/**
 * Disk images of Debian systems: made once, then kept.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { run } from "../../lib/process/run.ts";
import { PACKAGES, type Suite } from "./suites.ts";

/** What a virtual machine is booted from; none of it is ever written again. */
export interface Image {
  /** An ext4 file system, without a partition table. */
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

const GUEST = fromFileUrl(new URL("guest", import.meta.url));
const SIZE = "3G";

/** The image of a system: from the cache, or made, which takes minutes and a Debian mirror. */
export async function imageOf(suite: Suite): Promise<Image> {
  const folder = join(cacheFolder(), `${suite.suite}-${await fingerprint(suite)}`);
  const image = {
    disk: join(folder, "disk"),
    kernel: join(folder, "kernel"),
    initrd: join(folder, "initrd"),
  };
  if (exists(folder)) return image;
  using _lock = await lock(cacheFolder());
  if (!exists(folder)) await build(suite, folder);
  return image;
}

/** `$DISCO_MACHINE_CACHE`, else `disco-machine` in the user's cache. */
export function cacheFolder(): string {
  const own = Deno.env.get("DISCO_MACHINE_CACHE");
  if (own) return own;
  const home = Deno.env.get("HOME") ?? "/root";
  return join(Deno.env.get("XDG_CACHE_HOME") || join(home, ".cache"), "disco-machine");
}

/** Another list of packages or another file for the guest makes another image. */
async function fingerprint({ suite }: Suite): Promise<string> {
  const files = [...walk(GUEST)].sort().map((path) => [path, Deno.readTextFileSync(path)]);
  const text = JSON.stringify([suite, PACKAGES, SIZE, files.map(([, content]) => content)]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex().slice(0, 12);
}

async function build({ suite, title }: Suite, folder: string): Promise<void> {
  console.log(`making an image of ${title} in ${folder} (minutes)`);
  const fresh = Deno.makeTempDirSync({ dir: cacheFolder(), prefix: ".new-" });
  const root = join(fresh, "root");
  const limit = { timeout: 30 * 60_000 };
  try {
    await run([...PRIVATE, ...MMDEBSTRAP, `--include=${PACKAGES.join(",")}`, suite, root], limit);
    for (const [from, to] of [["vmlinuz", "kernel"], ["initrd.img", "initrd"]] as const) {
      await run(["cp", "-L", join(root, from), join(fresh, to)]);
    }
    await run(["truncate", "-s", SIZE, join(fresh, "disk")]);
    await run(["mkfs.ext4", "-q", "-d", root, join(fresh, "disk")], limit);
    await run(["rm", "-rf", root], limit);
    Deno.renameSync(fresh, folder);
  } catch (error) {
    await run(["rm", "-rf", fresh], limit);
    throw error;
  }
}

/** Nobody logs in, and nothing may happen by the clock while a test looks. */
const UNWANTED = [
  ...["getty@tty1.service", "serial-getty@ttyS0.service", "apt-daily.timer"],
  ...["apt-daily-upgrade.timer", "e2scrub_all.timer", "fstrim.timer", "dpkg-db-backup.timer"],
];

/** What mmdebstrap mounts is gone with it, however it ends. */
const PRIVATE = ["unshare", "--mount", "--propagation", "private", "--"];

const MMDEBSTRAP = [
  ...["nice", "mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--format=directory"],
  ...["doc", "man", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
  "--dpkgopt=force-unsafe-io",
  // Before the kernel is installed, which makes the initial RAM disk.
  `--essential-hook=cp -r '${GUEST}/.' "$1"`,
  '--customize-hook=chroot "$1" systemctl enable disco-agent',
  `--customize-hook=chroot "$1" systemctl mask ${UNWANTED.join(" ")}`,
  '--customize-hook=chroot "$1" systemd-machine-id-setup',
];

function* walk(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* walk(path);
    else yield path;
  }
}

/** One builder at a time. */
async function lock(folder: string): Promise<Disposable> {
  Deno.mkdirSync(folder, { recursive: true });
  const file = await Deno.open(join(folder, ".lock"), { create: true, write: true });
  await file.lock(true);
  return file;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
