/**
 * System calls of a program: which it makes, and what becomes of it when one of them goes wrong.
 *
 * @module
 */

/** The n-th call of this name on the program's main thread. */
export interface Point {
  readonly call: string;
  readonly k: number;
  /** As strace printed it. */
  readonly text: string;
}

/** How a program ended that was disturbed. */
export interface Ending {
  readonly killed: boolean;
  readonly code: number;
  readonly stdout: string;
}

/** Calls that change a file system, or make a change durable; openat only with O_CREAT. */
const CHANGING = [
  ...["openat", "mkdir", "mkdirat", "symlink", "symlinkat", "mknod", "mknodat", "link", "linkat"],
  ...["rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "write", "pwrite64"],
  ...["copy_file_range", "sendfile", "ftruncate", "chown", "lchown", "fchown", "fchownat"],
  ...["chmod", "fchmod", "fchmodat", "utimensat", "setxattr", "lsetxattr", "fsetxattr"],
  ...["removexattr", "lremovexattr", "fremovexattr", "fsync", "fdatasync", "syncfs"],
];

/** A program looks at these two paths before and after what is to be disturbed. */
export const [BEGIN, END] = ["/fault-begins", "/fault-ends"];

const TRACE = "/run/faults/trace";

/** Run a program to its end, and list the changing calls between its marks. */
export function tracePoints(argv: readonly string[]): Point[] {
  const looks = ["stat", "lstat", "statx", "newfstatat"];
  const { code, stdout } = strace(["-o", TRACE, "-e", `trace=${[...CHANGING, ...looks]}`], argv);
  if (code !== 0) throw new Error(`${argv.join(" ")} failed: ${stdout}`);
  const lines = Deno.readTextFileSync(TRACE).split("\n");
  const main = lines[0]!.split(" ")[0]!;
  const counts = new Map<string, number>();
  const points: Point[] = [];
  let isInside = false;
  for (const line of lines) {
    const [, thread, call = "", rest = ""] = /^(\d+) +(\w+)\((.*)/.exec(line) ?? [];
    if (thread !== main) continue;
    if (rest.includes(BEGIN!)) isInside = true;
    if (rest.includes(END!)) isInside = false;
    const k = (counts.get(call) ?? 0) + 1;
    counts.set(call, k);
    if (!isInside || !CHANGING.includes(call)) continue;
    if (call === "openat" && !rest.includes("O_CREAT")) continue;
    points.push({ call, k, text: `${call}(${rest.slice(0, 160)}` });
  }
  return points;
}

/** Run a program that is killed where it enters the call. */
export function killAt({ call, k }: Point, argv: readonly string[]): Ending {
  return inject(call, `signal=KILL:when=${k}`, argv);
}

/** Run a program for which the call fails. */
export function failAt({ call, k }: Point, error: string, argv: readonly string[]): Ending {
  return inject(call, `error=${error}:when=${k}`, argv);
}

function inject(call: string, what: string, argv: readonly string[]): Ending {
  return strace(["-o", "/dev/null", "-e", `trace=${call}`, `--inject=${call}:${what}`], argv);
}

function strace(options: readonly string[], argv: readonly string[]): Ending {
  const { code, signal, stdout, stderr } = new Deno.Command("strace", {
    args: ["-f", "-qq", ...options, ...argv],
    stdin: "null",
  }).outputSync();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { killed: signal === "SIGKILL", code, stdout: decode(stdout) + decode(stderr) };
}
