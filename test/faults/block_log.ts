/**
 * Every write that a block device gets, in order: a log of qemu's `blklogwrites`, which has the
 * format of the kernel's dm-log-writes (Documentation/admin-guide/device-mapper/log-writes.rst).
 *
 * @module
 */
import { bash } from "../union/child.ts";

const SECTOR = 512;
const FLAGS = { flush: 1, fua: 2, discard: 4 };

/** One request. */
export interface LogEntry {
  /** Offset and length on the device, in bytes. */
  readonly at: number;
  readonly length: number;
  /** Where its data is in the log; nothing for a flush or a discard. */
  readonly data: number;
  readonly isFlush: boolean;
  readonly isDiscard: boolean;
}

/** A log that was read. */
export interface BlockLog {
  readonly file: string;
  readonly entries: readonly LogEntry[];
  /** Entries up to the mark. */
  readonly end: number;
}

/** A device whose writes are logged. */
export interface Recording {
  readonly device: string;
  readonly file: string;
  /** What is logged from now on does not count. */
  mark(): void;
  stop(): Promise<void>;
}

/**
 * Put a device before an image. Without direct I/O the loop device sends one request at a time:
 * qemu before 10 mixes up the data of writes that it gets at once.
 */
export async function startBlockLog(image: string, home: string): Promise<Recording> {
  const [file, mountpoint] = [`${home}/log`, `${home}/exported`];
  bash(`[ -e /dev/fuse ] || mknod -m 600 /dev/fuse c 10 229; : >${file}; : >${mountpoint}`, "/");
  const child = new Deno.Command("qemu-storage-daemon", {
    args: [
      ...["--blockdev", `driver=file,node-name=data,filename=${image}`],
      ...["--blockdev", `driver=file,node-name=log,filename=${file}`],
      ...["--blockdev", "driver=blklogwrites,node-name=logged,file=data,log=log"],
      ...["--export", `type=fuse,id=e,node-name=logged,mountpoint=${mountpoint},writable=on`],
    ],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
  };
  try {
    for (let i = 0; Deno.statSync(mountpoint).size === 0; i++) {
      if (i > 500) throw new Error("qemu-storage-daemon exports nothing");
      await new Promise((done) => setTimeout(done, 10));
    }
    const device = bash(`losetup --find --show ${mountpoint}`, "/").trim();
    return {
      device,
      file,
      mark: () => Deno.copyFileSync(file, `${file}.marked`),
      stop: async () => {
        bash(`losetup --detach ${device}`, "/");
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Read a log: a superblock, then entries, each a sector of words and its data. */
export function readBlockLog(file: string): BlockLog {
  const marked = parse(Deno.readFileSync(`${file}.marked`));
  return { file, entries: parse(Deno.readFileSync(file)), end: marked.length };
}

function parse(bytes: Uint8Array<ArrayBuffer>): LogEntry[] {
  const view = new DataView(bytes.buffer);
  const word = (at: number) => Number(view.getBigUint64(at, true));
  if (bytes.length < SECTOR || view.getBigUint64(0, true) !== 0x6a736677736872n) {
    throw new Error("Cannot read the log of writes: it has no superblock");
  }
  const size = view.getUint32(24, true);
  const entries: LogEntry[] = [];
  // The count in the superblock is written late: what counts is what is there.
  for (let at = size; at + size <= bytes.length;) {
    const [sector, sectors, flags] = [word(at), word(at + 8), word(at + 16)];
    const isDiscard = (flags & FLAGS.discard) !== 0;
    const length = sectors * size;
    if (sectors === 0 && flags === 0) break;
    const isFlush = (flags & FLAGS.flush) !== 0;
    entries.push({ at: sector * size, length, data: at + size, isFlush, isDiscard });
    at += size + (isDiscard ? 0 : length);
  }
  return entries;
}

/** Write some of a log's requests to an image. */
export function appendTo(image: string, { file, entries }: BlockLog, which: number[]): void {
  using log = Deno.openSync(file);
  using disk = Deno.openSync(image, { write: true });
  for (const i of which) {
    const { at, length, data, isDiscard } = entries[i]!;
    if (length === 0) continue;
    const bytes = new Uint8Array(length);
    log.seekSync(data, Deno.SeekMode.Start);
    // A discard of qemu reads as zeros.
    for (let n = 0; !isDiscard && n < length;) {
      const read = log.readSync(bytes.subarray(n));
      if (read === null) throw new Error("The log of writes is cut off");
      n += read;
    }
    disk.seekSync(at, Deno.SeekMode.Start);
    for (let n = 0; n < length;) n += disk.writeSync(bytes.subarray(n));
  }
}
