/**
 * The throw-away host: a machine to be configured, broken and rolled back, that is gone when the
 * test ends and cannot reach the real one.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { V8_FLAGS } from "../../lib/program/v8_flags.ts";
import type { Stat } from "../../lib/posix/mod.ts";
import { builtDisco } from "./built_disco.ts";
import { type Entry, readEntry } from "./entry.ts";
import { RootFiles } from "./files.ts";
import {
  type Holder,
  IMAGE_SIZE,
  type ImageType,
  ROOT_TYPES,
  type RootType,
  startHolder,
} from "./holder.ts";
import { withImage } from "./image.ts";
import { type ExecOptions, type Outcome, type Running, start } from "./process.ts";
import { type HostProcess, PRINT_KERNEL_STATE, readMounts, readProcesses } from "./state.ts";
import { readTree, type Store, type Tree } from "./tree.ts";

/** What kind of host. */
export interface HostOptions {
  /**
   * What its root is: `tmpfs` is the machine's own root under an overlay whose upper layer is in
   * memory, and that behaves as an ordinary file system; `overlay` the same as a container has it,
   * where directories of the image cannot be renamed and a change gives a file another inode; the
   * others are a small root of that file system, with an overlay on `/usr`. What `DISCO_TEST_ROOT`
   * says, or `tmpfs`, unless told.
   */
  readonly root?: RootType;
  /** Fully qualified; `node.example.net` unless told. */
  readonly hostname?: string;
}

const PROJECT = fromFileUrl(new URL("../..", import.meta.url)).replace(/\/$/, "");
let denoDir: string | undefined;

/** Start a host: `await using host = await throwawayHost()`. */
export async function throwawayHost(options: HostOptions = {}): Promise<ThrowawayHost> {
  const { root = defaultRoot(), hostname = "node.example.net" } = options;
  const folders = [PROJECT, findDenoDir(), Deno.execPath()];
  const disco = await builtDisco();
  return new ThrowawayHost(await startHolder({ root, hostname, folders }), root, disco);
}

function defaultRoot(): RootType {
  const wish = Deno.env.get("DISCO_TEST_ROOT") ?? "tmpfs";
  const known = ROOT_TYPES.find((type) => type === wish);
  if (known) return known;
  throw new Error(`Cannot use DISCO_TEST_ROOT="${wish}": expected ${ROOT_TYPES.join(", ")}`);
}

/** A running host. Its project folder and Deno's cache are the machine's, read-only. */
export class ThrowawayHost implements AsyncDisposable {
  /** Its word of its own, in the names of its images and its cgroup. */
  readonly id: string;
  /** Its process 1, as the machine counts. */
  readonly pid: number;
  readonly #holder: Holder;
  readonly #files: RootFiles;
  readonly #stores: Store[];
  readonly #running = new Set<Promise<unknown>>();

  readonly #disco: string;

  constructor(holder: Holder, root: RootType, disco: string) {
    this.#holder = holder;
    this.#disco = disco;
    this.id = holder.id;
    this.pid = holder.pid;
    this.#files = new RootFiles(`/proc/${holder.pid}/root`);
    this.#stores = storesOf(holder.pid, root);
  }

  /** Run a program to its end, however it ends. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<Outcome> {
    return this.spawn(argv, options).outcome;
  }

  /** Run a program that must succeed; resolves to what it printed. */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    const { code, signal, stdout, stderr } = await this.exec(argv, options);
    if (code === 0) return stdout;
    throw new Error(`"${argv.join(" ")}" ended with ${signal ?? code}: ${stderr || stdout}`);
  }

  /** Start a program. */
  spawn(argv: readonly string[], options: ExecOptions = {}): Running {
    const env = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/root",
      LANG: "C.UTF-8",
      DENO_DIR: findDenoDir(),
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      ...options.env,
    };
    const running = start(this.#holder, argv, { ...options, env });
    const ended = running.outcome.catch(() => {}).finally(() => this.#running.delete(ended));
    this.#running.add(ended);
    return running;
  }

  /** Run `disco ...args`. */
  disco(...args: string[]): Promise<Outcome> {
    return this.exec(this.discoArgv(...args), { timeout: 600_000 });
  }

  /** The argument list of `disco ...args`, for `exec` or `spawn` with options. */
  discoArgv(...args: string[]): string[] {
    return [Deno.execPath(), "run", "-A", V8_FLAGS, this.#disco, ...args];
  }

  /** Write a file of exactly this mode, and the directories on the way to it. */
  write(path: string, content: string | Uint8Array<ArrayBuffer>, mode?: number): void {
    this.#files.write(path, content, mode);
  }

  /** Make a directory, and those on the way to it, where they do not exist. */
  mkdir(path: string, mode?: number): void {
    this.#files.mkdir(path, mode);
  }

  /** Remove a file, or a directory with everything in it, if it is there. */
  remove(path: string): void {
    this.#files.remove(path);
  }

  /** The text of a file. */
  read(path: string): string {
    return new TextDecoder().decode(this.readBytes(path));
  }

  /** The content of a file. */
  readBytes(path: string): Uint8Array<ArrayBuffer> {
    return this.#files.readBytes(path);
  }

  /** The target of a symbolic link. */
  readlink(path: string): string {
    return this.#files.readlink(path);
  }

  /** Whether there is anything, be it a dangling link. */
  exists(path: string): boolean {
    return this.lstat(path) !== undefined;
  }

  /** Metadata, or undefined where nothing is. */
  lstat(path: string): Stat | undefined {
    return this.#files.lstat(path);
  }

  /** Everything of a path on whose way there is no symbolic link, or undefined where nothing is. */
  entry(path: string): Entry | undefined {
    return readEntry(`/proc/${this.pid}/root${path}`);
  }

  /**
   * Every file the host sees, on all its disks (`/run`, `/tmp` and the like are none). DISCO's own
   * state is left out unless `exclude` says otherwise; create `/var/disco` before the first tree,
   * or `/var` itself will have changed.
   */
  tree(exclude: readonly string[] = ["/var/disco"]): Tree {
    return readTree(this.#stores, exclude);
  }

  /**
   * What is physically on the host's disks: stricter than `tree`, for here a file that was copied
   * up to the overlay's upper layer and left as it was is a difference too.
   */
  snapshot(exclude: readonly string[] = ["/var/disco"]): Tree {
    const raw = this.#stores.map(({ at, view, layers }) => ({ at, view: layers?.upper ?? view }));
    return readTree(raw, exclude);
  }

  /** Its disks: what `tree` and `snapshot` read. */
  get disks(): readonly Store[] {
    return this.#stores;
  }

  /** Its processes; one that is idle has process 1 only. */
  processes(): HostProcess[] {
    return readProcesses(this.pid);
  }

  /** Its processes once all but process 1 have ended, or after `wait` milliseconds. */
  async settled(wait = 2000): Promise<HostProcess[]> {
    const end = Date.now() + wait;
    while (this.processes().length > 1 && Date.now() < end) {
      await new Promise((done) => setTimeout(done, 5));
    }
    return this.processes();
  }

  /** The lines of its mountinfo. */
  mounts(): string[] {
    return readMounts(this.pid);
  }

  /** Kernel settings of its namespaces, interfaces, addresses, routes and sockets, a line each. */
  async kernel(): Promise<string[]> {
    return (await this.exec(PRINT_KERNEL_STATE)).stdout.trimEnd().split("\n");
  }

  /** Mount a new file system on a loop device at `path`; `options` as for mount(8). */
  async mountImage(
    path: string,
    type: ImageType,
    { size = IMAGE_SIZE[type], options = "rw" }: { size?: number; options?: string } = {},
  ): Promise<void> {
    this.mkdir(path);
    await withImage(this.id, type, size, async (device) => {
      await this.run(["mount", "-t", type, "-o", options, device, path]);
    });
    this.#stores.push({ at: path, view: `/proc/${this.pid}/root${path}` });
  }

  /** End the host; resolves when nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder.stop();
    await Promise.all(this.#running);
  }
}

/** The descriptors that build.sh left in process 1. */
function storesOf(pid: number, root: RootType): Store[] {
  const fd = (n: number) => `/proc/${pid}/fd/${n}`;
  const overlay = (at: string, view: number, lower: number, upper: string) => (
    { at, view: fd(view), layers: { upper: `${fd(9)}/${upper}`, lower: fd(lower) } }
  );
  if (root === "tmpfs" || root === "overlay") return [overlay("/", 8, 7, "upper")];
  return [{ at: "/", view: fd(8) }, overlay("/usr", 6, 5, "usr-upper")];
}

function findDenoDir(): string {
  if (denoDir) return denoDir;
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return denoDir = JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
