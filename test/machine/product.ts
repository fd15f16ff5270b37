/**
 * DISCO as it is delivered to a node: the bundle, and Deno, on a disk.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { run } from "../../lib/process/run.ts";

const BUNDLE = fromFileUrl(new URL("../../tasks/bundle.ts", import.meta.url));

/** Where the guest has it; `disco` in its PATH starts it. */
export const PRODUCT = "/usr/local/lib/disco";

/** Make an ext4 image at `path` with the program of this checkout. */
export async function makeProductDisk(path: string): Promise<void> {
  const folder = `${path}.d`;
  await run([Deno.execPath(), "run", "-A", BUNDLE, "--quiet", "--output", join(folder, "product")]);
  await run(["cp", "--", Deno.execPath(), join(folder, "product/deno")]);
  await run(["truncate", "-s", "400M", path]);
  await run(["mkfs.ext4", "-q", "-d", join(folder, "product"), path]);
  await run(["rm", "-rf", folder]);
}
