/**
 * Whether virtual machines run at the processor's own speed here.
 *
 * @module
 */
import { join } from "@std/path";
import type { Image } from "./image.ts";

const PATIENCE_MS = 20_000;

/** "kvm" if the image's kernel really boots with it: a /dev/kvm alone does not say so. */
export async function accelerator(image: Image): Promise<"kvm" | "tcg"> {
  return await bootsWithKvm(image) ? "kvm" : "tcg";
}

async function bootsWithKvm({ kernel, initrd }: Image): Promise<boolean> {
  const folder = Deno.makeTempDirSync({ prefix: "disco-machine-" });
  const log = join(folder, "console");
  const qemu = new Deno.Command("qemu-system-x86_64", {
    args: [
      ...["-nodefaults", "-display", "none", "-no-reboot", "-accel", "kvm", "-cpu", "host"],
      ...["-m", "512", "-kernel", kernel, "-initrd", initrd, "-serial", `file:${log}`],
      ...["-append", "console=ttyS0 panic=-1"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let hasEnded = false;
  const ended = qemu.status.then(() => hasEnded = true);
  try {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && !hasEnded;) {
      await new Promise((done) => setTimeout(done, 200));
      if (textOf(log).includes("Run /init as init process")) return true;
    }
    return false;
  } finally {
    if (!hasEnded) qemu.kill("SIGKILL");
    await ended;
    Deno.removeSync(folder, { recursive: true });
  }
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
