/**
 * File systems on loop devices, mounted in a throw-away host.
 *
 * @module
 */
import { run } from "../../lib/process/run.ts";
import type { ImageType } from "./holder.ts";

const FORCE: Record<ImageType, string[]> = { ext4: ["-F"], xfs: ["-f"], btrfs: ["-f"] };

/**
 * Make an empty file system of `size` MiB and let `mount` mount its device. The image has no name
 * any more when this returns, and goes with the mount.
 */
export async function withImage(
  id: string,
  type: ImageType,
  size: number,
  mount: (device: string) => Promise<void>,
): Promise<void> {
  const file = Deno.makeTempFileSync({ prefix: `${id}-`, suffix: ".img" });
  try {
    Deno.truncateSync(file, size * 1024 * 1024);
    const device = (await run(["losetup", "--find", "--show", file])).trim();
    try {
      await run([`mkfs.${type}`, "-q", ...FORCE[type], device]);
      await mount(device);
    } finally {
      // While it is mounted this only says that the device is freed by the last unmount.
      await run(["losetup", "--detach", device]);
    }
  } finally {
    Deno.removeSync(file);
  }
}
