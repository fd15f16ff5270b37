/**
 * What is in a compressed file, piece by piece: gzip's by the runtime, others by the programs of their
 * formats, between walls, for a ball has made the file.
 *
 * @module
 */
import { killGroup } from "../process/kill_group.ts";
import { findProgram } from "../process/find_program.ts";
import { ACCOUNTS, spawnWalled, type Walls } from "../walled/mod.ts";

/** How a format begins, and what unpacks it from its standard input. */
const FORMATS: readonly (readonly [start: readonly number[], argv: readonly string[]])[] = [
  // RFC 1952.
  [[0x1f, 0x8b], []],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], ["xz", "--decompress", "--stdout"]],
  // RFC 8878.
  [[0x28, 0xb5, 0x2f, 0xfd], ["zstd", "--decompress", "--stdout"]],
  [[0x42, 0x5a, 0x68], ["bzip2", "--decompress", "--stdout"]],
  [[0x04, 0x22, 0x4d, 0x18], ["lz4", "-d", "-c"]],
];

/** Bytes of a file that tell its format. */
export const LONGEST_START = Math.max(...FORMATS.map(([start]) => start.length));

/** Bytes of memory: xz and zstd can ask for more, and then unpack nothing. */
const MEMORY = 1 << 30;
const WALLS: Walls = {
  account: ACCOUNTS.unpack,
  system: "programs",
  mounts: [],
  network: false,
  readsAll: false,
  env: { LC_ALL: "C" },
  limits: { data: MEMORY },
};

type Pieces = Iterable<Uint8Array<ArrayBuffer>>;

/**
 * Use what is in a compressed file, up to where it cannot be unpacked; undefined where it is none that
 * is known, or the node has not the format's program.
 */
export async function withUnpacked<T>(
  start: Uint8Array,
  pieces: Pieces,
  use: (unpacked: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T | undefined> {
  const format = FORMATS.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (format === undefined) return undefined;
  const [, [program, ...options]] = format;
  if (program === undefined) {
    const stream = new DecompressionStream("gzip");
    return await use(whole(ReadableStream.from(pieces).pipeThrough(stream)));
  }
  const path = findProgram(program);
  return path === undefined ? undefined : await through([path, ...options], pieces, use);
}

async function through<T>(
  argv: readonly string[],
  pieces: Pieces,
  use: (unpacked: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const stdio = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  const child = spawnWalled(WALLS, argv, `"${argv[0]}"`, stdio);
  // It may end before it has read all, and is ended when enough is known.
  const given = ReadableStream.from(pieces).pipeTo(child.stdin).catch(() => {});
  try {
    return await use(child.stdout);
  } finally {
    killGroup(child.pid);
    await Promise.all([child.status, given, child.stdout.cancel().catch(() => {})]);
  }
}

/** Until what the stream throws for data that is not its format's. */
async function* whole(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
