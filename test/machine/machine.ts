/**
 * A virtual machine with a real kernel and systemd, on which DISCO may do what it likes.
 *
 * @module
 */
import { join } from "@std/path";
import { run } from "../../lib/process/run.ts";
import { accelerator } from "./accelerator.ts";
import { type Image, imageOf } from "./image.ts";
import { Lines } from "./lines.ts";
import { makeProductDisk, PRODUCT } from "./product.ts";
import { Qemu, socketsOf } from "./qemu.ts";
import type { Suite } from "./suites.ts";

/** How a command in the machine ended; 124 and 137 also mean that it took too long. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to give a command besides its arguments. */
export interface ExecOptions {
  readonly stdin?: string;
  /** Seconds after which it is killed. Emulation is slow: ten times the time of a real machine. */
  readonly seconds?: number;
}

const BOOT_MS = 15 * 60_000;

/** A machine of its own for a test: its disk starts as the image is. */
export class Machine implements AsyncDisposable {
  readonly #image: Image;
  readonly #folder: string;
  readonly accelerator: "kvm" | "tcg";
  #qemu!: Qemu;
  #agent!: Lines;
  #boot = "";
  #commands = 0;

  private constructor(image: Image, folder: string, accelerator: "kvm" | "tcg") {
    this.#image = image;
    this.#folder = folder;
    this.accelerator = accelerator;
  }

  /** Boot a system and put the program of this checkout onto it. */
  static async boot(suite: Suite): Promise<Machine> {
    const image = await imageOf(suite);
    const folder = Deno.makeTempDirSync({ prefix: "disco-machine-" });
    const machine = new Machine(image, folder, await accelerator(image));
    try {
      await makeProductDisk(join(folder, "product"));
      await run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw"].concat(
        ["-b", image.disk, join(folder, "disk")],
      ));
      await machine.#start();
      await machine.run(["mount", "-o", "ro", "/dev/vdb", "/mnt"]);
      await machine.run(["cp", "-r", "/mnt", PRODUCT], { seconds: 300 });
      await machine.run(["umount", "/mnt"]);
      await machine.run(["sync"]);
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Run a command to its end. */
  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<Outcome> {
    const { stdin = "", seconds = 180 } = options;
    const id = `${++this.#commands}`;
    const words = argv.map((word) => `${word}\0`).join("");
    await this.#agent.write([id, seconds, base64(words), base64(stdin)].join(" "));
    const answer = await this.#agent.find((line) => {
      const [first, code = "", stdout = "", stderr = ""] = line.split(" ");
      return first === id ? { code: Number(code), stdout, stderr } : undefined;
    }, (seconds + 60) * 1000);
    if (!answer) throw new Error(`No answer to "${argv.join(" ")}": ${await this.#lastWords()}`);
    return { code: answer.code, stdout: text(answer.stdout), stderr: text(answer.stderr) };
  }

  /** Run a command that must succeed; returns what it printed. */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, options);
    if (code === 0) return stdout;
    throw new Error(`"${argv.join(" ")}" ended with ${code} in the machine: ${stdout}${stderr}`);
  }

  /** Run a script of bash that must succeed. */
  async bash(script: string, ...args: string[]): Promise<string> {
    return await this.run(["bash", "-euc", script, "bash", ...args]);
  }

  /** Run DISCO. */
  async disco(...args: string[]): Promise<Outcome> {
    return await this.exec(["disco", ...args], { seconds: 900 });
  }

  /** Write a file, and the folders on its way. */
  async write(path: string, content: string, mode = "0644"): Promise<void> {
    await this.run(["install", "-D", "-m", mode, "/dev/stdin", path], { stdin: content });
  }

  /** Boot again in an orderly way. */
  async reboot(): Promise<void> {
    await this.#agent.write(`0 60 ${base64("systemctl\0reboot\0")}`);
    await this.#awaitBoot();
  }

  /** Take the power away at this very moment, and boot again. */
  async powerCut(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
  }

  /** Take the power away at this very moment. */
  async powerOff(): Promise<void> {
    await this.#stop();
  }

  /** Boot what is off; its clock can show another time than this machine's. */
  async powerOn(clock?: Date): Promise<void> {
    await this.#start(clock);
  }

  /** Keep the machine as it is now, memory and disk, for {@linkcode restore}. */
  async save(): Promise<void> {
    await this.#monitor("savevm kept");
  }

  /** Be as at the last {@linkcode save}, but for the time. */
  async restore(): Promise<void> {
    await this.#monitor("loadvm kept");
    await this.run(["date", "--utc", "--set", new Date().toISOString()]);
    this.#boot = (await this.run(["cat", "/proc/sys/kernel/random/boot_id"])).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#qemu) await this.#stop();
    Deno.removeSync(this.#folder, { recursive: true });
  }

  async #start(clock?: Date): Promise<void> {
    const { agent, console } = socketsOf(this.#folder);
    Deno.writeTextFileSync(console, "");
    this.#qemu = new Qemu({
      image: this.#image,
      disk: join(this.#folder, "disk"),
      product: join(this.#folder, "product"),
      folder: this.#folder,
      accelerator: this.accelerator,
      ...clock && { clock },
    });
    this.#agent = await Lines.connect(agent, 20_000);
    await this.#awaitBoot();
  }

  async #stop(): Promise<void> {
    this.#agent?.[Symbol.dispose]();
    await this.#qemu.kill();
    for (const socket of ["agent", "monitor"]) {
      await Deno.remove(join(this.#folder, socket)).catch(() => {});
    }
  }

  async #awaitBoot(): Promise<void> {
    const boot = await this.#agent.find((line) => {
      const [, boot] = /^ready (\S+)$/.exec(line) ?? [];
      return boot === this.#boot ? undefined : boot;
    }, BOOT_MS);
    if (!boot) throw new Error(`The machine did not boot: ${await this.#lastWords()}`);
    this.#boot = boot;
  }

  async #monitor(command: string): Promise<void> {
    using monitor = await Lines.connect(socketsOf(this.#folder).monitor, 20_000);
    const ask = async (execute: string, args = {}) => {
      await monitor.write(JSON.stringify({ execute, arguments: args }));
      return await monitor.find((line) => {
        const message = JSON.parse(line);
        return "return" in message || "error" in message ? message : undefined;
      }, 120_000);
    };
    await ask("qmp_capabilities");
    const answer = await ask("human-monitor-command", { "command-line": command });
    if (answer?.return !== "") throw new Error(`Cannot ${command}: ${JSON.stringify(answer)}`);
  }

  async #lastWords(): Promise<string> {
    const console = Deno.readTextFileSync(socketsOf(this.#folder).console).slice(-2000);
    const complaints = await this.#qemu.complaints(2000);
    const ended = complaints === undefined ? "" : `qemu has ended (${complaints.trim()}); `;
    return `${ended}its console ends with:\n${console}`;
  }
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function text(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}
