/**
 * A process of qemu: it ends with the test, whatever becomes of the test.
 *
 * @module
 */
import { join } from "@std/path";
import type { Image } from "./image.ts";

/** What differs between one start and the next. */
export interface QemuOptions {
  readonly image: Image;
  /** The writable disk, a qcow2 file on top of the image's. */
  readonly disk: string;
  /** A read-only disk with the program under test. */
  readonly product: string;
  /** Where the sockets and the log of the console are made. */
  readonly folder: string;
  readonly accelerator: "kvm" | "tcg";
  /** What its clock shows at the start; else the time. */
  readonly clock?: Date;
}

/** Kills qemu when the test lets go of standard input, on purpose or because it has died. */
const HOLDER = `exec 3<&0
"$@" </dev/null 3<&- &
qemu=$!
(read -r _ <&3; kill -KILL $qemu) &
wait $qemu
code=$?
kill $! 2>/dev/null
exit $code`;

/** A running virtual machine, seen from outside. */
export class Qemu implements AsyncDisposable {
  readonly #holder: Deno.ChildProcess;
  readonly #ended: Promise<string>;
  #hasEnded = false;

  constructor(readonly options: QemuOptions) {
    this.#holder = new Deno.Command("bash", {
      args: ["-c", HOLDER, "bash", ...qemuArgv(options)],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#ended = this.#holder.output().then(({ code, stderr }) => {
      this.#hasEnded = true;
      return `code ${code}: ${new TextDecoder().decode(stderr)}`;
    });
  }

  /** How it ended, and what it complained about; undefined while it runs. */
  async complaints(milliseconds: number): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    try {
      return await Promise.race([this.#ended, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Pull the plug: what the guest has not flushed to its disk is lost. */
  async kill(): Promise<void> {
    if (!this.#hasEnded) await this.#holder.stdin.close().catch(() => {});
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** The paths of what qemu makes in its folder. */
export function socketsOf(folder: string): { agent: string; monitor: string; console: string } {
  return {
    agent: join(folder, "agent"),
    monitor: join(folder, "monitor"),
    console: join(folder, "console"),
  };
}

function qemuArgv(options: QemuOptions): string[] {
  const { image, disk, product, folder, accelerator, clock } = options;
  const { agent, monitor, console } = socketsOf(folder);
  const port = "org.disco.agent";
  return [
    ...["qemu-system-x86_64", "-nodefaults", "-display", "none", "-nic", "none"],
    ...["-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : "max", "-smp", "1"],
    ...["-m", "1024", "-kernel", image.kernel, "-initrd", image.initrd],
    ...["-append", "root=/dev/vda rw console=ttyS0 quiet mitigations=off"],
    ...["-rtc", `base=${clock?.toISOString().slice(0, 19) ?? "utc"}`],
    ...["-drive", `file=${disk},format=qcow2,if=virtio`],
    ...["-drive", `file=${product},format=raw,if=virtio,read-only=on`],
    ...["-serial", `file:${console}`],
    ...["-device", "virtio-serial", "-device", `virtserialport,chardev=agent,name=${port}`],
    ...["-chardev", `socket,id=agent,path=${agent},server=on,wait=off`],
    ...["-qmp", `unix:${monitor},server=on,wait=off`],
  ];
}
